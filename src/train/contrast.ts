// Contrast within a batch: of all other texts, a text's own counterpart is the nearest (InfoNCE, van den Oord 2018,
// arXiv:1807.03748; NT-Xent, Chen 2020, arXiv:2002.05709). The graph; knows no example.
import { add, crossEntropy, type InputSpec, matmul, scope, type Value } from "../graph/index.ts";
import { type Layout, meanOfRows, normalize } from "../nn/index.ts";

/** Settings of contrast. */
export interface ContrastOptions {
  /** Divides the cosines, above 0. Default 0.05 (SimCSE, Gao 2021, arXiv:2104.08821). */
  readonly temperature?: number;
}

/** Inputs of a batch: who is whose partner, and what is added to each comparison: 0, or far below for what is not compared. */
export const contrastSpecs: Readonly<Record<string, InputSpec>> = {
  partners: ["int32", ["B"]],
  apart: ["float32", ["B", "B"]],
};

/**
 * −ln softmax(cos/temperature)[partner] of each text over all others, itself and others of its group left out, [B].
 * @param last rows of the last layer, [T, H]: a text is the mean of its rows
 */
export const contrastLosses = (
  layout: Layout,
  last: Value,
  { partners, apart }: Readonly<Record<string, Value>>,
  { temperature = 0.05 }: ContrastOptions,
): Value =>
  scope("contrast", () => {
    const texts = normalize(meanOfRows(layout, last)); // [B, H]
    return crossEntropy(add(matmul(texts, texts, { transposeB: true, alpha: 1 / temperature }), apart!), partners!);
  });
