// The Merkle tree of a log (RFC 6962, proofs as RFC 9162 verifies them): roots, inclusion, consistency. Knows no file and no entry.
import { createHash, hash as digestOf } from "node:crypto";

const hash = (...parts: readonly Uint8Array[]): Buffer => {
  const state = createHash("sha256");
  for (const part of parts) state.update(part);
  return state.digest();
};

/** Hash of an entry, bytes or text: SHA-256(0x00 ‖ entry). */
export const leafHash = (entry: Uint8Array | string): Buffer =>
  typeof entry === "string" ? digestOf("sha256", `\0${entry}`, "buffer") : hash(Uint8Array.of(0), entry);
/** Hash of two sub-trees: SHA-256(0x01 ‖ left ‖ right). */
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => hash(Uint8Array.of(1), left, right);

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Largest power of two below n. */
const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

/** Root over leaf hashes, in order. The root of nothing is SHA-256 of nothing. */
export function treeRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return hash();
  if (leaves.length === 1) return Buffer.from(leaves[0]!);
  const k = split(leaves.length);
  return nodeHash(treeRoot(leaves.slice(0, k)), treeRoot(leaves.slice(k)));
}

/**
 * The root after each leaf, hex, in one pass: roots of full sub-trees are kept and joined as a binary counter counts. A root takes about
 * log2(n)/2 hashes; digests are strings of 32 bytes on the way, which Node makes four times as fast as Buffers.
 */
export function treeRoots(leaves: readonly Uint8Array[]): string[] {
  const node = Buffer.alloc(65, 1);
  const join = (left: string, right: string, as: "binary" | "hex" = "binary"): string => {
    node.write(left, 1, "latin1");
    node.write(right, 33, "latin1");
    return digestOf("sha256", node, as);
  };
  const full: string[] = []; // largest first
  return leaves.map((leaf, i) => {
    full.push(Buffer.from(leaf).toString("latin1"));
    for (let bit = i; bit % 2 === 1; bit = Math.floor(bit / 2)) {
      const right = full.pop()!;
      full.push(join(full.pop()!, right));
    }
    let root = full.at(-1)!;
    for (let k = full.length - 2; k > 0; k--) root = join(full[k]!, root);
    return full.length > 1 ? join(full[0]!, root, "hex") : Buffer.from(root, "latin1").toString("hex");
  });
}

/** PATH(m, D[n]): the hashes that lead from leaf `index` to the root. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Buffer[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...inclusionProof(leaves.slice(0, k), index), treeRoot(leaves.slice(k))]
    : [...inclusionProof(leaves.slice(k), index - k), treeRoot(leaves.slice(0, k))];
}

/** PROOF(m, D[n]): what shows that the first `size` leaves are still the first ones. */
export function consistencyProof(leaves: readonly Uint8Array[], size: number): Buffer[] {
  const prove = (part: readonly Uint8Array[], m: number, whole: boolean): Buffer[] => {
    if (m === part.length) return whole ? [] : [treeRoot(part)];
    const k = split(part.length);
    return m <= k
      ? [...prove(part.slice(0, k), m, whole), treeRoot(part.slice(k))]
      : [...prove(part.slice(k), m - k, false), treeRoot(part.slice(0, k))];
  };
  return size === 0 ? [] : prove(leaves, size, true);
}

/** True when the proof leads from the leaf at `index` to the root of a tree of `size` leaves. */
export function isIncluded(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!(index >= 0 && index < size)) return false;
  let [fn, sn] = [index, size - 1];
  let r: Uint8Array = leaf;
  for (const p of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else r = nodeHash(r, p);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && same(r, root);
}

/** True when the tree of `size` leaves with `root` continues the one of `oldSize` leaves with `oldRoot`. */
export function isConsistent(
  oldSize: number,
  oldRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (oldSize === size) return proof.length === 0 && same(oldRoot, root);
  if (oldSize > size || oldSize < 0) return false;
  if (oldSize === 0) return proof.length === 0;
  const path = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...proof] : [...proof];
  if (path.length === 0) return false;
  let [fn, sn] = [oldSize - 1, size - 1];
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  let [fr, sr] = [path[0]!, path[0]!];
  for (const c of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [nodeHash(c, fr), nodeHash(c, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else sr = nodeHash(sr, c);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && same(fr, oldRoot) && same(sr, root);
}
