import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';
import { livenessRoutes, type LivenessRoutesOptions } from '../renderer/http/app.ts';
import { catalogueRoutes, type CatalogueRoutesOptions } from '../renderer/http/catalogue.ts';

export interface StandaloneRoutesOptions {
  liveness: LivenessRoutesOptions;
  catalogue: CatalogueRoutesOptions;
  /** Where documents too large for the queue are saved; undefined: elsewhere. */
  resultsDirectory: string | undefined;
}

/** The routes of `npm start` besides the queue's: saved documents, the catalogue and the renderers' status. */
export const standaloneRoutes: FastifyPluginAsync<StandaloneRoutesOptions> = async (app, options) => {
  const { liveness, catalogue, resultsDirectory } = options;
  const { name, version } = liveness;
  app.get('/', () => ({
    name,
    version,
    queue: '/api/taskqueue/v1beta2',
    openapi: '/openapi.json',
    catalogue: '/catalogue',
    renderer: '/renderer/status',
  }));
  await app.register(catalogueRoutes, catalogue);
  await app.register(livenessRoutes, { ...liveness, prefix: '/renderer' });
  if (resultsDirectory !== undefined) {
    await app.register(fastifyStatic, {
      root: resolve(resultsDirectory),
      prefix: '/results/',
      index: false,
      dotfiles: 'ignore',
      decorateReply: false,
    });
  }
};
