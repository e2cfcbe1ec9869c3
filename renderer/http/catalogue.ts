import type { FastifyPluginCallback } from 'fastify';
import { listResources, type Catalogue } from '../catalogue/catalogue.ts';
import { taskKeysSchema } from '../compose/render-task.ts';
import type { Thumbnails } from '../compose/thumbnails.ts';
import { TaskError } from '../print/document.ts';

export interface CatalogueRoutesOptions {
  catalogue: Catalogue;
  thumbnails: Thumbnails;
}

interface Named {
  Params: { slug: string };
}

/**
 * The catalogue: `GET /catalogue` lists the resources with their options and the addresses of their thumbnails, and
 * describes the keys that every task has; `GET /catalogue/SLUG` returns one of them, `GET /catalogue/SLUG/thumbnail` its thumbnail.
 */
export const catalogueRoutes: FastifyPluginCallback<CatalogueRoutesOptions> = (app, options, done) => {
  const { catalogue, thumbnails } = options;
  const list = async () =>
    (await listResources(catalogue)).map((resource) =>
      'fault' in resource
        ? resource
        : {
            ...resource,
            thumbnail: `${app.prefix}/catalogue/${encodeURIComponent(resource.slug)}/thumbnail`,
          },
    );
  const missing = (slug: string) => ({ status: 'error', reasons: [`Resource ${slug} not found.`] });

  app.get('/catalogue', async () => ({ task: taskKeysSchema, resources: await list() }));
  app.get<Named>('/catalogue/:slug', async ({ params: { slug } }, reply) => {
    const found = (await list()).find((resource) => resource.slug === slug);
    return found ?? reply.code(404).send(missing(slug));
  });
  app.get<Named>('/catalogue/:slug/thumbnail', async ({ params: { slug } }, reply) => {
    try {
      const picture = await thumbnails.of(slug);
      if (!picture) return await reply.code(404).send(missing(slug));
      // A user's picture may be SVG: opened by itself, it must not run scripts in this origin.
      return await reply
        .type(picture.contentType)
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'max-age=60')
        .send(picture.body);
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      return reply.code(422).send({ status: 'error', reasons: [error.message] });
    }
  });
  done();
};
