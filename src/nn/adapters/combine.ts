// Several adapters as one, W + Σ weight·ΔW in the ways that PEFT's `add_weighted_adapter` has. Each is a product B·A of two thin matrices; the
// result is a LoRA adapter whose scale is 1.
import { ConcordError, type HostArray, type Random, unknownName } from "../../base/index.ts";
import { type Combination, combinations, type Part, ways } from "./combine-ways.ts";
import type { AdaptedShape } from "./kind.ts";
import { type AdapterLayout, adapterLayout } from "./layout.ts";

type Floats = HostArray<"float32">;

/** An adapter and its weight in the result. */
export interface WeightedAdapter {
  /** What it is called in errors. */
  readonly name: string;
  readonly layout: AdapterLayout;
  /** Its own parameters by name. */
  read(name: string): HostArray;
  /** Factor on what it adds; below 0 takes it away. */
  readonly weight: number;
}

export interface CombineOptions {
  /**
   * - `cat`: exact; the rank is the sum of all.
   * - `svd`: the best approximation of one rank (Eckart & Young 1936).
   * - `linear`: sums of A and of B by themselves, which is rough; ranks have to be equal.
   * - `ties`: small entries are dropped and signs elected (Yadav 2023, arXiv:2306.01708).
   * - `dare_linear`, `dare_ties`: random entries are dropped and the rest scaled up (Yu 2023, arXiv:2311.03099).
   * - `magnitude_prune`: small entries are dropped.
   *
   * Default `cat`.
   */
  readonly by?: Combination;
  /** Share of entries of A and B that is kept by `ties`, `dare_…` and `magnitude_prune`, above 0 and up to 1. Default 0.5. */
  readonly density?: number;
  /** Rank of `svd`. Default the largest. */
  readonly rank?: number;
  /** Which entries `dare_…` drops: see `random`. */
  readonly rng: Random;
}

/**
 * Combines adapters of one base.
 * @param parameters the base model's
 * @returns a LoRA adapter over all layers that one of them has, and its weights; modules trained whole are not in it
 * @throws E_ARGUMENT for a kind that is no product of two matrices, for ranks that differ where they may not, and a setting out of range
 * @example const { layout, weights } = combineAdapters(model.parameters, [{ name: "a", ...a, weight: 0.7 }, { name: "b", ...b, weight: 0.3 }], { by: "ties", rng: random(0) });
 */
export function combineAdapters(
  parameters: Parameters<typeof adapterLayout>[0],
  members: readonly WeightedAdapter[],
  { by = "cat", density = 0.5, rank: wanted, rng }: CombineOptions,
): { readonly layout: AdapterLayout; readonly weights: Map<string, Floats> } {
  check(members, by, density);
  const ranks = members.map(({ layout }) => Math.max(1, ...layout.layers.map((layer) => layer.rank)));
  const most = Math.max(...ranks);
  const rank = by === "cat" ? ranks.reduce((sum, r) => sum + r, 0) : by === "svd" ? (wanted ?? most) : most;
  const targets = [...new Set(members.flatMap(({ layout }) => layout.modules))];
  const layout = adapterLayout(parameters, { targets, rank, alpha: rank }, members[0]!.layout.transposedWeights);
  const weights = new Map<string, Floats>();
  for (const layer of layout.layers) {
    const parts = members.flatMap((member) => partOf(member, layer.module) ?? []);
    if (by !== "cat" && by !== "svd") checkRanks(parts, layer, by);
    const combined = ways[by](parts, layer, { density, rng: rng.split(layer.module) });
    weights.set(`${layer.module}.lora.A`, asArray([rank, layer.ins], combined.a));
    weights.set(`${layer.module}.lora.B`, asArray([layer.outs, rank], combined.b));
  }
  return { layout, weights };
}

const asArray = (shape: readonly number[], data: Float32Array): Floats => ({
  dtype: "float32",
  shape,
  data: data as Floats["data"],
});

function check(members: readonly WeightedAdapter[], by: Combination, density: number): void {
  if (!combinations.includes(by))
    throw unknownName(
      "E_ARGUMENT",
      { operation: "combine adapters", problem: "this way is not known" },
      by,
      combinations,
    );
  const bad = (problem: string, expected: string, got: string): never => {
    throw new ConcordError("E_ARGUMENT", { operation: "combine adapters", problem, expected, got });
  };
  if (members.length === 0) bad("there is no adapter", "one or more", "none");
  if (!(density > 0 && density <= 1)) bad("the density is wrong", "a share above 0, up to 1", String(density));
  for (const { name, layout, weight } of members) {
    if (!Number.isFinite(weight)) bad(`the weight of ${name} is wrong`, "a number", String(weight));
    if (!layout.kind.asProduct)
      bad(`the adapter ${name} is no product of two matrices`, "lora or miss", layout.options.kind);
  }
}

/** What a member has at a layer, if anything. LoRA's scale stays a factor; another kind's product holds it. */
function partOf({ layout, read, weight }: WeightedAdapter, module: string): Part | undefined {
  const layer = layout.layers.find((one) => one.module === module);
  if (!layer) return undefined;
  const own = layout.parameters.filter((p) => p.layer === layer);
  const parts = Object.fromEntries(own.map(({ part, name }) => [part, read(name).data as Float32Array]));
  if (layout.options.kind === "lora")
    return { a: parts.A!, b: parts.B!, rank: layer.rank, factor: weight * layer.scale };
  return { ...layout.kind.asProduct!({ ...layer, parts }), rank: layer.rank, factor: weight };
}

function checkRanks(parts: readonly Part[], { module, rank }: AdaptedShape, by: Combination): void {
  const other = parts.find((part) => part.rank !== rank);
  if (!other) return;
  throw new ConcordError("E_ARGUMENT", {
    operation: "combine adapters",
    problem: `the adapters of ${module} have different ranks, which ${by} cannot join`,
    expected: `rank ${rank}`,
    got: `rank ${other.rank}`,
    hint: "use cat or svd, which take any ranks",
  });
}
