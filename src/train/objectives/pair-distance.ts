// How far the answers to a text and to the same text about somebody else lie apart (Garg 2019, arXiv:1809.10610: logit pairing), as
// a graph. Knows no text and no example.
import { ConcordError } from "../../base/index.ts";
import { abs, matmul, mean, mul, sub, type Value } from "../../graph/index.ts";
import { headFactsOf, type Task } from "../../models/index.ts";

/**
 * How far the logits of each example lie from its counterpart's, [B]; 0 where there is none. Absolute values, as in the paper: the
 * pull does not fade as a pair comes closer, and one far pair does not outweigh the rest.
 *
 * Of labels that exclude each other only differences between logits mean anything, so their mean is taken out first; twice the mean
 * over labels then is, for two labels, the paper's |logit(x) − logit(x′)| exactly. Elsewhere the mean over outputs.
 * @param logits [B, C] @param pairs [B, B] of {@link withCounterparts}
 * @throws E_CONFIG for tasks whose answers belong to words: a counterpart may have other words
 */
export function pairDistance(task: Task, logits: Value, pairs: Value): Value {
  const { of, loss } = headFactsOf(task);
  if (of !== "inputs")
    throw new ConcordError("E_CONFIG", {
      operation: "training options",
      problem: "pairing compares predictions of whole texts",
      expected: "single-label, multi-label or regression",
      got: task,
      path: "pairing",
    });
  const apart = matmul(pairs, logits); // [B, C]: x − x′, and 0
  if (loss !== "cross-entropy") return mean(abs(apart), { axes: [1] });
  const centred = sub(apart, mean(apart, { axes: [1], keepDims: true }));
  return mul(mean(abs(centred), { axes: [1] }), 2);
}
