// How much worse a model does on one group of the test part than on all others, with a bootstrap interval over patients.
// Reads a finished run folder; knows nothing of how the model was made.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { random } from "../../src/base/index.ts";
import { bootstrap, wilson } from "../../src/eval/index.ts";

/** A test row and what the model said. */
export interface Answer {
  readonly group?: string;
  readonly truth: string;
  readonly predicted: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const lines = async <T>(path: string): Promise<T[]> =>
  (await readFile(path, "utf8")).split("\n").flatMap((line) => (line ? [JSON.parse(line) as T] : []));

/** The test rows of a run with the model's answers. */
export async function readAnswers(run: string): Promise<Answer[]> {
  const [answers, rows] = await Promise.all([
    lines<Answer & { place: string }>(join(run, "predictions.jsonl")),
    lines<{ place: string; group?: string }>(join(run, "data", "test.jsonl")),
  ]);
  const patients = new Map(rows.map((row) => [row.place, row.group]));
  return answers.map((answer) => ({ ...answer, group: patients.get(answer.place) }));
}

const isRight = ({ truth, predicted }: Answer) => truth === predicted;
const share = (answers: readonly Answer[]) => answers.filter(isRight).length / answers.length;

/**
 * Accuracy of all other rows minus accuracy of the group, as shares; whole patients are redrawn within both sides.
 * @example groupGap(await readAnswers("runs/disease"), "region", "islands") // { estimate: 0.2, low: 0.16, high: 0.24, … }
 */
export function groupGap(answers: readonly Answer[], attribute: string, value: string) {
  const inside = answers.map((a) => a.attributes[attribute] === value);
  const gap = (rows: Int32Array) => {
    const count = { in: 0, inRight: 0, out: 0, outRight: 0 };
    for (const row of rows) {
      const hit = Number(isRight(answers[row]!));
      if (inside[row]) {
        count.in++;
        count.inRight += hit;
      } else {
        count.out++;
        count.outRight += hit;
      }
    }
    return count.outRight / count.out - count.inRight / count.in;
  };
  return bootstrap(gap, answers.length, {
    random: random(`gap ${attribute} ${value}`),
    resamples: 1000,
    method: "percentile",
    strata: inside.map(Number),
    clusters: answers.map((a, i) => a.group ?? `row ${i}`),
  });
}

const percent = (x: number) => `${(100 * x).toFixed(1)} %`;

/** A line for each value of an attribute, and the gap of one of them. */
export function groupTable(answers: readonly Answer[], attribute: string, value: string): string {
  const values = [...new Set(answers.map((a) => a.attributes[attribute]!))].sort();
  const rows = values.map((v) => {
    const own = answers.filter((a) => a.attributes[attribute] === v);
    const { low, high } = wilson(own.filter(isRight).length, own.length);
    return `${v.padEnd(10)} ${String(own.length).padStart(5)}   ${percent(share(own)).padStart(7)}   [${percent(low)}, ${percent(high)}]`;
  });
  const { estimate, low, high } = groupGap(answers, attribute, value);
  const points = (x: number) => (100 * x).toFixed(1);
  return [
    `${attribute.padEnd(10)}  rows  accuracy   95 % interval`,
    ...rows,
    `${value} against all others: ${points(estimate)} points worse, 95 % interval [${points(low)}, ${points(high)}]`,
  ].join("\n");
}
