import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const SCHEMA = 'test/kubernetes/schemas/skaffold-v4beta14.json';
const schema = JSON.parse(read(SCHEMA)) as object;
/** SHA-256 of v4beta13 in skaffold v2.16.1 as one line of JSON; Go's checksum database lists that version. */
const V4BETA13 = '7a01ecd44648fb1f05c49746ca7101471f2a49f929d71b00744e6415bbbfd4ac';
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
  profiles: {
    name: string;
    deploy?: Deploy;
    manifests?: { kustomize?: { paths: string[] } };
    patches?: { op: string; path: string }[];
  }[];
}

describe('skaffold.yaml', () => {
  const config = parse(read('skaffold.yaml'), { merge: true }) as Config;
  const releases = [config, ...config.profiles].flatMap(({ deploy }) => deploy?.helm?.releases ?? []);

  test('is valid against the JSON schema of v4beta14', () => {
    validate(config);
    expect(validate.errors).toBeNull();
  });

  test('that schema is the verified v4beta13 with one more option', () => {
    const own = JSON.parse(read(SCHEMA)) as {
      definitions: { BuildpackArtifact: { properties: Record<string, unknown>; preferredOrder: string[] } };
    };
    const { properties, preferredOrder } = own.definitions.BuildpackArtifact;
    delete properties.buildArgs;
    preferredOrder.splice(preferredOrder.indexOf('buildArgs'), 1);
    expect(createHash('sha256').update(JSON.stringify(own)).digest('hex')).toBe(V4BETA13);
  });

  test('a misspelled field is invalid', () => {
    expect(validate({ ...config, profile: [] })).toBe(false);
  });

  test('the profile kustomize installs no Helm release', () => {
    const profile = config.profiles.find(({ name }) => name === 'kustomize');
    expect(profile?.patches).toEqual([{ op: 'remove', path: '/deploy/helm' }]);
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

  test('names existing charts, values and kustomizations', () => {
    const paths = [
      ...releases.flatMap(({ chartPath, valuesFiles }) => [`${chartPath}/Chart.yaml`, ...valuesFiles]),
      ...config.profiles
        .flatMap(({ manifests }) => manifests?.kustomize?.paths ?? [])
        .map((path) => `${path}/kustomization.yaml`),
    ];
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('passes every built image to the chart', () => {
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
