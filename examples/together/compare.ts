// How far a study comes: macro-F1 of each site alone, of the study and of one table of all rows, on the same test rows, over one or more seeds.
// Intervals redraw patients within each seed, the same ones for every model.
import { random } from "../../src/base/index.ts";
import { averageScores, bootstrapMany } from "../../src/eval/index.ts";
import type { Score, StudyComparison } from "../../src/report/index.ts";

/** Answers of every model on the test rows of one seed: places in the list of labels. */
export interface Answers {
  readonly seed: number;
  readonly truth: readonly number[];
  readonly patients: readonly string[];
  /** By site. */
  readonly alone: Readonly<Record<string, readonly number[]>>;
  readonly together: readonly number[];
  readonly pooled: readonly number[];
}

/** Means over seeds. @param name what the arms are called */
export function compare(
  answers: readonly Answers[],
  name: (arm: "alone" | "together" | "pooled", site?: string) => string,
  resamples = 1000,
): Required<Pick<StudyComparison, "arms" | "way">> {
  const sites = Object.keys(answers[0]!.alone);
  const starts: number[] = [];
  let rows = 0;
  for (const { truth } of answers) {
    starts.push(rows);
    rows += truth.length;
  }
  const seedOf = Int32Array.from({ length: rows }, (_, row) => starts.findLastIndex((start) => start <= row));
  const arms = [
    ...sites.map((site) => ({ name: name("alone", site), of: (a: Answers) => a.alone[site]! })),
    { name: name("together"), of: (a: Answers) => a.together },
    { name: name("pooled"), of: (a: Answers) => a.pooled },
  ];
  /** Macro-F1 of each arm, its accuracy, and the way, each the mean over seeds. */
  const scores = (drawn: Int32Array): number[] => {
    const bySeed = answers.map((_, seed) =>
      drawn.filter((row) => seedOf[row] === seed).map((row) => row - starts[seed]!),
    );
    const each = answers.map((answer, seed) => {
      const own = Array.from(bySeed[seed]!);
      const truth = own.map((row) => answer.truth[row]!);
      const of = arms.map((arm) => {
        const given = own.map((row) => arm.of(answer)[row]!);
        const right = given.reduce((n, label, i) => n + Number(label === truth[i]), 0);
        return { macroF1: averageScores(truth, given, "macro").fScore, accuracy: right / truth.length };
      });
      const [together, all] = [of.at(-2)!.macroF1, of.at(-1)!.macroF1];
      const alone = of.slice(0, sites.length).reduce((sum, { macroF1 }) => sum + macroF1, 0) / sites.length;
      return [...of.map((o) => o.macroF1), ...of.map((o) => o.accuracy), (together - alone) / (all - alone)];
    });
    return each[0]!.map((_, i) => each.reduce((sum, values) => sum + values[i]!, 0) / each.length);
  };
  const found = bootstrapMany(scores, rows, {
    random: random("together"),
    resamples,
    strata: seedOf,
    clusters: answers.flatMap(({ seed, patients }) => patients.map((patient) => `${seed} ${patient}`)),
  }).map(({ estimate: value, low, high }): Score => ({ value, low, high }));
  return {
    arms: arms.map((arm, i) => ({ name: arm.name, macroF1: found[i]!, accuracy: found[arms.length + i]! })),
    way: found.at(-1)!,
  };
}
