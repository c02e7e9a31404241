// Union-find over row numbers: which rows belong together. Pure.

/** Rows that belong together; each cluster is known by its smallest member. */
export interface Clusters {
  readonly size: number;
  rootOf(row: number): number;
  join(a: number, b: number): void;
}

/** Every row alone at first. @example const c = clusters(3); c.join(0, 2); c.rootOf(2) // 0 */
export function clusters(size: number): Clusters {
  const parent = Uint32Array.from({ length: size }, (_, i) => i);
  const rootOf = (row: number): number => {
    let root = row;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = row; at !== root; ) {
      const next = parent[at]!;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  return {
    size,
    rootOf,
    join(a, b) {
      const [x, y] = [rootOf(a), rootOf(b)];
      parent[Math.max(x, y)] = Math.min(x, y);
    },
  };
}

/** Joins rows of the same key; rows without one stay alone. */
export function joinByKey(into: Clusters, keys: readonly (string | undefined)[]): void {
  const first = new Map<string, number>();
  for (const [row, key] of keys.entries()) {
    if (key === undefined) continue;
    const known = first.get(key);
    if (known === undefined) first.set(key, row);
    else into.join(known, row);
  }
}
