import { untilDeadline } from '../service/deadline.ts';
import { name, version } from '../service/version.ts';
import type { RendererConfig } from './config.ts';
import { createLivenessApp } from './http/app.ts';
import type { CatalogueRoutesOptions } from './http/catalogue.ts';
import { DaemonPool, type PoolDependencies, type PoolStatus } from './worker/daemon-pool.ts';

/** How long the liveness server may take to send its last answers. */
const CLOSE_MILLISECONDS = 1000;

export interface RendererDependencies extends PoolDependencies {
  /** Without it, /catalogue is not served. */
  catalogue?: CatalogueRoutesOptions;
}

/** A running renderer. */
export interface Renderer {
  /** Address of its liveness server. */
  readonly url: string;
  readonly status: PoolStatus;
  /** Finishes what fits in the grace period, releases everything else, and stops the liveness server last. Always resolves. */
  stop(graceMilliseconds: number): Promise<void>;
}

/**
 * Runs the daemons and the liveness server.
 *
 * @throws Error when no browser is found or the port is taken; nothing is left running then
 */
export async function startRenderer(
  config: RendererConfig,
  { catalogue, ...dependencies }: RendererDependencies,
): Promise<Renderer> {
  const { logger } = dependencies;
  const pool = await DaemonPool.create(config, dependencies);
  const app = createLivenessApp({ pool, name, version, logger, catalogue });
  try {
    const url = await app.listen({ host: config.host, port: config.port });
    pool.run();
    return {
      url,
      get status() {
        return pool.status;
      },
      stop: async (graceMilliseconds) => {
        await pool.stop(graceMilliseconds);
        await untilDeadline(app.close(), { milliseconds: CLOSE_MILLISECONDS }).catch((error: unknown) => {
          logger.error({ err: error }, 'the liveness server did not stop in time');
        });
      },
    };
  } catch (error) {
    await pool.stop(0);
    throw error;
  }
}
