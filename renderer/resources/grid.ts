import { z } from 'zod';
import { defineResource } from './resource.ts';

/** An empty 8 × 8 grid, as large as the page allows. */
export const grid = defineResource({
  name: 'Grid',
  options: z.object({}),
  subtitle: (_options, paper) => paper,
  pages: () => [{ lines: [1, 2, 3, 4, 5, 6, 7] }],
});
