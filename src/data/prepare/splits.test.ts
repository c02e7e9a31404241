import fc from "fast-check";
import { expect, test } from "vitest";
import { groupBy, random } from "../../base/index.ts";
import { clusters, joinByKey } from "./clusters.ts";
import { type SplitName, stratifiedSplits } from "./splits.ts";

const count = (parts: readonly SplitName[], part: SplitName) => parts.filter((p) => p === part).length;

test("single rows: every label's share is kept to within one row", () => {
  const labels = Array.from({ length: 1000 }, (_, i) => [["flu", "cold", "gout", "rare"][i % 50 === 0 ? 3 : i % 3]!]);
  const parts = stratifiedSplits(labels, clusters(1000), { shares: { train: 0.7, dev: 0.1, test: 0.2 } });
  for (const label of ["flu", "cold", "gout", "rare"]) {
    const rows = labels.flatMap((l, i) => (l[0] === label ? [i] : []));
    const own = rows.map((r) => parts[r]!);
    expect(Math.abs(count(own, "train") - 0.7 * rows.length)).toBeLessThanOrEqual(1);
    expect(Math.abs(count(own, "test") - 0.2 * rows.length)).toBeLessThanOrEqual(1);
  }
});

test("no cluster and no group ever straddles two parts, and sizes stay near their shares", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (seed) => {
      const rng = random(seed);
      const rows = 300;
      const together = clusters(rows);
      const patients = Array.from({ length: rows }, () => (rng.int(5) === 0 ? undefined : `p${rng.int(80)}`));
      joinByKey(together, patients);
      for (let k = 0; k < 20; k++) together.join(rng.int(rows), rng.int(rows));
      const labels = Array.from({ length: rows }, () => [`l${rng.int(4)}`]);
      const parts = stratifiedSplits(labels, together, { seed });
      for (let row = 0; row < rows; row++) expect(parts[row]).toBe(parts[together.rootOf(row)]);
      const largest = Math.max(
        ...[
          ...groupBy(
            Array.from({ length: rows }, (_, i) => together.rootOf(i)),
            (r) => r,
          ).values(),
        ].map((m) => m.length),
      );
      expect(Math.abs(count(parts, "test") - 0.1 * rows)).toBeLessThanOrEqual(largest + 5);
    }),
    { numRuns: 50 },
  );
});

test("the seed changes the split and repeats it", () => {
  const labels = Array.from({ length: 200 }, (_, i) => [`l${i % 3}`]);
  const of = (seed: number) => stratifiedSplits(labels, clusters(200), { seed }).join();
  expect(of(1)).toBe(of(1));
  expect(of(1)).not.toBe(of(2));
});

test("a part with share 0 gets nothing; rows without a label are split too", () => {
  const parts = stratifiedSplits(
    Array.from({ length: 100 }, () => []),
    clusters(100),
    { shares: { train: 0.9, dev: 0, test: 0.1 } },
  );
  expect(["train", "dev", "test"].map((p) => count(parts, p as SplitName))).toEqual([90, 0, 10]);
});

test("shares that do not add up are refused", () => {
  expect(() => stratifiedSplits([["a"]], clusters(1), { shares: { train: 0.5, dev: 0, test: 0.2 } })).toThrow(
    /add up to 1/,
  );
});

/** Rows of patients with the sizes given; labels by patient. */
function patients(sizes: readonly number[], labelOf: (p: number) => string) {
  const keys = sizes.flatMap((n, p) => Array.from({ length: n }, () => `p${p}`));
  const together = clusters(keys.length);
  joinByKey(together, keys);
  return { keys, together, labels: sizes.flatMap((n, p) => Array.from({ length: n }, () => [labelOf(p)])) };
}

test("patients with many rows and with few are spread alike, and the shares of rows are met", () => {
  const shares = { train: 0.7, dev: 0.1, test: 0.2 };
  const [all, large] = [
    { train: 0, dev: 0, test: 0 },
    { train: 0, dev: 0, test: 0 },
  ];
  for (let seed = 0; seed < 20; seed++) {
    const rng = random(`sizes ${seed}`);
    const sizes = Array.from({ length: 400 }, () => Math.ceil(rng.float() ** -0.7)).map((n) => Math.min(n, 60));
    const { together, labels } = patients(sizes, (p) => `l${p % 7}`);
    const parts = stratifiedSplits(labels, together, { shares, seed });
    const rows = sizes.reduce((a, b) => a + b, 0);
    const starts = sizes.map((_, p) => sizes.slice(0, p).reduce((a, b) => a + b, 0));
    for (const part of ["train", "dev", "test"] as const) {
      expect(Math.abs(count(parts, part) / rows - shares[part]), `${part} ${seed}`).toBeLessThan(0.05);
      const own = sizes.flatMap((n, p) => (parts[starts[p]!] === part ? [n] : []));
      expect(Math.abs(own.length / 400 - shares[part]), `${part} patients ${seed}`).toBeLessThan(0.08);
      all[part] += own.length;
      large[part] += own.filter((n) => n >= 8).length;
    }
  }
  for (const part of ["train", "dev", "test"] as const)
    for (const patients of [all, large]) {
      const total = patients.train + patients.dev + patients.test;
      expect(Math.abs(patients[part] / total - shares[part]), part).toBeLessThan(0.02);
    }
});

test("the largest patient goes to any part that can hold it, by the shares; one too large for a part never goes there", () => {
  const parts = (sizes: number[]) =>
    Array.from({ length: 200 }, (_, seed) => {
      const { together, labels } = patients(sizes, () => "l");
      return stratifiedSplits(labels, together, { shares: { train: 0.6, dev: 0.2, test: 0.2 }, seed })[0]!;
    });
  const small = parts([30, ...Array.from({ length: 170 }, () => 1)]);
  expect(count(small, "test")).toBeGreaterThan(20);
  expect(count(small, "dev")).toBeGreaterThan(20);
  expect(count(small, "train")).toBeGreaterThan(90);
  expect(count(parts([80, ...Array.from({ length: 120 }, () => 1)]), "train")).toBe(200);
});
