/** A queue that a pool may name. */
export const QUEUE = { url: 'http://queue.example:8080' };

/** Specs that kubectl apply must refuse: what is wrong, the spec, and what the message must match. */
export const WRONG_SPECS: [string, object, string][] = [
  [
    'two queues',
    { queue: { ...QUEUE, service: { name: 'queue' } } },
    'spec.queue: .*exactly one queue: either service or url',
  ],
  ['no queue', { queue: {} }, 'spec.queue: .*exactly one queue'],
  ['nothing at all', {}, 'spec.queue: Required value'],
  [
    'an address that is none',
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
    'an amount that is none',
    { queue: QUEUE, renderer: { resources: { limits: { memory: 'lots' } } } },
    'must be a quantity such as 500m, 2 or 1Gi',
  ],
  [
    'a variable without a value',
    { queue: QUEUE, renderer: { env: [{ name: 'A' }] } },
    'exactly one of value and valueFrom',
  ],
  [
    'a variable that parts pods from their queue',
    { queue: QUEUE, renderer: { env: [{ name: 'QUEUE_NAME', value: 'other' }] } },
    'QUEUE_NAME, PORT are set by the pool; spec.queue says which queue it serves',
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
    'localhostProfile goes with type Localhost',
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
    'a folder of nothing',
    { queue: QUEUE, renderer: { staticVolumes: [{ name: 'mine' }] } },
    'exactly one of configMap and persistentVolumeClaim',
  ],
  [
    'a number of pods that is not whole',
    { queue: QUEUE, scaling: { maxReplicas: 1.5 } },
    'spec.scaling.maxReplicas: .*must be of type integer',
  ],
  ['an answer for a switch', { queue: QUEUE, paused: 'perhaps' }, 'spec.paused: .*must be of type boolean'],
  ['no time to finish', { queue: QUEUE, renderer: { gracePeriodSeconds: 0 } }, 'greater than or equal to 5'],
  [
    'a queue with a name that it cannot have',
    { queue: { ...QUEUE, taskQueue: 'a b' } },
    'spec.queue.taskQueue: .*must be letters, digits and -',
  ],
  [
    'a variable with a name that it cannot have',
    { queue: QUEUE, renderer: { env: [{ name: '1-A', value: 'x' }] } },
    'name: .*must be letters, digits and _',
  ],
  [
    'more asked for than allowed',
    { queue: QUEUE, renderer: { resources: { requests: { memory: '2Gi' } } } },
    'requests.memory must be at most limits.memory',
  ],
  [
    'a label that is none',
    { queue: QUEUE, renderer: { labels: { team: 'a b' } } },
    'spec.renderer.labels.team.: .*must be letters, digits, -, _ and .',
  ],
  [
    'the key of a label that is none',
    { queue: QUEUE, renderer: { nodeSelector: { 'a b': 'x' } } },
    'spec.renderer.nodeSelector: .*keys must be at most 63 letters',
  ],
  [
    'a toleration of nothing',
    { queue: QUEUE, renderer: { tolerations: [{ effect: 'NoSchedule' }] } },
    'without a key bears every taint, and needs operator Exists',
  ],
  [
    'a toleration of another kind',
    { queue: QUEUE, renderer: { tolerations: [{ operator: 'Sometimes' }] } },
    'supported values: "Exists", "Equal"',
  ],
  [
    'a misspelt affinity',
    { queue: QUEUE, renderer: { affinity: { nodeAffinitty: {} } } },
    'unknown field "spec.renderer.affinity.nodeAffinitty"',
  ],
  [
    'an affinity to nothing',
    {
      queue: QUEUE,
      renderer: {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } },
      },
    },
    'topologyKey: Required value',
  ],
  [
    'a spread over nothing',
    { queue: QUEUE, renderer: { topologySpreadConstraints: [{ maxSkew: 0 }] } },
    'topologyKey: Required value',
  ],
  [
    'a way out to a range that is none',
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
  ['a port that there is not', { queue: { url: 'http://queue:99999' } }, 'port must be a number from 0 to'],
  [
    'a folder with a name that a volume cannot have',
    { queue: QUEUE, renderer: { staticVolumes: [{ name: 'a'.repeat(57), configMap: { name: 'c' } }] } },
    'name: Too long: may not be more than 56',
  ],
  [
    'a profile from elsewhere',
    {
      queue: QUEUE,
      renderer: { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: '../x' } } },
    },
    'localhostProfile: .*below the kubelet',
  ],
  [
    'a toleration of a taint that there cannot be',
    { queue: QUEUE, renderer: { tolerations: [{ key: 'a', value: 'x y' }] } },
    'value: .*must be letters, digits',
  ],
];
