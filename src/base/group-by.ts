// Items by a key, in order of first appearance (Map.groupBy, which Node 20 lacks).

/** @example groupBy([1, 2, 3], (x) => x % 2).get(1) // [1, 3] */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const list = groups.get(key);
    if (list) list.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
