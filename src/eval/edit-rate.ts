// Word and character error rates of texts (speech, OCR, translation drafts), by jiwer's default definitions.
import { ConcordError } from "../base/index.ts";

/** Counts of an alignment, and rates over all texts. */
export interface EditRate {
  readonly hits: number;
  readonly substitutions: number;
  readonly deletions: number;
  readonly insertions: number;
  /** (S + D + I) / (H + S + D): word or character error rate. For an empty reference the number of insertions. */
  readonly errorRate: number;
  /** Match error rate (S + D + I) / (H + S + D + I). */
  readonly matchErrorRate: number;
  /** Information lost 1 − (H/reference length)·(H/hypothesis length). */
  readonly informationLost: number;
}

/** Python's white space; JavaScript's \s lacks a few control characters and adds the byte-order mark. */
const space = "[ \\t-\\r\\u001c-\\u001f\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const spaces = new RegExp(`${space}{2,}`, "gu");
const ends = new RegExp(`^${space}+|${space}+$`, "gu");

/** Words: runs of white space become one space, ends are stripped, the rest is split at spaces. */
export const wordsOf = (text: string): string[] =>
  text
    .replace(spaces, " ")
    .replace(ends, "")
    .split(" ")
    .filter((word) => word.length > 0);

/** Characters (code points) after stripping the ends; spaces count. */
export const charactersOf = (text: string): string[] => [...text.replace(ends, "")];

/**
 * Word error rate over one or several pairs of texts: counts are summed before dividing.
 * @throws E_SHAPE when there are not as many hypotheses as references
 * @example wordErrorRate("a b c", "a x c").errorRate // 0.333…
 */
export const wordErrorRate = (
  reference: string | readonly string[],
  hypothesis: string | readonly string[],
): EditRate => editRate("wordErrorRate", reference, hypothesis, wordsOf);

/** Character error rate, as {@link wordErrorRate} over code points. @example characterErrorRate("ab", "abc").errorRate // 0.5 */
export const characterErrorRate = (
  reference: string | readonly string[],
  hypothesis: string | readonly string[],
): EditRate => editRate("characterErrorRate", reference, hypothesis, charactersOf);

function editRate(
  operation: string,
  reference: string | readonly string[],
  hypothesis: string | readonly string[],
  split: (text: string) => string[],
): EditRate {
  const [references, hypotheses] = [[reference].flat(), [hypothesis].flat()];
  if (references.length !== hypotheses.length)
    throw new ConcordError("E_SHAPE", {
      operation,
      problem: "there are not as many hypotheses as references",
      expected: String(references.length),
      got: String(hypotheses.length),
    });
  let [hits, substitutions, deletions, insertions] = [0, 0, 0, 0];
  for (const [i, text] of references.entries()) {
    const one = align(split(text), split(hypotheses[i]!));
    hits += one.hits;
    substitutions += one.substitutions;
    deletions += one.deletions;
    insertions += one.insertions;
  }
  const errors = substitutions + deletions + insertions;
  const [spoken, heard] = [hits + substitutions + deletions, hits + substitutions + insertions];
  const preserved = spoken === 0 ? (heard === 0 ? 1 : 0) : heard === 0 ? 0 : (hits / spoken) * (hits / heard);
  return {
    hits,
    substitutions,
    deletions,
    insertions,
    errorRate: spoken === 0 ? insertions : errors / spoken,
    matchErrorRate: errors === 0 ? 0 : errors / (hits + errors),
    informationLost: 1 - preserved,
  };
}

/**
 * Counts of a shortest alignment of two lists (Levenshtein). Among equally short ones, walking from the end: a deletion
 * where it costs nothing extra, else an insertion where the cell beside the diagonal is cheaper than the diagonal one,
 * else the diagonal. Two rows of memory: each cell carries the hits of its own walk.
 * @example align(["a", "b"], ["a"]) // { hits: 1, substitutions: 0, deletions: 1, insertions: 0 }
 */
export function align(reference: readonly string[], hypothesis: readonly string[]) {
  let start = 0;
  let [n, m] = [reference.length, hypothesis.length];
  while (start < Math.min(n, m) && reference[start] === hypothesis[start]) start++;
  while (n > start && m > start && reference[n - 1] === hypothesis[m - 1]) {
    n--;
    m--;
  }
  const affix = start + reference.length - n;
  const columns = m - start;
  let cost = Int32Array.from({ length: columns + 1 }, (_, j) => j); // row of i = 0: j insertions
  let matched = new Int32Array(columns + 1);
  for (let i = start; i < n; i++) {
    const nextCost = new Int32Array(columns + 1);
    const nextMatched = new Int32Array(columns + 1);
    nextCost[0] = cost[0]! + 1;
    for (let j = 1; j <= columns; j++) {
      const same = reference[i] === hypothesis[start + j - 1];
      const diagonal = cost[j - 1]! + (same ? 0 : 1);
      const best = Math.min(diagonal, cost[j]! + 1, nextCost[j - 1]! + 1);
      nextCost[j] = best;
      if (best === cost[j]! + 1) nextMatched[j] = matched[j]!;
      else if (j > 1 && nextCost[j - 1] === cost[j - 1]! - 1) nextMatched[j] = nextMatched[j - 1]!;
      else nextMatched[j] = matched[j - 1]! + (same ? 1 : 0);
    }
    [cost, matched] = [nextCost, nextMatched];
  }
  const distance = cost[columns]!;
  const hits = matched[columns]!;
  const [rows, between] = [n - start, n - start + columns];
  const substitutions = between - 2 * hits - distance;
  return {
    hits: hits + affix,
    substitutions,
    deletions: rows - hits - substitutions,
    insertions: columns - hits - substitutions,
  };
}
