// What one answer to every row scores: the baseline of an audit. Knows no groups.
import { mostFrequent } from "../base/index.ts";
import type { Judged } from "./judged.ts";

/**
 * The score of the best constant answer by the kind's main measure: the share of the most frequent class, or the mean absolute error of the
 * mean; of several labels, the share of the most frequent set. Undefined for entities and answers in texts, where no answer is one for all texts.
 * @example constantScore({ kind: "decisions", truth: [1, 1, 0], predicted: [0, 0, 0] }) // 2 / 3
 */
export function constantScore(judged: Judged): number | undefined {
  if (judged.kind === "entities" || judged.kind === "answers") return undefined;
  if (judged.kind === "numbers") {
    const truth = Array.from(judged.truth);
    const mean = truth.reduce((a, b) => a + b, 0) / truth.length;
    return truth.reduce((sum, t) => sum + Math.abs(t - mean), 0) / truth.length;
  }
  const truths: readonly string[] =
    judged.kind === "labels" ? judged.truth.map((row) => Array.from(row).join(" ")) : Array.from(judged.truth, String);
  const usual = mostFrequent(truths);
  return truths.filter((truth) => truth === usual).length / truths.length;
}
