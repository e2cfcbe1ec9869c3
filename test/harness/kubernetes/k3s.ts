import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { Cluster } from './cluster.ts';

const IMAGE = 'rancher/k3s:v1.34.1-k3s1';
const PORT = 6443;
const KUBECONFIG = '/etc/rancher/k3s/k3s.yaml';

/** K3s in a container, for machines with Docker but without the programs of a control plane. */
class K3s extends Cluster {
  readonly #container: StartedTestContainer;
  readonly #folder: string;

  constructor(kubeconfig: string, folder: string, container: StartedTestContainer) {
    super(kubeconfig);
    this.#folder = folder;
    this.#container = container;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#container.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Starts K3s. The first time, it pulls the image. */
export async function startK3s(): Promise<Cluster> {
  const container = await new GenericContainer(IMAGE)
    .withCommand(['server', '--disable=traefik,metrics-server,servicelb', '--tls-san=127.0.0.1'])
    .withPrivilegedMode()
    .withExposedPorts(PORT)
    .withTmpFs({ '/run': 'rw', '/var/run': 'rw' })
    .withWaitStrategy(Wait.forLogMessage(/.*Node controller sync successful.*/))
    .start();
  const { output } = await container.exec(['cat', KUBECONFIG]);
  const server = `https://${container.getHost()}:${container.getMappedPort(PORT)}`;
  const folder = mkdtempSync(join(tmpdir(), 'renderfleet-k3s-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, output.replace(/https:\/\/127\.0\.0\.1:6443/, server), { mode: 0o600 });
  return new K3s(kubeconfig, folder, container);
}
