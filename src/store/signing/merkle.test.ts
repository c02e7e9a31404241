// Proofs of all small trees: each leads from its leaf alone to its root alone, and has no hash too few or too many.
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { consistencyProof, inclusionProof, isConsistent, isIncluded, leafHash, treeRoot, treeRoots } from "./index.ts";

const leaves = Array.from({ length: 17 }, (_, i) => leafHash(`entry ${i}`));
const tree = (size: number) => leaves.slice(0, size);
const root = (size: number) => treeRoot(tree(size));
const other = leafHash("another");
const sizes = leaves.map((_, i) => i + 1);

test("a leaf is hashed as bytes or as text, after a byte 0", () => {
  const want = createHash("sha256").update(Buffer.from("\0é€😀")).digest();
  expect(leafHash("é€😀")).toEqual(want);
  expect(leafHash(Buffer.from("é€😀"))).toEqual(want);
  expect(leafHash(Uint8Array.of(0xff))).toEqual(
    createHash("sha256")
      .update(Buffer.from([0, 0xff]))
      .digest(),
  );
});

test("roots of all beginnings are those of the trees one by one", () => {
  expect(treeRoots(leaves)).toEqual(sizes.map((size) => root(size).toString("hex")));
  expect(treeRoots([])).toEqual([]);
  expect(treeRoot([])).toEqual(createHash("sha256").digest());
});

test.each(sizes)("%d leaves: a proof holds for its leaf, place and root, whole", (size) => {
  for (const [index, leaf] of tree(size).entries()) {
    const proof = inclusionProof(tree(size), index);
    expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
    expect(isIncluded(leaf, index, size, proof, root(size))).toBe(true);
    for (let place = -1; place <= size + 1; place++)
      if (place !== index) expect(isIncluded(leaf, place, size, proof, root(size))).toBe(false);
    expect(isIncluded(other, index, size, proof, root(size))).toBe(false);
    expect(isIncluded(leaf, index, size, proof, other)).toBe(false);
    expect(isIncluded(leaf, index, size, [...proof, other], root(size))).toBe(false);
    if (proof.length > 0) {
      expect(isIncluded(leaf, index, size, proof.slice(0, -1), root(size))).toBe(false);
      // an inner node that passes for the whole
      const inner = treeRoot(tree(size).slice(0, 1));
      expect(isIncluded(inner, 0, size, [], inner)).toBe(false);
    }
  }
});

test.each(sizes)("%d leaves continue each of their beginnings, and nothing else", (size) => {
  for (let old = 1; old <= size; old++) {
    const proof = consistencyProof(tree(size), old);
    const holds = (at: number, was: Uint8Array, is: Uint8Array, by = proof) => isConsistent(at, was, size, is, by);
    expect(holds(old, root(old), root(size))).toBe(true);
    expect(holds(old, other, root(size))).toBe(false);
    expect(holds(old, root(old), other)).toBe(false);
    expect(holds(old, root(old), root(size), [...proof, other])).toBe(false);
    if (proof.length > 0) expect(holds(old, root(old), root(size), proof.slice(0, -1))).toBe(false);
    if (proof.length > 0) expect(holds(old, root(old), root(size), [])).toBe(false);
    for (let at = 1; at <= size + 1; at++)
      if (at !== old && at <= leaves.length) expect(holds(at, root(at), root(size))).toBe(false);
  }
});

test("the beginning of nothing needs no proof; a size that cannot be has none", () => {
  expect(consistencyProof(tree(5), 0)).toEqual([]);
  expect(consistencyProof(tree(5), 5)).toEqual([]);
  expect(isConsistent(0, root(1), 5, root(5), [])).toBe(true);
  expect(isConsistent(0, root(1), 5, root(5), [other])).toBe(false);
  expect(isConsistent(6, root(6), 5, root(5), [])).toBe(false);
  expect(isConsistent(-1, root(1), 5, root(5), [])).toBe(false);
  expect(isConsistent(5, root(5), 5, root(5), [other])).toBe(false);
});
