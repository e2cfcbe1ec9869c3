import base from './.dependency-cruiser.cjs';

/** Cycles between the folders of shipped code; tests beside their source and the harness that they share do not count. */
export default {
  forbidden: [
    {
      name: 'no-cycles-between-folders',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  options: { ...base.options, exclude: { path: '\\.test\\.ts$|^(test|bench)/' } },
};
