// Matrices of linear layers that a config of ours holds as two factors of a lower rank: `low_rank_factors`, by module. Transformers has no
// such entry. Knows no architecture.
import { ConcordError } from "../base/index.ts";
import { type Check, type Config, field, isJsonRecord } from "../formats/index.ts";
import type { ParameterSpec } from "./model.ts";

/** Entry of config.json: module → rank. */
export const factorsEntry = "low_rank_factors";

/** Names of a module's factors: W ≈ outer [out, rank] · inner [rank, in]. */
export const factorNames = (module: string) => ({ outer: `${module}.factors.outer`, inner: `${module}.factors.inner` });

const ranks: Check<ReadonlyMap<string, number>> = {
  expected: "an object from modules to ranks, whole numbers from 1",
  take(value) {
    if (!isJsonRecord(value)) return undefined;
    const entries = Object.entries(value);
    const fits = entries.every(([, rank]) => typeof rank === "number" && Number.isInteger(rank) && rank >= 1);
    return fits ? new Map(entries as [string, number][]) : undefined;
  },
};

/** Parameters with those of factored modules in the place of their matrices. @throws E_CONFIG for a wrong entry; E_MODEL for a module that cannot have factors */
export function withFactors(
  parameters: readonly ParameterSpec[],
  config: Config,
  transposed: boolean,
): readonly ParameterSpec[] {
  const factored = field(config, factorsEntry, ranks, new Map<string, number>());
  const left = new Set(factored.keys());
  const out = parameters.flatMap((spec): ParameterSpec[] => {
    const module = spec.name.replace(/\.weight$/, "");
    const rank = spec.linear && !spec.head && !transposed ? factored.get(module) : undefined;
    const [outs, ins] = spec.shape as readonly [number, number];
    if (rank === undefined || rank > Math.min(outs, ins)) return [spec];
    left.delete(module);
    const { outer, inner } = factorNames(module);
    const one = { initial: spec.initial, head: false, linear: false }; // an adapter stands beside whole matrices
    return [
      { ...one, name: outer, shape: [outs, rank] },
      { ...one, name: inner, shape: [rank, ins] },
    ];
  });
  if (left.size === 0) return out;
  throw new ConcordError("E_MODEL", {
    operation: "read config",
    problem: `${factorsEntry} does not fit the model`,
    expected: "linear layers outside the head, stored [out, in], and ranks up to their smaller side",
    got: [...left].slice(0, 3).join(", "),
    path: config.path,
  });
}
