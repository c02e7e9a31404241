// Prompts with their answers against what a model reads: none is cut.
import { ConcordError } from "../base/index.ts";
import type { Row } from "../data/index.ts";

/** Answers are compared as a whole: none is cut. @throws E_DATA naming the first row */
export function checkLengths(lengths: readonly number[], most: number, rows: readonly Row[]): void {
  const long = lengths.flatMap((length, i) => (length > most ? [i] : []));
  if (long.length === 0) return;
  throw new ConcordError("E_DATA", {
    operation: "preferences",
    problem: "a prompt with its answer is longer than the model reads",
    expected: `at most ${most} tokens`,
    got: `${lengths[long[0]!]} tokens; ${long.length} of ${rows.length} rows are longer`,
    hint: "raise model.maxLength, or shorten or remove the rows",
    path: rows[long[0]!]!.place,
  });
}
