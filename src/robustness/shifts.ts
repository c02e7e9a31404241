// What changes that leave the answer right cost: scores on changed inputs beside those on the inputs as they are, row by row.
import type { Random } from "../base/index.ts";
import { calibration, type MeanScore, meansOf } from "../eval/index.ts";
import { headAnswers, type Predictor, softmax } from "../predict/index.ts";

/** One way to change an input, by name, and how much of it. */
export interface Shift {
  readonly kind: string;
  readonly rate: number;
}

/** The same with what does it. `I`: what the model reads. */
export interface InputShift<I> extends Shift {
  /** @returns the input itself where nothing changed */
  change(input: I, rate: number, rng: Random): I;
}

/** A labelled input: class numbers, or the number to predict. */
export interface ShiftRow<I> {
  readonly input: I;
  readonly truth: readonly number[];
  /** For decisions that need it. */
  readonly group?: string;
}

/** How answers to changed inputs differ. Intervals by bootstrap over rows. */
export interface ShiftResult extends Shift {
  /** Share of rows that were changed at all. */
  readonly changed: number;
  readonly score: MeanScore;
  /** What is lost against the inputs as they are: a lower share of right answers, or a larger error. */
  readonly loss: MeanScore;
  /** Share of other answers; for numbers the mean change. */
  readonly flips: MeanScore;
  /** Expected calibration error; of single labels. */
  readonly ece?: number;
}

export interface ShiftReport {
  /** `accuracy` of single labels, `exactMatch` of several, `absoluteError` of numbers. */
  readonly measure: "accuracy" | "exactMatch" | "absoluteError";
  readonly rows: number;
  readonly clean: { readonly score: MeanScore; readonly ece?: number };
  readonly shifts: readonly ShiftResult[];
}

export interface ShiftOptions<I> {
  readonly shifts: readonly InputShift<I>[];
  /** Of calibration. Default 1. */
  readonly temperature?: number;
  readonly resamples: number;
  readonly rng: Random;
}

/**
 * Scores of changed inputs.
 * @param rows at least one
 * @example const { shifts } = await measureShifts(predictor, rows, { shifts: [{ ...processor.perturbations.typos!, kind: "typos", rate: 0.1 }], resamples: 1000, rng });
 */
export async function measureShifts<I>(
  predictor: Predictor<I>,
  rows: readonly ShiftRow<I>[],
  options: ShiftOptions<I>,
): Promise<ShiftReport> {
  const { shifts, temperature = 1, resamples, rng } = options;
  const { numeric, several } = headAnswers(predictor.model.task) ?? { numeric: false, several: false };
  const judge = numeric ? judges.value : several ? judges.labels : judges.label;
  const interval = (columns: readonly ArrayLike<number>[], name: string) =>
    meansOf(columns, { resamples, random: rng.split(name) });
  const eceOf = (logits: readonly Float32Array[]) =>
    numeric || several
      ? undefined
      : calibration(
          rows.map((r) => r.truth[0]!),
          logits.map((row) => softmax(row, temperature)),
          { labels: Array.from(logits[0]!, (_, k) => k) },
        ).ece;
  const groups = rows.map((r) => r.group);
  const before = await predictor.logits(
    rows.map((r) => r.input),
    groups,
  );
  const cleanScores = before.map((row, i) => judge.score(row, rows[i]!.truth));
  const found: ShiftResult[] = [];
  for (const shift of shifts) {
    const name = `${shift.kind} ${shift.rate}`;
    const inputs = rows.map((r, i) => shift.change(r.input, shift.rate, rng.split(`${name} ${i}`)));
    const after = await predictor.logits(inputs, groups);
    const scores = after.map((row, i) => judge.score(row, rows[i]!.truth));
    const lost = scores.map((score, i) => judge.better * (cleanScores[i]! - score));
    const other = after.map((row, i) => judge.differ(before[i]!, row));
    const [score, loss, flips] = interval([scores, lost, other], name);
    const changed = inputs.filter((input, i) => input !== rows[i]!.input).length / rows.length;
    found.push({
      kind: shift.kind,
      rate: shift.rate,
      changed,
      score: score!,
      loss: loss!,
      flips: flips!,
      ece: eceOf(after),
    });
  }
  const clean = { score: interval([cleanScores], "clean")[0]!, ece: eceOf(before) };
  return { measure: judge.measure, rows: rows.length, clean, shifts: found };
}

interface Judge {
  readonly measure: ShiftReport["measure"];
  /** 1 where more is better, −1 where less is. */
  readonly better: 1 | -1;
  score(logits: ArrayLike<number>, truth: readonly number[]): number;
  differ(before: ArrayLike<number>, after: ArrayLike<number>): number;
}

const best = (row: ArrayLike<number>): number => Array.from(row).indexOf(Math.max(...Array.from(row)));
const given = (row: ArrayLike<number>): string => Array.from(row, (x) => (x >= 0 ? 1 : 0)).join("");

const judges = {
  label: {
    measure: "accuracy",
    better: 1,
    score: (row, truth) => Number(best(row) === truth[0]),
    differ: (a, b) => Number(best(a) !== best(b)),
  },
  labels: {
    measure: "exactMatch",
    better: 1,
    score: (row, truth) => Number(given(row) === Array.from(row, (_, k) => (truth.includes(k) ? 1 : 0)).join("")),
    differ: (a, b) => Number(given(a) !== given(b)),
  },
  value: {
    measure: "absoluteError",
    better: -1,
    score: (row, truth) => Math.abs(row[0]! - truth[0]!),
    differ: (a, b) => Math.abs(a[0]! - b[0]!),
  },
} as const satisfies Record<string, Judge>;
