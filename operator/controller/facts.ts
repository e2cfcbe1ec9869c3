import type { BacklogView } from '../scaling/backlog-watch.ts';
import type { Plan } from '../scaling/plan.ts';
import type { RenderPoolSpec } from '../api/spec.ts';
import type { LiveDeployment } from '../cluster/live.ts';

/** What one reconciliation found out about a pool. */
export interface Facts {
  /** The spec, or what is wrong with it. */
  spec: RenderPoolSpec | { invalid: string };
  view: BacklogView | undefined;
  plan: Plan | undefined;
  deployment: LiveDeployment | undefined;
  /** What kept the operator from bringing about what it should. */
  failure: { reason: string; message: string } | undefined;
  /** When the number of pods was last changed, in ms. */
  scaledAt: number | undefined;
  now: number;
}
