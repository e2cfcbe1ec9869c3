/** A number of replicas that was recommended, and the last time in milliseconds at which it was known to be. */
export interface Recommendation {
  at: number;
  replicas: number;
}

/** Which recommendation of a window decides: for scaling up the lowest, for scaling down the highest. */
export type Extreme = 'lowest' | 'highest';

/**
 * Adds a recommendation to a sliding window, of which only those are kept that can still decide, oldest and most extreme
 * first; so a window of a day takes no more room than one of a minute. The first entry decides.
 *
 * The newest recommendation held until the next one came, however long nobody had a reason to make another. None is
 * later than now, even if the clock went back.
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
  const held = window.map(({ at, replicas }, index) => ({
    at: index === window.length - 1 ? next.at : Math.min(at, next.at),
    replicas,
  }));
  const [first, ...rest] = held.filter((entry) => entry.at > oldest && !outdone(entry));
  return first ? [first, ...rest, next] : [next];
}
