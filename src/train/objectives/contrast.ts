// Contrast within a batch: of all other texts, a text's own counterpart is the nearest (InfoNCE, van den Oord 2018,
// arXiv:1807.03748; NT-Xent, Chen 2020, arXiv:2002.05709).
import { ConcordError, type HostArray, hostArray } from "../../base/index.ts";
import { add, crossEntropy, type InputSpec, matmul, scope, type Value } from "../../graph/index.ts";
import { tokensOf } from "../../modalities/index.ts";
import { type Layout, lowest, meanOfRows, normalize } from "../../nn/index.ts";
import { type PairSource, pairsOfEpoch } from "../crops.ts";
import { type Example, withInput } from "../example.ts";
import type { Objective } from "./objective.ts";
import { targetFeeds, targetLosses, targetSpecs } from "./targets.ts";

/** Settings of contrast. */
export interface ContrastSettings {
  /** Divides the cosines, above 0. Default 0.05 (SimCSE, Gao 2021, arXiv:2104.08821). */
  readonly temperature?: number;
  /** Pairs each example's text anew in each epoch. Default: examples bring their counterparts. */
  readonly pairs?: PairSource;
}

/** Inputs of a batch: who is whose partner, and what is added to each comparison: 0, or far below for what is not compared. */
const contrastSpecs: Readonly<Record<string, InputSpec>> = {
  partners: ["int32", ["B"]],
  apart: ["float32", ["B", "B"]],
};

/**
 * −ln softmax(cos/temperature)[partner] of each text over all others, itself and others of its group left out, [B].
 * @param last rows of the last layer, [T, H]: a text is the mean of its rows
 */
const contrastLosses = (
  layout: Layout,
  last: Value,
  { partners, apart }: Readonly<Record<string, Value>>,
  temperature: number,
): Value =>
  scope("contrast", () => {
    const texts = normalize(meanOfRows(layout, last)); // [B, H]
    return crossEntropy(add(matmul(texts, texts, { transposeB: true, alpha: 1 / temperature }), apart!), partners!);
  });

/** What a hidden comparison gets: far below every cosine over its temperature, and finite. */
const hidden = lowest / 4;

/** Texts of one group are no strangers to each other: they are not compared, but for partners. */
const isSameGroup = (a: Example, b: Example): boolean => a.group !== undefined && a.group === b.group;

/** A batch with the second part of each text: examples, then their counterparts in the same order, half a weight each. */
export function contrastBatch(batch: readonly Example[]): { examples: Example[]; feeds: Record<string, HostArray> } {
  const others = batch.map(({ counterparts, ...example }): Example => {
    if (counterparts?.length) return withInput(example, counterparts[0]!);
    throw new ConcordError("E_DATA", { operation: "contrast", problem: "an example has no counterpart" });
  });
  const examples = [...batch, ...others].map((e) => ({ ...e, weight: (e.weight ?? 1) / 2 }));
  const [half, size] = [batch.length, examples.length];
  const apart = new Float32Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      if (i === j || (isSameGroup(examples[i]!, examples[j]!) && Math.abs(i - j) !== half))
        apart[i * size + j] = hidden;
  return {
    examples,
    feeds: {
      partners: hostArray(
        "int32",
        [size],
        Int32Array.from({ length: size }, (_, i) => (i + half) % size),
      ),
      apart: hostArray("float32", [size, size], apart),
    },
  };
}

/**
 * Each text is told from the others of its batch by its counterpart; where the model has a head, its targets are learned too. Only vectors of
 * whole texts are compared, so a bare encoder can be trained.
 * @throws E_CONFIG for a temperature out of range
 */
export function contrast({ temperature = 0.05, pairs }: ContrastSettings = {}): Objective {
  if (!(temperature > 0 && temperature <= 100))
    throw new ConcordError("E_CONFIG", {
      operation: "training options",
      problem: "contrast.temperature is wrong",
      expected: "a number above 0 and up to 100",
      got: String(temperature),
    });
  return {
    name: "contrast",
    reads: "batch",
    inputs: (model) => ({ ...targetSpecs(model), ...contrastSpecs }),
    feeds(batch, context) {
      const { examples, feeds } = contrastBatch(batch);
      return { examples, feeds: { ...targetFeeds(context.model, examples, context), ...feeds } };
    },
    losses(outputs, values, { model, layout, options }) {
      const apart = contrastLosses(layout!, outputs.last, values, temperature);
      return outputs.logits ? add(targetLosses(model, outputs, values, options), apart) : apart;
    },
    ...(pairs && {
      epochs: (examples, seed) => {
        const rows = examples.map((e, i) => tokensOf(e, i).ids);
        return (epoch) => pairsOfEpoch(rows, pairs, seed, epoch);
      },
    }),
    alongside: (example) => [example], // the other text of a pair may be as long
  };
}
