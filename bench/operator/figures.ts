import { request } from 'undici';

/** The metrics of a process under /metrics, summed by name. */
export async function figuresOf(url: string): Promise<Map<string, number>> {
  const response = await request(`${url}/metrics`);
  const figures = new Map<string, number>();
  for (const line of (await response.body.text()).split('\n')) {
    const [, name, value] = /^([a-z_]+)(?:\{.*\})? ([-+.\de]+)$/.exec(line) ?? [];
    if (name !== undefined) figures.set(name, (figures.get(name) ?? 0) + Number(value));
  }
  return figures;
}
