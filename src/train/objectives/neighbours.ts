// Texts that belong together, told from the others of their batch: of all second texts that are run, each text's own is the nearest
// (multiple negatives ranking, Henderson 2017, arXiv:1705.00652). Knows token ids; the vectors are the model's outputs.
import { ConcordError, type HostArray, hostArray } from "../../base/index.ts";
import { add, crossEntropy, type InputSpec, matmul, scope } from "../../graph/index.ts";
import { lowest, normalize } from "../../nn/index.ts";
import { type Example, withInput } from "../example.ts";
import type { Objective } from "./objective.ts";
import { targetSpecs } from "./targets.ts";

/** Settings of neighbours. */
export interface NeighbourSettings {
  /** Multiplies the cosines, above 0. Default 20 (sentence-transformers). */
  readonly scale?: number;
}

/** Inputs: which row of a run is the own second text of each, and what is added to each comparison: 0, or far below. */
const specs: Readonly<Record<string, InputSpec>> = {
  partners: ["int32", ["B"]],
  apart: ["float32", ["B", "B"]],
};

/** What a comparison that does not count gets: far below every cosine times its scale, and finite. */
const hidden = lowest / 4;

const keyOf = (input: object): string => String((input as { ids?: unknown }).ids);

/**
 * A batch with the other texts of its examples: firsts, their own seconds, then texts that do not belong to them. Firsts are compared with
 * seconds and strangers only; a second that has the very tokens of one's own, or belongs to a first with the same tokens, is no stranger.
 * @throws E_DATA for an example without a second text
 */
export function neighbourBatch(batch: readonly Example[]): {
  readonly examples: readonly Example[];
  readonly feeds: Record<string, HostArray>;
} {
  const others = batch.map(({ counterparts = [], ...example }, at) => {
    if (counterparts[0] !== undefined) return counterparts.map((one) => withInput({ ...example, weight: 0 }, one));
    throw new ConcordError("E_DATA", { operation: "neighbours", problem: `example ${at} has no second text` });
  });
  const seconds = others.map(([second]) => second!);
  const strangers = others.flatMap(([, ...rest]) => rest);
  const examples = [...batch, ...seconds, ...strangers];
  const [half, size] = [batch.length, examples.length];
  const keys = examples.map(keyOf);
  const apart = new Float32Array(size * size).fill(hidden);
  for (let i = 0; i < half; i++)
    for (let j = half; j < size; j++) {
      const own = j === i + half;
      const alike = keys[j] === keys[i + half] || (j < 2 * half && keys[j - half] === keys[i]);
      if (own || !alike) apart[i * size + j] = 0;
    }
  for (let i = half; i < size; i++) apart[i * size + i] = 0; // of weight 0: any finite loss
  const partners = Int32Array.from({ length: size }, (_, i) => (i < half ? i + half : i));
  return {
    examples,
    feeds: {
      partners: hostArray("int32", [size], partners),
      apart: hostArray("float32", [size, size], apart),
    },
  };
}

/** @throws E_CONFIG for a scale out of range */
export function neighbours({ scale = 20 }: NeighbourSettings = {}): Objective {
  if (!(scale > 0 && scale <= 1000))
    throw new ConcordError("E_CONFIG", {
      operation: "training options",
      problem: "neighbours.scale is wrong",
      expected: "a number above 0 and up to 1000",
      got: String(scale),
    });
  return {
    name: "neighbours",
    reads: "batch",
    inputs: (model) => ({ ...targetSpecs(model), ...specs }),
    feeds(batch, { divisor = batch.reduce((sum, e) => sum + (e.weight ?? 1), 0) }) {
      const { examples, feeds } = neighbourBatch(batch);
      const weights = Float32Array.from(examples, (e) => (e.weight ?? 1) / divisor);
      return { examples, feeds: { ...feeds, weights: hostArray("float32", [examples.length], weights) } };
    },
    losses: ({ logits }, { partners, apart }) =>
      scope("neighbours", () => {
        const texts = normalize(logits!); // [B, H]
        return crossEntropy(add(matmul(texts, texts, { transposeB: true, alpha: scale }), apart!), partners!);
      }),
    alongside: ({ counterparts = [] }) => counterparts,
  };
}
