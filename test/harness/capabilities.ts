import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The programs of a control plane. */
const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'];

/** What a test may require of the machine, each with how to get it. */
const CAPABILITIES = {
  redis: {
    has: () => Boolean(process.env.REDIS_URL) || onPath('redis-server') || docker(),
    remedy: 'set REDIS_URL, install redis-server, or start Docker',
  },
  'redis-server': {
    has: () => onPath('redis-server'),
    remedy: 'install redis-server, which these tests kill and start again',
  },
  openssl: {
    has: () => onPath('openssl'),
    remedy: 'install openssl',
  },
  kubernetes: {
    has: () => Boolean(process.env.KUBECONFIG) || PROGRAMS.every(isAsset) || docker(),
    remedy: `set KUBECONFIG, or KUBEBUILDER_ASSETS to a folder with ${PROGRAMS.join(', ')}, or start Docker`,
  },
  'control-plane': {
    has: () => PROGRAMS.every(isAsset),
    remedy: `set KUBEBUILDER_ASSETS to a folder with ${PROGRAMS.join(', ')}`,
  },
  helm: {
    has: () => ['helm', 'kubectl', 'kubeconform', 'kube-score'].every(hasTool),
    remedy:
      'install helm, kubectl, kubeconform and kube-score, or set KUBEBUILDER_ASSETS to a folder with them',
  },
  python: {
    has: () => spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0,
    remedy: 'install python3 and python3-venv',
  },
  s3: {
    has: () => onPath('versitygw') || onPath('go'),
    remedy: 'install versitygw, or Go, which builds it',
  },
  poppler: {
    has: () => onPath('pdftotext') && onPath('pdftoppm'),
    remedy: 'install poppler-utils',
  },
} satisfies Record<string, { has: () => boolean; remedy: string }>;

export type Capability = keyof typeof CAPABILITIES;

const MISSING = 'RENDERFLEET_TEST_MISSING';

/** Probes the machine once, before any test runs; the workers read the answer from their environment. */
export function probeCapabilities(): void {
  const missing = Object.entries(CAPABILITIES).filter(([, { has }]) => !has());
  process.env[MISSING] = missing.map(([name]) => name).join(',');
}

/** The capabilities that this machine lacks, each with its remedy. */
export function missingCapabilities(): { name: Capability; remedy: string }[] {
  const names = (process.env[MISSING] ?? '').split(',').filter(Boolean) as Capability[];
  return names.map((name) => ({ name, remedy: CAPABILITIES[name].remedy }));
}

/** Whether a program is on the PATH. */
export function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}

function hasTool(name: string): boolean {
  return onPath(name) || isAsset(name);
}

function isAsset(name: string): boolean {
  return existsSync(join(process.env.KUBEBUILDER_ASSETS ?? '', name));
}

function docker(): boolean {
  return onPath('docker') && spawnSync('docker', ['info'], { timeout: 5000 }).status === 0;
}
