// Several costs at once: which points no other one beats in all of them. Knows no trial.

/** Whether a is nowhere worse than b, and somewhere better. */
export const dominates = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((cost, i) => cost <= b[i]!) && a.some((cost, i) => cost < b[i]!);

/**
 * Numbers of the points that none dominates.
 * @param costs [points][objectives], lower is better
 * @example paretoFront([[1, 5], [2, 2], [3, 3]]) // [0, 1]
 */
export const paretoFront = (costs: readonly (readonly number[])[]): number[] =>
  costs.flatMap((cost, i) => (costs.some((other) => dominates(other, cost)) ? [] : [i]));

/** Rank of non-domination of each point (Deb 2002): 0 on the front, 1 on the front of the others, and so on. */
export function ranksOf(costs: readonly (readonly number[])[]): number[] {
  const ranks = costs.map(() => -1);
  for (let rank = 0, left = [...costs.keys()]; left.length > 0; rank++) {
    const front = new Set(paretoFront(left.map((i) => costs[i]!)).map((at) => left[at]!));
    for (const i of front) ranks[i] = rank;
    left = left.filter((i) => !front.has(i));
  }
  return ranks;
}

/** Crowding distance of each point within its rank (Deb 2002); infinite at the ends of a front. */
export function crowding(costs: readonly (readonly number[])[]): number[] {
  const ranks = ranksOf(costs);
  const distances = costs.map(() => 0);
  for (const rank of new Set(ranks))
    for (let objective = 0; objective < (costs[0]?.length ?? 0); objective++) {
      const front = [...costs.keys()].filter((i) => ranks[i] === rank);
      front.sort((a, b) => costs[a]![objective]! - costs[b]![objective]!);
      const at = (place: number) => costs[front[place]!]![objective]!;
      const width = at(front.length - 1) - at(0) || 1;
      for (const [place, i] of front.entries())
        distances[i]! +=
          place === 0 || place === front.length - 1
            ? Number.POSITIVE_INFINITY
            : (at(place + 1) - at(place - 1)) / width;
    }
  return distances;
}
