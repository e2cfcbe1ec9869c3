/** A valid queue. */
export const QUEUE = { url: 'http://queue.example:8080' };

/** Specs that kubectl apply must refuse: what is wrong, the spec, and a pattern of the message. */
export const WRONG_SPECS: [string, object, string][] = [
  [
    'two queues',
    { queue: { ...QUEUE, service: { name: 'queue' } } },
    'spec.queue: .*exactly one queue: either service or url',
  ],
  ['no queue', { queue: {} }, 'spec.queue: .*exactly one queue'],
  ['nothing at all', {}, 'spec.queue: Required value'],
  [
    'an invalid address',
    { queue: { url: 'ftp://queue' } },
    'spec.queue.url: .*must be a URL such as http://',
  ],
  [
    'a minimum over the maximum',
    { queue: QUEUE, scaling: { minReplicas: 5, maxReplicas: 2 } },
    'minReplicas must be at most maxReplicas',
  ],
  [
    'a minimum over the default maximum',
    { queue: QUEUE, scaling: { minReplicas: 11 } },
    'minReplicas must be at most maxReplicas',
  ],
  [
    'a fallback over the maximum',
    { queue: QUEUE, scaling: { fallbackReplicas: 11 } },
    'fallbackReplicas must be at most maxReplicas',
  ],
  [
    'two targets',
    { queue: QUEUE, scaling: { targetBacklogPerDaemon: 1, targetDrainSeconds: 1 } },
    'at most one of targetBacklogPerDaemon and targetDrainSeconds',
  ],
  [
    'a negative number',
    { queue: QUEUE, scaling: { minReplicas: -1 } },
    'spec.scaling.minReplicas: .*greater than or equal to 0',
  ],
  [
    'more replicas than the maximum',
    { queue: QUEUE, replicas: 11 },
    'replicas must be at most scaling.maxReplicas',
  ],
  [
    'a word for a number',
    { queue: QUEUE, renderer: { daemons: 'two' } },
    'spec.renderer.daemons: .*must be of type integer',
  ],
  [
    'a misspelt field',
    { queue: QUEUE, scaling: { maxReplica: 3 } },
    'unknown field "spec.scaling.maxReplica"',
  ],
  [
    'an invalid quantity',
    { queue: QUEUE, renderer: { resources: { limits: { memory: 'lots' } } } },
    'must be a quantity such as 500m, 2 or 1Gi',
  ],
  [
    'a variable without a value',
    { queue: QUEUE, renderer: { env: [{ name: 'A' }] } },
    'exactly one of value and valueFrom',
  ],
  [
    'a variable that separates pods from their queue',
    { queue: QUEUE, renderer: { env: [{ name: 'QUEUE_NAME', value: 'other' }] } },
    'QUEUE_NAME, PORT are reserved: the operator sets them, and spec.queue chooses the queue',
  ],
  [
    'the same variable twice',
    {
      queue: QUEUE,
      renderer: {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
    },
    'Duplicate value',
  ],
  [
    'root',
    { queue: QUEUE, renderer: { securityContext: { runAsUser: 0 } } },
    'runAsUser: .*greater than or equal to 1',
  ],
  [
    'no seccomp',
    { queue: QUEUE, renderer: { securityContext: { seccompProfile: { type: 'Unconfined' } } } },
    'supported values: "RuntimeDefault", "Localhost"',
  ],
  [
    'a profile without a file',
    { queue: QUEUE, renderer: { securityContext: { seccompProfile: { type: 'Localhost' } } } },
    'type Localhost requires localhostProfile',
  ],
  [
    'two storages',
    {
      queue: QUEUE,
      renderer: { resultStorage: { s3: { bucket: 'b' }, persistentVolumeClaim: { claimName: 'c' } } },
    },
    'exactly one of s3 and persistentVolumeClaim',
  ],
  [
    'a folder without a source',
    { queue: QUEUE, renderer: { staticVolumes: [{ name: 'mine' }] } },
    'exactly one of configMap and persistentVolumeClaim',
  ],
  [
    'a fraction of a pod',
    { queue: QUEUE, scaling: { maxReplicas: 1.5 } },
    'spec.scaling.maxReplicas: .*must be of type integer',
  ],
  ['a word for a boolean', { queue: QUEUE, paused: 'perhaps' }, 'spec.paused: .*must be of type boolean'],
  ['no grace period', { queue: QUEUE, renderer: { gracePeriodSeconds: 0 } }, 'greater than or equal to 5'],
  [
    'an invalid queue name',
    { queue: { ...QUEUE, taskQueue: 'a b' } },
    'spec.queue.taskQueue: .*must be letters, digits, _ and -',
  ],
  [
    'an invalid variable name',
    { queue: QUEUE, renderer: { env: [{ name: '1-A', value: 'x' }] } },
    'name: .*must be letters, digits and _',
  ],
  [
    'requests over limits',
    { queue: QUEUE, renderer: { resources: { requests: { memory: '2Gi' } } } },
    'requests.memory must be at most limits.memory',
  ],
  [
    'an invalid label value',
    { queue: QUEUE, renderer: { labels: { team: 'a b' } } },
    'spec.renderer.labels.team.: .*must be letters, digits, -, _ and .',
  ],
  [
    'an invalid label key',
    { queue: QUEUE, renderer: { nodeSelector: { 'a b': 'x' } } },
    'spec.renderer.nodeSelector: .*keys must be at most 63 letters',
  ],
  [
    'a toleration without a key',
    { queue: QUEUE, renderer: { tolerations: [{ effect: 'NoSchedule' }] } },
    'without a key tolerates every taint and needs operator Exists',
  ],
  [
    'a toleration with an unknown operator',
    { queue: QUEUE, renderer: { tolerations: [{ operator: 'Sometimes' }] } },
    'supported values: "Exists", "Equal"',
  ],
  [
    'a misspelt affinity',
    { queue: QUEUE, renderer: { affinity: { nodeAffinitty: {} } } },
    'unknown field "spec.renderer.affinity.nodeAffinitty"',
  ],
  [
    'an affinity without a topology',
    {
      queue: QUEUE,
      renderer: {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } },
      },
    },
    'topologyKey: Required value',
  ],
  [
    'a spread without a topology',
    { queue: QUEUE, renderer: { topologySpreadConstraints: [{ maxSkew: 0 }] } },
    'topologyKey: Required value',
  ],
  [
    'egress to an invalid range',
    {
      queue: QUEUE,
      renderer: { networkPolicy: { extraEgress: [{ to: [{ ipBlock: { cidr: '10.0.0.0' } }] }] } },
    },
    'cidr: .*must be a range of addresses such as 10.0.0.0/8',
  ],
  [
    'an image with a space',
    { queue: QUEUE, renderer: { image: 'a b' } },
    'spec.renderer.image: .*must be an image reference without spaces',
  ],
  [
    'no time for a task',
    { queue: QUEUE, scaling: { secondsPerTask: 0 } },
    'secondsPerTask: .*must be at least 0.001',
  ],
  ['an invalid port', { queue: { url: 'http://queue:99999' } }, 'port must be a number from 0 to'],
  [
    'an invalid volume name',
    { queue: QUEUE, renderer: { staticVolumes: [{ name: 'a'.repeat(57), configMap: { name: 'c' } }] } },
    'name: Too long: may not be more than 56',
  ],
  [
    'a profile outside its folder',
    {
      queue: QUEUE,
      renderer: { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: '../x' } } },
    },
    'localhostProfile: .*below the kubelet',
  ],
  [
    'a toleration of an impossible taint',
    { queue: QUEUE, renderer: { tolerations: [{ key: 'a', value: 'x y' }] } },
    'value: .*must be letters, digits',
  ],
];
