import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from './cluster.ts';
import { eventually } from '../eventually.ts';
import { freePort, Program } from '../processes.ts';

/** One request in the API server's audit log. */
export interface AuditEvent {
  verb: string;
  user: { username: string };
  userAgent?: string;
  objectRef?: {
    resource: string;
    subresource?: string;
    apiGroup?: string;
    namespace?: string;
    name?: string;
  };
  responseStatus?: { code: number };
  requestReceivedTimestamp: string;
}

/** Omits the requests of the control plane itself, which are most of all requests. */
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [
    { level: 'None', users: ['system:apiserver'] },
    { level: 'None', userGroups: ['system:nodes'] },
    { level: 'Metadata' },
  ],
};

const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
export type ControlPlaneProgram = (typeof PROGRAMS)[number];

/** Time for the API server to start, in milliseconds; a busy machine may need most of it. */
const START_MS = 180_000;

/** Whether the machine has all programs of a control plane. */
export function hasControlPlane(assets = process.env.KUBEBUILDER_ASSETS): boolean {
  return assets !== undefined && PROGRAMS.every((name) => existsSync(join(assets, name)));
}

/**
 * A control plane from KUBEBUILDER_ASSETS: etcd, the API server and, if present, the controller manager and the scheduler.
 * Tests can stop and start its programs and read the API server's audit log. They must close it.
 */
export class ControlPlane extends Cluster {
  readonly folder: string;
  readonly etcdUrl: string;
  readonly #programs: Map<string, Program>;

  private constructor(folder: string, kubeconfig: string, etcdUrl: string, programs: Map<string, Program>) {
    super(kubeconfig);
    this.folder = folder;
    this.etcdUrl = etcdUrl;
    this.#programs = programs;
  }

  static async boot(): Promise<ControlPlane> {
    const assets = process.env.KUBEBUILDER_ASSETS ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'renderfleet-control-plane-'));
    const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()];
    const etcdUrl = `http://127.0.0.1:${etcdPort}`;
    const server = `https://127.0.0.1:${apiPort}`;
    const kubeconfig = writeCredentials(folder, server);
    const argumentsOf: Record<ControlPlaneProgram, string[]> = {
      etcd: etcdArguments(folder, etcdUrl, `http://127.0.0.1:${peerPort}`),
      'kube-apiserver': apiServerArguments(folder, etcdUrl, apiPort),
      'kube-controller-manager': [
        ...['--kubeconfig', kubeconfig, '--leader-elect=false', '--secure-port=0'],
        ...['--use-service-account-credentials', '--kube-api-qps=500', '--kube-api-burst=1000'],
        ...['--service-account-private-key-file', join(folder, 'sa.key')],
      ],
      'kube-scheduler': ['--kubeconfig', kubeconfig, '--leader-elect=false', '--secure-port=0'],
    };
    const programs = new Map(
      PROGRAMS.filter((name) => existsSync(join(assets, name))).map((name) => [
        name as string,
        new Program(join(assets, name), argumentsOf[name], folder),
      ]),
    );
    const plane = new ControlPlane(folder, kubeconfig, etcdUrl, programs);
    try {
      plane.start('etcd');
      plane.start('kube-apiserver');
      await plane.untilReady();
      // These exit immediately without an API server.
      for (const program of programs.values()) program.start();
    } catch (error) {
      await plane.close();
      throw error;
    }
    return plane;
  }

  /** Waits until the API server is ready. */
  async untilReady(): Promise<void> {
    await eventually(
      () => {
        const { code, stderr } = this.kubectl(['get', '--raw', '/readyz']);
        if (code !== 0) throw new Error(stderr);
      },
      { timeoutMs: START_MS, everyMs: 100 },
    );
  }

  async stop(name: ControlPlaneProgram): Promise<void> {
    await this.#programs.get(name)?.stop();
  }

  start(name: ControlPlaneProgram): void {
    this.#programs.get(name)?.start();
  }

  /** The requests to the API server since its first start, in the order of the responses. */
  audit(): AuditEvent[] {
    return readFileSync(join(this.folder, 'audit.log'), 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as AuditEvent);
  }

  override async close(): Promise<void> {
    await super.close();
    for (const program of [...this.#programs.values()].reverse()) await program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function writeCredentials(folder: string, server: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const token = randomBytes(16).toString('hex');
  mkdirSync(join(folder, 'etcd'), { mode: 0o700 });
  writeFileSync(join(folder, 'sa.key'), privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'sa.pub'), publicKey);
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'audit-policy.json'), JSON.stringify(AUDIT_POLICY));
  const kubeconfig = join(folder, 'kubeconfig');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority': join(folder, 'apiserver.crt') } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(content), { mode: 0o600 });
  return kubeconfig;
}

function etcdArguments(folder: string, url: string, peerUrl: string): string[] {
  return [
    ...['--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync', '--log-level', 'warn'],
    ...['--listen-client-urls', url, '--advertise-client-urls', url],
    ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
    ...['--initial-cluster', `default=${peerUrl}`],
  ];
}

function apiServerArguments(folder: string, etcdUrl: string, port: number): string[] {
  const file = (name: string) => join(folder, name);
  return [
    ...['--etcd-servers', etcdUrl, '--secure-port', String(port), '--bind-address', '127.0.0.1'],
    ...['--cert-dir', folder, '--token-auth-file', file('tokens.csv'), '--authorization-mode', 'RBAC'],
    ...['--service-account-issuer', 'https://kubernetes.default.svc'],
    ...['--service-account-key-file', file('sa.pub'), '--service-account-signing-key-file', file('sa.key')],
    ...['--service-cluster-ip-range', '10.96.0.0/16', '--endpoint-reconciler-type', 'none'],
    ...['--audit-policy-file', file('audit-policy.json'), '--audit-log-path', file('audit.log')],
  ];
}
