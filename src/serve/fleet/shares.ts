// Which version of a model answers a request: by shares of the traffic, and always the same one for one key. Pure.
import { createHash } from "node:crypto";
import { ConcordError } from "../../base/index.ts";

/** A weight in percent; undefined: an equal part of what the others leave. */
type Weight = number | undefined;

/**
 * Shares of versions, in their order; their sum is 1. Where some versions do not serve at the moment, the others take their part.
 * @example sharesOf([undefined, 10]) // [0.9, 0.1]
 */
export function sharesOf(weights: readonly Weight[]): number[] {
  const given = sumOf(weights);
  const open = weights.filter((weight) => weight === undefined).length;
  const parts = weights.map((weight) => weight ?? Math.max(0, 100 - given) / open);
  const total = sumOf(parts);
  return parts.map((part) => (total > 0 ? part / total : 1 / parts.length));
}

/**
 * Index of the version that answers a request.
 * @param place of the request's key: see {@link placeOf}. Versions with a weight come first, so that a canary which grows keeps its users
 * @example versionAt([undefined, 10], placeOf("user-7"))
 */
export function versionAt(weights: readonly Weight[], place: number): number {
  const shares = sharesOf(weights);
  const order = [...weights.keys()].sort((a, b) => Number(weights[a] === undefined) - Number(weights[b] === undefined));
  let end = 0;
  for (const i of order) {
    end += shares[i]!;
    if (place < end) return i;
  }
  return order.filter((i) => shares[i]! > 0).at(-1)!; // rounding
}

/** A key's place among all, 0 … 1: evenly spread, and the same on every server. */
export const placeOf = (key: string): number => createHash("sha256").update(key).digest().readUIntBE(0, 6) / 2 ** 48;

/** @throws E_ARGUMENT for weights of one model that are more, or can never be 100 percent */
export function checkWeights(model: string, weights: readonly Weight[]): void {
  const sum = sumOf(weights);
  if (weights.length === 0 || (weights.includes(undefined) ? sum <= 100 : Math.abs(sum - 100) < 1e-9)) return;
  throw new ConcordError("E_ARGUMENT", {
    operation: "serve",
    problem: "the weights of the model's versions do not fit together",
    expected: "100 percent in all; versions without a weight share what is left",
    got: `${model}: ${weights.map((weight) => weight ?? "-").join(" + ")}`,
    path: "models.weight",
  });
}

const sumOf = (weights: readonly Weight[]): number => weights.reduce<number>((sum, weight) => sum + (weight ?? 0), 0);
