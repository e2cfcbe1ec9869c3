import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * One keep-alive connection that sends one request at a time, with so little work that the server is what is measured.
 * Responses must have a Content-Length or status 204.
 */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (body: Buffer) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
    socket.on('error', (error) => this.#waiting?.reject(error));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** The body of the response; rejects unless the status is 2xx. */
  request(method: string, path: string, body = ''): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      const type = body === '' ? '' : 'content-type: application/json\r\n';
      this.#socket.write(
        `${method} ${path} HTTP/1.1\r\nhost: bench\r\n${type}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return;
    const body = this.#received.subarray(end + 4, end + 4 + length);
    this.#received = Buffer.alloc(0);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (head.startsWith('HTTP/1.1 2')) waiting?.resolve(body);
    else waiting?.reject(new Error(`${head.split('\r\n', 1)[0] ?? ''} ${body.toString()}`));
  }
}

/** Repeats an operation on many connections at once for some time, or until it resolves to false. @returns operations per second */
export async function load(
  connections: readonly Connection[],
  milliseconds: number,
  once: (connection: Connection) => Promise<boolean>,
): Promise<number> {
  const start = performance.now();
  let end = start + milliseconds;
  const counts = await Promise.all(
    connections.map(async (connection) => {
      let count = 0;
      while (performance.now() < end) {
        if (await once(connection)) count += 1;
        else end = 0;
      }
      return count;
    }),
  );
  const sum = counts.reduce((total, count) => total + count, 0);
  return (sum / (performance.now() - start)) * 1000;
}
