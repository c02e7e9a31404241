// Answers of a head that scores the labels of neighbours together (a linear-chain CRF): the likeliest sequence (Viterbi 1967) and the
// probability of each label at each word (forward–backward), transitions that tags leave impossible ruled out. Pure.
import { possibleTransitions } from "../data/index.ts";
import type { WordLogits } from "./word-logits.ts";

/** What a chain adds to the scores of words. */
export interface Chain {
  readonly labels: number;
  /** [L + 2, L]: from label to label, from the start, to the end; −∞ where a transition is impossible. */
  readonly transitions: Float64Array;
}

/**
 * The chain of a model's labels.
 * @param transitions [L + 2, L], as the model's file gives them
 * @example const chain = chainOf(["O", "B-LOC", "I-LOC"], output.transitions.data);
 */
export function chainOf(labels: readonly string[], transitions: ArrayLike<number>): Chain {
  const possible = possibleTransitions(labels);
  const scores = Float64Array.from(transitions, (x, i) => (possible[i] ? x : Number.NEGATIVE_INFINITY));
  return { labels: labels.length, transitions: scores };
}

/**
 * Words of one text with the labels of the likeliest sequence (`chosen`), and in the place of their scores the logarithms of the
 * labels' probabilities in all sequences, so that a softmax of them gives these.
 * @param words scores of each word, in the order of the text
 */
export function chained(words: readonly WordLogits[], chain: Chain): WordLogits[] {
  const scores = words.map(({ logits }) => logits);
  const best = likeliest(scores, chain);
  const marginals = logMarginals(scores, chain);
  return words.map(({ range }, w) => ({ range, logits: marginals[w]!, chosen: best[w]! }));
}

/** Numbers of the labels of the likeliest sequence. @param scores of each position [L] */
export function likeliest(scores: readonly ArrayLike<number>[], { labels, transitions }: Chain): number[] {
  if (scores.length === 0) return [];
  const from: Int32Array[] = [];
  let alpha = Float64Array.from(scores[0]!, (s, j) => s + transitions[labels * labels + j]!);
  for (const row of scores.slice(1)) {
    const back = new Int32Array(labels);
    alpha = Float64Array.from(row, (s, j) => {
      for (let i = 1; i < labels; i++)
        if (alpha[i]! + transitions[i * labels + j]! > alpha[back[j]!]! + transitions[back[j]! * labels + j]!)
          back[j] = i;
      return s + alpha[back[j]!]! + transitions[back[j]! * labels + j]!;
    });
    from.push(back);
  }
  const last = alpha.map((a, j) => a + transitions[(labels + 1) * labels + j]!);
  const path = [last.indexOf(Math.max(...last))];
  for (const back of from.reverse()) path.unshift(back[path[0]!]!);
  return path;
}

/** ln of the probability of each label at each position, [L] each; labels that no sequence has there are far below all others. */
export function logMarginals(scores: readonly ArrayLike<number>[], { labels, transitions }: Chain): Float32Array[] {
  const all = [...Array(labels).keys()];
  const between = (i: number, j: number) => transitions[i * labels + j]!;
  const forward: Float64Array[] = [];
  for (const row of scores) {
    const before = forward.at(-1);
    forward.push(
      Float64Array.from(row, (s, j) =>
        before ? s + logSum(all.map((i) => before[i]! + between(i, j))) : s + transitions[labels * labels + j]!,
      ),
    );
  }
  const backward: Float64Array[] = [];
  for (const row of [...scores].reverse()) {
    const after = backward.at(-1);
    backward.push(
      Float64Array.from(all, (i) =>
        after ? logSum(all.map((j) => after[j]! + between(i, j))) : transitions[(labels + 1) * labels + i]!,
      ).map((b, i) => b + row[i]!),
    );
  }
  backward.reverse();
  return scores.map((row, t) => {
    const joint = all.map((j) => forward[t]![j]! + backward[t]![j]! - row[j]!);
    const total = logSum(joint);
    return Float32Array.from(joint, (x) => Math.max(x - total, leastLog));
  });
}

/** Of labels without any probability: finite, so that sums and temperatures of it are numbers. */
const leastLog = -1e4;

/** ln Σ eˣ; −∞ where all are. */
function logSum(values: readonly number[]): number {
  const top = Math.max(...values);
  if (top === Number.NEGATIVE_INFINITY) return top;
  return top + Math.log(values.reduce((sum, x) => sum + Math.exp(x - top), 0));
}
