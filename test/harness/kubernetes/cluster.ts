import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ApiClient, APPLY } from '../../../operator/cluster/api-client.ts';
import { KeptAliveKubeConfig } from '../../../operator/cluster/connection.ts';
import { parse } from 'yaml';
import { eventually } from '../eventually.ts';

const CRD = join(import.meta.dirname, '../../../k8s/crd/renderfleet.dev_renderpools.yaml');
const CRD_PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/renderpools.renderfleet.dev';

export interface KubectlResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A Kubernetes cluster for tests, which act as its administrator. */
export class Cluster {
  readonly kubeconfig: string;
  readonly #connections: KeptAliveKubeConfig[] = [];
  #api: ApiClient | undefined;

  constructor(kubeconfig: string) {
    this.kubeconfig = kubeconfig;
  }

  /** Requests as the administrator. */
  get api(): ApiClient {
    this.#api ??= new ApiClient({
      connection: this.connection(),
      userAgent: 'tests',
      concurrency: 32,
      timeoutMs: 60_000,
    });
    return this.#api;
  }

  /** A separate connection, as the administrator or with another account's token. It is closed with the cluster. */
  connection(token?: string): KeptAliveKubeConfig {
    const connection = new KeptAliveKubeConfig();
    connection.loadFromFile(this.kubeconfig);
    if (token !== undefined) {
      connection.users = connection.users.map(({ name }) => ({ name, token }));
    }
    this.#connections.push(connection);
    return connection;
  }

  /** Runs kubectl and waits for it. */
  kubectl(args: string[], input?: string): KubectlResult {
    const path = [process.env.KUBEBUILDER_ASSETS, process.env.PATH].filter(Boolean).join(delimiter);
    const env = { ...process.env, PATH: path, KUBECONFIG: this.kubeconfig };
    const { status, stdout, stderr } = spawnSync('kubectl', args, {
      env,
      input,
      encoding: 'utf8',
      timeout: 120_000,
    });
    return { code: status, stdout, stderr };
  }

  /** Installs the CRD, and waits until the API server serves RenderPools. */
  async installCrd(): Promise<void> {
    const body = readFileSync(CRD, 'utf8');
    await this.api.request('PATCH', CRD_PATH, {
      body: parse(body) as unknown,
      contentType: APPLY,
      query: { fieldManager: 'tests', force: true },
    });
    const path = '/apis/renderfleet.dev/v1alpha1/renderpools';
    await eventually(() => this.api.request('GET', path));
  }

  /** Creates a namespace and returns its name. */
  async namespace(labels: Record<string, string> = {}): Promise<string> {
    const name = `test-${randomBytes(4).toString('hex')}`;
    await this.api.request('POST', '/api/v1/namespaces', { body: { metadata: { name, labels } } });
    return name;
  }

  async close(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }
}
