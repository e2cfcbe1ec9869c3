import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** What finalizers release is only collected later. */
const COLLECTIONS = 4;
const PAUSE_MILLISECONDS = 300;

/**
 * Bytes that a Node process uses after full garbage collections, which it is told to do through its inspector on a port of
 * 127.0.0.1 (`--inspect=127.0.0.1:PORT`).
 */
export async function liveHeap(inspectorPort: number): Promise<number> {
  const signal = AbortSignal.timeout(30_000);
  const listed = await fetch(`http://127.0.0.1:${inspectorPort}/json/list`, { signal });
  const [{ webSocketDebuggerUrl }] = (await listed.json()) as [{ webSocketDebuggerUrl: string }];
  const socket = new WebSocket(webSocketDebuggerUrl);
  const ask = async (method: string): Promise<{ usedSize?: number }> => {
    const answered = once(socket, 'message', { signal });
    socket.send(JSON.stringify({ id: 1, method }));
    const [{ data }] = (await answered) as [{ data: string }];
    return (JSON.parse(data) as { result: { usedSize?: number } }).result;
  };
  try {
    await once(socket, 'open', { signal });
    for (let collection = 0; collection < COLLECTIONS; collection++) {
      await ask('HeapProfiler.collectGarbage');
      await sleep(PAUSE_MILLISECONDS);
    }
    return (await ask('Runtime.getHeapUsage')).usedSize ?? NaN;
  } finally {
    socket.close();
  }
}
