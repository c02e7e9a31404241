// From the secret sum of a round to the next model: FedAvg and FedProx (McMahan 2017, arXiv:1602.05629; Li 2020, arXiv:1812.06127)
// and FedAdam (Reddi 2021, arXiv:2003.00295). Plain arithmetic over flat vectors.
import type { Proposal, Strategy } from "./proposal.ts";

/** What the coordinator keeps between rounds: FedAdam's moments. */
export interface ServerState {
  readonly mean?: Float64Array;
  readonly square?: Float64Array;
}

/**
 * Mean difference of the members, weighted by their rows: Σ nᵢ·Δᵢ / Σ nᵢ.
 * @param sums of each part of the update, of Δᵢ·nᵢ/maxExamples
 * @param examples Σ nᵢ, > 0
 */
export function meanDifference(
  { update, maxExamples }: Proposal,
  sums: Readonly<Record<string, Float64Array>>,
  examples: number,
): Float64Array {
  const factor = maxExamples / examples;
  const out = new Float64Array(update.reduce((n, { size }) => n + size, 0));
  let at = 0;
  for (const { name, size } of update) {
    const part = sums[name]!;
    for (let i = 0; i < size; i++) out[at + i] = part[i]! * factor;
    at += size;
  }
  return out;
}

/**
 * What a sum of honest members cannot be: a weighted mean of numbers within ±bound lies within ±bound, but for the grid that each rounds to.
 * Counts are held against their bounds when they are decoded.
 * @param sums as of {@link meanDifference}
 * @param grid how many members' numbers were rounded, and to how many steps from 0 to the bound
 * @returns undefined where the sum is possible; else the reason
 */
export function impossibleSum(
  { update, norm, maxExamples }: Proposal,
  sums: Readonly<Record<string, Float64Array>>,
  examples: number,
  grid: { readonly summed: number; readonly steps: number },
): string | undefined {
  for (const { name, bound: ofGrid } of update) {
    const bound = norm ?? ofGrid; // no number is larger than its vector is long
    const most = bound * (examples / maxExamples) + ofGrid * (grid.summed / grid.steps);
    const at = sums[name]!.findIndex((x) => Math.abs(x) > most);
    if (at >= 0)
      return `no honest participants have such a sum: the mean of ${name}[${at}] would be ${((sums[name]![at]! * maxExamples) / examples).toPrecision(4)}, each of theirs lies within ±${bound}`;
  }
  return undefined;
}

/**
 * The next model and the coordinator's next state.
 * @param difference mean difference to `model`
 * @example const { model } = serverStep({ ...strategy, name: "fedavg", rate: 1 }, old, difference, {}); // old + difference
 */
export function serverStep(
  { name, rate, beta1, beta2, epsilon }: Strategy,
  model: Float32Array,
  difference: Float64Array,
  server: ServerState,
): { readonly model: Float32Array; readonly server: ServerState } {
  if (name !== "fedadam") return { model: model.map((w, i) => w + rate * difference[i]!), server };
  const mean = difference.map((d, i) => beta1 * (server.mean?.[i] ?? 0) + (1 - beta1) * d);
  const square = difference.map((d, i) => beta2 * (server.square?.[i] ?? epsilon ** 2) + (1 - beta2) * d * d);
  return {
    model: model.map((w, i) => w + (rate * mean[i]!) / (Math.sqrt(square[i]!) + epsilon)),
    server: { mean, square },
  };
}
