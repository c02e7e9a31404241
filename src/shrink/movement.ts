// Heads and inner units as blocks that movement pruning scores (Lagunas 2021, arXiv:2109.04838), and their learned scores as importance.
import type { HostArray } from "../base/index.ts";
import type { Model } from "../models/index.ts";
import { type PrunedMatrix, scoresName } from "../train/index.ts";
import { blocksOf, headsStay } from "./blocks.ts";
import { headsIn, type Importance } from "./importance.ts";
import type { PruneShares } from "./prune-blocks.ts";

type Weights = ReadonlyMap<string, HostArray<"float32">>;

/**
 * The matrices whose columns are of heads and of inner units, with the shares that go.
 * @throws E_MODEL for an architecture whose blocks are not known, or heads that cannot be cut
 * @example const plan = { by: "movement", matrices: prunedBlocks(model, weights, { heads: 0.5, width: 0.5 }) };
 */
export function prunedBlocks(model: Model, weights: Weights, { heads = 0, width = 0 }: PruneShares): PrunedMatrix[] {
  return blocksOf(model).blocks.flatMap((block) => {
    if (heads > 0 && !block.mixed) throw headsStay(model);
    const columns = (module: string) => weights.get(`${module}.weight`)!.shape[1]!;
    const mixed = heads > 0 ? [block.mixed!] : [];
    return [
      ...mixed.map((module) => ({
        name: `${module}.weight`,
        share: heads,
        columns: columns(module) / headsIn(model, weights, block),
      })),
      ...(width > 0 ? [{ name: `${block.down}.weight`, share: width, columns: 1 }] : []),
    ];
  });
}

/** Learned scores as {@link pruneBlocks} takes them. @param weights with the scores, as training gives them */
export function learnedImportance(model: Model, weights: Weights): Importance {
  const { blocks } = blocksOf(model);
  const scores = (module: string | undefined) =>
    Float64Array.from(weights.get(scoresName(`${module}.weight`))?.data ?? []);
  return { heads: blocks.map(({ mixed }) => scores(mixed)), inner: blocks.map(({ down }) => scores(down)) };
}

/** Matrices of linear layers outside the head: those of which single numbers are removed. */
export const prunedNumbers = ({ parameters }: Model, share: number): PrunedMatrix[] =>
  parameters.flatMap(({ name, shape, linear, head }) =>
    linear && !head && shape.length === 2 && name.endsWith(".weight") ? [{ name, share }] : [],
  );
