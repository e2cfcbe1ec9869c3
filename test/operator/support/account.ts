import { APPLY } from '../../../operator/cluster/api-client.ts';
import { LEADER_RULES, POOL_RULES, type PolicyRule } from '../../../operator/cluster/rbac.ts';
import type { Cluster } from '../../harness/kubernetes/cluster.ts';

/** A service account with the rights of an operator, and a token. */
export interface OperatorAccount {
  username: string;
  token: string;
}

const RBAC = 'rbac.authorization.k8s.io';

/** Creates the account in a namespace. `scope` applies to the rules for pools; those for leader election are namespaced. */
export async function operatorAccount(
  cluster: Cluster,
  namespace: string,
  scope: 'namespace' | 'cluster',
): Promise<OperatorAccount> {
  const put = async (path: string, object: object) =>
    cluster.api.request('PATCH', path, {
      body: object,
      contentType: APPLY,
      query: { fieldManager: 'tests' },
    });
  const root = `/apis/${RBAC}/v1`;
  const name = 'operator';
  await put(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}`, {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
  });
  const grant = async (role: string, rules: PolicyRule[], wide: boolean) => {
    const prefix = wide ? 'Cluster' : '';
    const path = wide ? root : `${root}/namespaces/${namespace}`;
    const kind = `${prefix}Role`;
    const metadata = { name: wide ? `${namespace}-${role}` : role };
    await put(`${path}/${kind.toLowerCase()}s/${metadata.name}`, {
      apiVersion: `${RBAC}/v1`,
      kind,
      metadata,
      rules,
    });
    await put(`${path}/${kind.toLowerCase()}bindings/${metadata.name}`, {
      ...{ apiVersion: `${RBAC}/v1`, kind: `${kind}Binding`, metadata },
      roleRef: { apiGroup: RBAC, kind, name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    });
  };
  await grant('pools', POOL_RULES, scope === 'cluster');
  await grant('leader', LEADER_RULES, false);
  const { status } = await cluster.api.request<{ status: { token: string } }>(
    'POST',
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    { body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [] } } },
  );
  return { username: `system:serviceaccount:${namespace}:${name}`, token: status.token };
}
