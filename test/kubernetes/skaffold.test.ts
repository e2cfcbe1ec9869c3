import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const schema = JSON.parse(read('test/kubernetes/schemas/skaffold-v4beta14.json')) as object;
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

interface Release {
  chartPath: string;
  valuesFiles: string[];
  setValueTemplates: Record<string, string>;
}
interface Deploy {
  helm?: { releases: Release[] };
}
interface Config {
  build: { artifacts: { image: string; docker: { target: string }; sync?: { manual: { src: string }[] } }[] };
  deploy: Deploy;
  profiles: { name: string; deploy?: Deploy; manifests?: { kustomize?: { paths: string[] } } }[];
}

describe('skaffold.yaml', () => {
  const config = parse(read('skaffold.yaml'), { merge: true }) as Config;
  const releases = [config, ...config.profiles].flatMap(({ deploy }) => deploy?.helm?.releases ?? []);

  test('is valid against the JSON schema of v4beta14', () => {
    validate(config);
    expect(validate.errors).toBeNull();
  });

  test('a misspelled field is not', () => {
    expect(validate({ ...config, profile: [] })).toBe(false);
  });

  test('builds every service from a target of the Dockerfile', () => {
    const targets = [...read('Dockerfile').matchAll(/ AS (\S+)/g)].map(([, target]) => target);
    const built = config.build.artifacts.map(({ docker }) => docker.target);
    expect(built.toSorted()).toEqual(['operator', 'queue', 'renderer']);
    expect(targets).toEqual(expect.arrayContaining(built));
  });

  test('syncs templates and art into the renderer', () => {
    const renderer = config.build.artifacts.find(({ image }) => image.endsWith('renderer'));
    expect(renderer?.sync?.manual.map(({ src }) => src)).toEqual(['static/**/*']);
  });

  test('names charts, values and kustomizations that there are', () => {
    const paths = [
      ...releases.flatMap(({ chartPath, valuesFiles }) => [`${chartPath}/Chart.yaml`, ...valuesFiles]),
      ...config.profiles
        .flatMap(({ manifests }) => manifests?.kustomize?.paths ?? [])
        .map((path) => `${path}/kustomization.yaml`),
    ];
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('gives every built image to the chart', () => {
    const values = parse(read('charts/renderfleet/values.yaml')) as Record<string, { image?: object }>;
    for (const { setValueTemplates } of releases) {
      for (const { image } of config.build.artifacts) {
        const service = image.split('/')[1] ?? '';
        expect(values[service]?.image).toHaveProperty('repository');
        const name = image.replaceAll(/[/.:-]/g, '_');
        expect(setValueTemplates[`${service}.image.repository`]).toBe(`{{.IMAGE_REPO_${name}}}`);
        expect(setValueTemplates[`${service}.image.tag`]).toBe(`{{.IMAGE_TAG_${name}}}`);
      }
    }
  });
});
