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
  /** `accuracy` of single labels, `exactMatch` of several, `absoluteError` of numbers, `answerF1` of answers in texts. */
  readonly measure: "accuracy" | "exactMatch" | "absoluteError" | "answerF1";
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
  const { temperature = 1 } = options;
  const { numeric, several } = headAnswers(predictor.model.task) ?? { numeric: false, several: false };
  const judge: Judge = numeric ? judges.value : several ? judges.labels : judges.label;
  const groups = rows.map((r) => r.group);
  const eceOf = (logits: readonly Float32Array[]) =>
    calibration(
      rows.map((r) => r.truth[0]!),
      logits.map((row) => softmax(row, temperature)),
      { labels: Array.from(logits[0]!, (_, k) => k) },
    ).ece;
  return await measureChanges(
    rows,
    {
      ...judge,
      answers: (inputs) => predictor.logits(inputs, groups),
      ...(!numeric && !several && { eceOf }),
    },
    options,
  );
}

/** Answers to inputs, and how they are judged. `I`: an input, `T`: what is true of it, `A`: an answer. */
export interface AnswersJudge<I, T, A> {
  readonly measure: ShiftReport["measure"];
  /** 1 where more is better, −1 where less is. */
  readonly better: 1 | -1;
  /** Of all rows, with their own inputs or changed ones, in their order. */
  answers(inputs: readonly I[]): Promise<readonly A[]>;
  score(answer: A, truth: T): number;
  /** How far an answer is from that before: 0 or 1; of numbers the distance. */
  differ(before: A, after: A): number;
  /** Expected calibration error of all answers. */
  eceOf?(answers: readonly A[]): number;
}

/**
 * {@link measureShifts} of whatever answers.
 * @param rows at least one
 */
export async function measureChanges<I, T, A>(
  rows: readonly { readonly input: I; readonly truth: T }[],
  judge: AnswersJudge<I, T, A>,
  { shifts, resamples, rng }: Omit<ShiftOptions<I>, "temperature">,
): Promise<ShiftReport> {
  const interval = (columns: readonly ArrayLike<number>[], name: string) =>
    meansOf(columns, { resamples, random: rng.split(name) });
  const before = await judge.answers(rows.map((r) => r.input));
  const cleanScores = before.map((answer, i) => judge.score(answer, rows[i]!.truth));
  const found: ShiftResult[] = [];
  for (const shift of shifts) {
    const name = `${shift.kind} ${shift.rate}`;
    const inputs = rows.map((r, i) => shift.change(r.input, shift.rate, rng.split(`${name} ${i}`)));
    const after = await judge.answers(inputs);
    const scores = after.map((answer, i) => judge.score(answer, rows[i]!.truth));
    const lost = scores.map((score, i) => judge.better * (cleanScores[i]! - score));
    const other = after.map((answer, i) => judge.differ(before[i]!, answer));
    const [score, loss, flips] = interval([scores, lost, other], name);
    const changed = inputs.filter((input, i) => input !== rows[i]!.input).length / rows.length;
    found.push({
      kind: shift.kind,
      rate: shift.rate,
      changed,
      score: score!,
      loss: loss!,
      flips: flips!,
      ece: judge.eceOf?.(after),
    });
  }
  const clean = { score: interval([cleanScores], "clean")[0]!, ece: judge.eceOf?.(before) };
  return { measure: judge.measure, rows: rows.length, clean, shifts: found };
}

type Judge = Pick<AnswersJudge<never, readonly number[], ArrayLike<number>>, "measure" | "better" | "score" | "differ">;

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
