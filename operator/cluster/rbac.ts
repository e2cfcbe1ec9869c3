import { stringify } from 'yaml';
import { GROUP, PLURAL } from '../api/render-pool.ts';

/** One rule of a Role, as rbac.authorization.k8s.io/v1 has it. */
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

/** What keeping an object takes; server-side apply creates what is not there, and needs to be allowed to. */
const KEEP = ['get', 'list', 'watch', 'create', 'patch'];

/**
 * What the operator may do where its pools are, in a ClusterRole or in a Role of each namespace. Exactly what it does:
 * a test compares this with the requests that the API server saw.
 */
export const POOL_RULES: PolicyRule[] = [
  rule(GROUP, [PLURAL], ['list', 'watch']),
  rule(GROUP, [`${PLURAL}/status`], ['patch']),
  rule('apps', ['deployments'], KEEP),
  rule('apps', ['deployments/scale'], ['patch']),
  rule('', ['serviceaccounts', 'services'], KEEP),
  rule('policy', ['poddisruptionbudgets'], KEEP),
  rule('networking.k8s.io', ['networkpolicies'], [...KEEP, 'delete']),
  // To take the idle pods of a fleet that shrinks first.
  rule('', ['pods'], ['list', 'patch']),
  // The token of a queue, by the name that a pool gives.
  rule('', ['secrets'], ['get']),
  rule('events.k8s.io', ['events'], ['create', 'patch']),
];

/** What the operator may do in its own namespace, to take turns with others of its kind. */
export const LEADER_RULES: PolicyRule[] = [
  rule('coordination.k8s.io', ['leases'], ['get', 'create', 'update']),
];

/** Both sets of rules as a file for the chart. */
export function operatorRulesYaml(): string {
  return stringify(
    { pools: POOL_RULES, leader: LEADER_RULES },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
