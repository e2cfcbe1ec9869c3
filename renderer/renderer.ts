import type { RendererConfig } from './config.ts';
import { Fleet, type FleetDependencies, type FleetStatus } from './worker/daemon-pool.ts';
import { createLivenessApp } from './http/app.ts';
import type { CatalogueRoutesOptions } from './http/catalogue.ts';
import { untilDeadline } from '../service/deadline.ts';
import { name, version } from '../service/version.ts';

/** What the liveness server's last answers may take. */
const CLOSE_MILLISECONDS = 1000;

export interface RendererDependencies extends FleetDependencies {
  /** What can be rendered, for /catalogue. */
  catalogue?: CatalogueRoutesOptions;
}

/** A running renderer. */
export interface Renderer {
  /** Where its liveness server listens. */
  readonly url: string;
  readonly status: FleetStatus;
  /** Finishes what fits in the grace period, gives everything else back, and ends the liveness server last. It always ends. */
  stop(graceMilliseconds: number): Promise<void>;
}

/**
 * Runs the daemons and the liveness server.
 *
 * @throws Error when there is no browser or the port is taken; nothing is left running then.
 */
export async function startRenderer(
  config: RendererConfig,
  { catalogue, ...dependencies }: RendererDependencies,
): Promise<Renderer> {
  const { logger } = dependencies;
  const fleet = await Fleet.create(config, dependencies);
  const app = createLivenessApp({ fleet, ...{ name, version }, logger, catalogue });
  try {
    const url = await app.listen({ host: config.host, port: config.port });
    fleet.run();
    return {
      url,
      get status() {
        return fleet.status;
      },
      stop: async (graceMilliseconds) => {
        await fleet.stop(graceMilliseconds);
        await untilDeadline(app.close(), { milliseconds: CLOSE_MILLISECONDS }).catch((error: unknown) => {
          logger.error({ err: error }, 'the liveness server did not end in time');
        });
      },
    };
  } catch (error) {
    await fleet.stop(0);
    throw error;
  }
}
