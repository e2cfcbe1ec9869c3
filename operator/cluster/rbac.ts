import { stringify } from 'yaml';
import { GROUP, PLURAL } from '../api/render-pool.ts';

/** One rule of a Role of rbac.authorization.k8s.io/v1. */
export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const rule = (group: string, resources: string[], verbs: string[]): PolicyRule => ({
  apiGroups: [group],
  resources,
  verbs,
});

/** The verbs to manage an object. Server-side apply needs create for a missing one. */
const MANAGE = ['get', 'list', 'watch', 'create', 'patch'];

/**
 * The operator's rights in the namespaces of its pools, for a ClusterRole or a Role per namespace. They are exactly what it
 * uses: a test compares them with the API server's audit log.
 */
export const POOL_RULES: PolicyRule[] = [
  rule(GROUP, [PLURAL], ['list', 'watch']),
  rule(GROUP, [`${PLURAL}/status`], ['patch']),
  rule('apps', ['deployments'], MANAGE),
  rule('apps', ['deployments/scale'], ['patch']),
  rule('', ['serviceaccounts', 'services'], MANAGE),
  rule('policy', ['poddisruptionbudgets'], MANAGE),
  rule('networking.k8s.io', ['networkpolicies'], [...MANAGE, 'delete']),
  // Scaling down deletes idle pods first.
  rule('', ['pods'], ['list', 'patch']),
  // The queue token that a pool names.
  rule('', ['secrets'], ['get']),
  rule('events.k8s.io', ['events'], ['create', 'patch']),
];

/** The operator's rights in its own namespace, for leader election. */
export const LEADER_RULES: PolicyRule[] = [
  rule('coordination.k8s.io', ['leases'], ['get', 'create', 'update']),
];

/** Both sets of rules as YAML, for the chart. */
export function operatorRulesYaml(): string {
  return stringify(
    { pools: POOL_RULES, leader: LEADER_RULES },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
