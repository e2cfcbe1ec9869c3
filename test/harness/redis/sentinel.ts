import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { tlsOptions, type Certificates } from './certificates.ts';
import { eventually } from '../eventually.ts';
import { freePort, Program } from '../processes.ts';
import { RedisProcess } from './redis.ts';

/** A primary, its replica and a Sentinel that makes the replica the primary two seconds after that has died. */
export class SentinelGroup {
  readonly primary: RedisProcess;
  /** Where clients find the Sentinel: its TLS port when there are certificates. */
  readonly port: number;
  readonly #replica: RedisProcess;
  readonly #sentinel: Program;
  readonly #folder: string;

  private constructor(parts: {
    primary: RedisProcess;
    replica: RedisProcess;
    sentinel: Program;
    folder: string;
    port: number;
  }) {
    this.primary = parts.primary;
    this.#replica = parts.replica;
    this.#sentinel = parts.sentinel;
    this.#folder = parts.folder;
    this.port = parts.port;
  }

  /** @param certificates given: clients, replica and Sentinel are served over TLS. Fulfilled when the replica is in step. */
  static async start(certificates?: Certificates): Promise<SentinelGroup> {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-'));
    const tls = (port: number) =>
      certificates ? [...tlsOptions(certificates, port), '--tls-replication', 'yes'] : [];
    const [primaryTls, replicaTls, plainPort, tlsPort] = await freePorts();
    const primary = await RedisProcess.start(tls(primaryTls));
    const served = certificates ? primaryTls : primary.port;
    const replica = await RedisProcess.start([
      '--replicaof',
      '127.0.0.1',
      String(served),
      ...tls(replicaTls),
    ]);
    const configuration = join(folder, 'sentinel.conf');
    const lines = [
      `sentinel monitor mymaster 127.0.0.1 ${served} 1`,
      'sentinel down-after-milliseconds mymaster 2000',
      'sentinel failover-timeout mymaster 5000',
    ];
    await writeFile(configuration, lines.join('\n'));
    const listen = ['--bind', '127.0.0.1', '--port', String(plainPort), ...tls(tlsPort)];
    const sentinel = new Program('redis-server', [configuration, '--sentinel', ...listen], folder);
    sentinel.start();
    await untilInStep(plainPort);
    return new SentinelGroup({
      primary,
      replica,
      sentinel,
      folder,
      port: certificates ? tlsPort : plainPort,
    });
  }

  /** Waits until what the primary was told is with the replica. */
  async replicated(): Promise<void> {
    const redis = new Redis(this.primary.port, '127.0.0.1');
    try {
      if ((await redis.wait(1, 10_000)) < 1) throw new Error('the replica does not follow');
    } finally {
      redis.disconnect();
    }
  }

  /** Waits until the first primary, started again, follows the new one. */
  async untilFollowing(): Promise<void> {
    const redis = new Redis(this.primary.port, '127.0.0.1');
    try {
      await eventually(async () => {
        const replication = await redis.info('replication');
        if (!/role:slave[^]*master_link_status:up/.test(replication)) throw new Error(replication);
      });
    } finally {
      redis.disconnect();
    }
  }

  async stop(): Promise<void> {
    await this.#sentinel.stop('SIGKILL');
    await this.#replica.stop();
    await this.primary.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePorts(): Promise<[number, number, number, number]> {
  return [await freePort(), await freePort(), await freePort(), await freePort()];
}

async function untilInStep(port: number): Promise<void> {
  const sentinel = new Redis({ port, retryStrategy: () => 50, maxRetriesPerRequest: null });
  sentinel.on('error', () => undefined);
  try {
    await eventually(async () => {
      const replicas = JSON.stringify(await sentinel.call('SENTINEL', 'REPLICAS', 'mymaster'));
      if (!/master-link-status[":, ]*ok/.test(replicas)) throw new Error(`not in step: ${replicas}`);
    });
  } finally {
    sentinel.disconnect();
  }
}
