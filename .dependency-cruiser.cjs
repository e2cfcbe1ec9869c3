const only = (name, library, allowed, extra = {}) => ({
  name,
  severity: 'error',
  comment: `${library} is used in ${allowed} only (DESIGN: who may import whom)`,
  from: { pathNot: [allowed, '^test/', '^bench/', '\\.test\\.ts$'] },
  to: { path: `^node_modules/${library}(/|$)`, ...extra },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'contract-imports-zod-only',
      severity: 'error',
      from: { path: '^queue/contract\\.ts$' },
      to: { pathNot: '^node_modules/zod/' },
    },
    {
      name: 'queue-only-through-its-client',
      comment: 'renderer and operator use the queue over HTTP',
      severity: 'error',
      from: { path: '^(renderer|operator)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^queue/', pathNot: '^queue/(client|contract)\\.ts$' },
    },
    {
      name: 'renderer-knows-no-operator',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(operator|standalone)/' },
    },
    {
      name: 'operator-knows-no-renderer',
      severity: 'error',
      from: { path: '^operator/' },
      to: { path: '^(renderer|standalone)/' },
    },
    {
      name: 'queue-knows-nobody',
      severity: 'error',
      from: { path: '^queue/' },
      to: { path: '^(renderer|operator|standalone)/' },
    },
    only('redis-behind-its-adapter', 'ioredis', '^queue/redis/'),
    only('fastify-in-http-folders', '(fastify|@fastify/.*)', '/http/'),
    only('puppeteer-in-chromium', '(puppeteer-core|@sparticuz/chromium)', '^renderer/chromium/'),
    only('kubernetes-client-in-its-adapter', '@kubernetes/client-node', '^operator/kubernetes/', {
      dependencyTypesNot: ['type-only'],
    }),
    {
      name: 'not-to-test',
      severity: 'error',
      from: { path: '^(queue|renderer|operator|standalone)/', pathNot: '\\.(test|contract|model)\\.ts$' },
      to: { path: '^(test|bench)/|\\.test\\.ts$' },
    },
    {
      name: 'no-dev-dependencies-at-run-time',
      severity: 'error',
      from: { path: '^(queue|renderer|operator|standalone)/', pathNot: '\\.(test|contract|model)\\.ts$' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^node_modules/@types/',
      },
    },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
