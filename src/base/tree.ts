// Trees of named leaves: how parameters and batches are held. A leaf is anything that is not a plain record.
import { ConcordError } from "./errors.ts";

/** A record whose values are leaves or further records. */
export interface Tree<L> {
  readonly [name: string]: L | Tree<L>;
}

const isNode = (x: unknown): x is Tree<unknown> =>
  typeof x === "object" && x !== null && Object.getPrototypeOf(x) === Object.prototype && !("dtype" in x);

/** Leaves with their dotted paths, in insertion order. @example flattenTree({ a: { b: 1 } }) // [["a.b", 1]] */
export function flattenTree<L>(tree: Tree<L>, prefix = ""): [path: string, leaf: L][] {
  return Object.entries(tree).flatMap(([name, child]) =>
    isNode(child) ? flattenTree(child as Tree<L>, `${prefix}${name}.`) : [[prefix + name, child as L] as [string, L]],
  );
}

/** The same tree with every leaf replaced. */
export function mapTree<L, M>(tree: Tree<L>, change: (leaf: L, path: string) => M, prefix = ""): Tree<M> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, child]) => [
      name,
      isNode(child) ? mapTree(child as Tree<L>, change, `${prefix}${name}.`) : change(child as L, prefix + name),
    ]),
  );
}

/** The inverse of {@link flattenTree}. @throws E_ARGUMENT for a part named `__proto__` (paths may come from a file) */
export function unflattenTree<L>(leaves: Iterable<readonly [path: string, leaf: L]>): Tree<L> {
  const root: Record<string, unknown> = {};
  for (const [path, leaf] of leaves) {
    const parts = path.split(".");
    if (parts.includes("__proto__"))
      throw new ConcordError("E_ARGUMENT", {
        operation: "unflattenTree",
        problem: "a name may not be __proto__",
        got: path,
      });
    let node = root;
    for (const part of parts.slice(0, -1)) {
      if (!Object.hasOwn(node, part)) node[part] = {};
      node = node[part] as Record<string, unknown>;
    }
    node[parts.at(-1)!] = leaf;
  }
  return root as Tree<L>;
}
