const SHIPPED = '^(queue|renderer|catalogues|operator|cli|standalone|service)/';
const TEST = '\\.test\\.ts$';

/** A library that stands behind one adapter. */
const only = (name, library, allowed, extra = {}) => ({
  name,
  severity: 'error',
  comment: `${library} is used in ${allowed} only (DESIGN: who may import whom)`,
  from: { pathNot: [allowed, '^test/', '^bench/', TEST] },
  to: { path: `^node_modules/${library}(/|$)`, ...extra },
});

/** A part that knows no other part but `service/`, the wire contract and what else is allowed to it. */
const apart = (part, allowed = '^$') => ({
  name: `${part}-stands-alone`,
  comment: 'Parts meet on the wire. Only standalone and tools put parts together.',
  severity: 'error',
  from: { path: `^${part}/`, pathNot: TEST },
  to: { path: SHIPPED, pathNot: [`^(${part}|service|queue/wire)/`, '^queue/client\\.ts$', allowed] },
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
      name: 'no-imports-of-the-part-above',
      comment:
        'main, config and wiring lie at the top of a part and import what is below, never the other way',
      severity: 'error',
      from: { path: '^(renderer|operator|queue)/[^/]+/', pathNot: TEST },
      to: { path: '^(renderer|operator|queue)/[^/]+\\.ts$', pathNot: '^queue/client\\.ts$' },
    },
    {
      name: 'wire-imports-zod-only',
      comment: 'Besides it, Node computes the digest in ids of results.',
      severity: 'error',
      from: { path: '^queue/wire/', pathNot: TEST },
      to: { pathNot: '^((node_modules/zod|queue/wire)/|crypto$)' },
    },
    {
      name: 'service-knows-nobody',
      severity: 'error',
      from: { path: '^service/', pathNot: TEST },
      to: { path: SHIPPED, pathNot: '^service/' },
    },
    apart('queue'),
    // The catalogue's plug-in is registered in one file.
    { ...apart('renderer'), from: { path: '^renderer/', pathNot: [TEST, '^renderer/sources\\.ts$'] } },
    apart('catalogues', '^renderer/catalogue/'),
    apart('operator'),
    // A preview alone renders in this process.
    { ...apart('cli'), from: { path: '^cli/', pathNot: [TEST, '^cli/preview\\.ts$'] } },
    only('redis-behind-its-adapter', 'ioredis', '^queue/store/redis/'),
    only(
      'fastify-in-http-folders',
      '(fastify|@fastify/.*)',
      '^(queue/(app\\.ts$|http/|routes/|observability/)|renderer/http/|operator/http/|service/|standalone/routes\\.ts$)',
    ),
    only('puppeteer-in-chromium', '(puppeteer-core|@sparticuz/chromium)', '^renderer/print/chromium/'),
    only('kubernetes-client-in-its-adapter', '@kubernetes/client-node', '^operator/cluster/', {
      dependencyTypesNot: ['type-only'],
    }),
    {
      name: 'not-to-test',
      severity: 'error',
      from: { path: SHIPPED, pathNot: TEST },
      to: { path: `^(test|bench)/|${TEST}` },
    },
    {
      name: 'not-to-tools',
      severity: 'error',
      from: { path: SHIPPED },
      to: { path: '^tools/' },
    },
    {
      name: 'no-dev-dependencies-at-run-time',
      severity: 'error',
      from: { path: SHIPPED, pathNot: TEST },
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
