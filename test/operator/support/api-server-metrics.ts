import { request } from 'undici';
import type { Cluster } from '../../harness/kubernetes/cluster.ts';

const REQUESTS = /^apiserver_request_total\{(.*)\} (\d+(?:\.\d+)?(?:e\+\d+)?)$/;
const WRITE_VERBS = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION']);

/** The API server's own metrics, as text. */
async function apiServerMetrics(cluster: Cluster): Promise<string> {
  const connection = cluster.connection();
  const { headers, dispatcher } = await connection.credentials();
  const response = await request(connection.urlOf('/metrics'), {
    headers,
    ...(dispatcher && { dispatcher }),
  });
  const text = await response.body.text();
  await connection.close();
  return text;
}

/** Requests to the API server by verb and resource since its start. */
export async function requestsOf(
  cluster: Cluster,
): Promise<{ verb: string; resource: string; count: number }[]> {
  const label = (labels: string, name: string) =>
    new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
  return (await apiServerMetrics(cluster)).split('\n').flatMap((line) => {
    const [, labels, count] = REQUESTS.exec(line) ?? [];
    if (labels === undefined) return [];
    return [{ verb: label(labels, 'verb'), resource: label(labels, 'resource'), count: Number(count) }];
  });
}

/** The number of writes to some resources, by any client. */
export async function writesOf(cluster: Cluster, resources: string[]): Promise<number> {
  return (await requestsOf(cluster))
    .filter(({ verb, resource }) => WRITE_VERBS.has(verb) && resources.includes(resource))
    .reduce((sum, { count }) => sum + count, 0);
}
