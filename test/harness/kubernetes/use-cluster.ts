import { afterAll, beforeAll } from '@jest/globals';
import { Cluster } from './cluster.ts';
import { ControlPlane, hasControlPlane } from './control-plane.ts';
import { startK3s } from './k3s.ts';

const START_MS = 300_000;

/**
 * A cluster with the RenderPool CRD for the tests of a `describe`: that of KUBECONFIG, else a control plane from
 * KUBEBUILDER_ASSETS, else K3s in a container.
 */
export function useCluster(): () => Cluster {
  return use(async () => {
    if (process.env.KUBECONFIG) return new Cluster(process.env.KUBECONFIG);
    return hasControlPlane() ? ControlPlane.boot() : startK3s();
  });
}

/** A control plane whose programs the tests may stop. */
export function useControlPlane(): () => ControlPlane {
  return use(() => ControlPlane.boot());
}

function use<T extends Cluster>(start: () => Promise<T>): () => T {
  let cluster: T | undefined;
  beforeAll(async () => {
    cluster = await start();
    await cluster.installCrd();
  }, START_MS);
  afterAll(async () => {
    await cluster?.close();
  }, START_MS);
  return () => {
    if (!cluster) throw new Error('The cluster has not started');
    return cluster;
  };
}
