/** A number of replicas that was recommended at a time in milliseconds. */
export interface Recommendation {
  at: number;
  replicas: number;
}

/** Which recommendation of a window decides: for scaling up the lowest, for scaling down the highest. */
export type Extreme = 'lowest' | 'highest';

/**
 * Adds a recommendation to a sliding window, of which only those are kept that can still decide, oldest and most extreme
 * first; so a window of a day takes no more room than one of a minute. The first entry decides.
 */
export function slide(
  window: readonly Recommendation[],
  next: Recommendation,
  seconds: number,
  extreme: Extreme,
): [Recommendation, ...Recommendation[]] {
  const oldest = next.at - seconds * 1000;
  const outdone = (kept: Recommendation) =>
    extreme === 'highest' ? kept.replicas <= next.replicas : kept.replicas >= next.replicas;
  const [first, ...rest] = window.filter((entry) => entry.at > oldest && !outdone(entry));
  return first ? [first, ...rest, next] : [next];
}
