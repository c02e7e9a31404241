// Several heads on one encoder: examples of a training job, and what a model and simple models answer, task by task. Each task sees the rows
// that have a label of it.
import type { Baseline } from "../artifacts/index.ts";
import { labelOfTask, type Row, rowsOfTask } from "../data/index.ts";
import { namedInterval, type Score } from "../eval/index.ts";
import { type Language, say } from "../messages/index.ts";
import type { Processor } from "../modalities/index.ts";
import { headRanges, outputsOf, type TaskHead } from "../models/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { withInterval } from "../report/index.ts";
import {
  answersOfHeads,
  type Logits,
  type Metrics,
  meanScore,
  type RowAnswer,
  type Rows,
  type SeveralTask,
  type TaskAnswers,
  type TaskMetrics,
  taskOfHead,
} from "../tasks/index.ts";
import type { ExampleLogits, PartExamples } from "./part-examples.ts";
import { scoringOf, withUntrained } from "./scored-rows.ts";
import { type OutputScale, scaled, unscaled } from "./target-scale.ts";

/** One example a row: a value for each output, NaN for those of heads that the row has no label of. */
export async function severalExamples(
  task: SeveralTask,
  heads: readonly TaskHead[],
  processor: Processor,
  rows: readonly Row[],
  scales: readonly OutputScale[],
): Promise<PartExamples> {
  const read = await processor.examples(rows);
  const examples = rows.map((row, i) => ({ ...read[i]!, label: severalTarget(heads, row, scales) }));
  const inUnit = ({ data }: ExampleLogits): Float64Array => {
    const outputs = Float64Array.from(data);
    for (const scale of scales) outputs[scale.output] = unscaled(scale, outputs[scale.output]!);
    return outputs;
  };
  return { examples, score: { ...task.devScore, of: (logits) => task.scored(heads, rows, logits.map(inUnit)) } };
}

function severalTarget(heads: readonly TaskHead[], row: Row, scales: readonly OutputScale[]): Float32Array {
  const values = heads.flatMap((head): readonly number[] => {
    const [own] = rowsOfTask([row], head.name);
    if (!own) return new Array<number>(outputsOf(head)).fill(Number.NaN);
    const target = taskOfHead(head).target(own, head.labels);
    return typeof target === "number" ? head.labels.map((_, k) => Number(k === target)) : target;
  });
  for (const scale of scales) values[scale.output] = scaled(scale, values[scale.output]!);
  return Float32Array.from(values);
}

/** Rows of one task and the logits of its head. */
function ofHead(
  { head: { name }, start, end }: ReturnType<typeof headRanges>[number],
  rows: Rows,
  logits: Logits,
): { readonly rows: Rows; readonly logits: readonly Float32Array[] } {
  const at = [...rows.keys()].filter((i) => rows[i]!.targets?.[name]);
  return { rows: rowsOfTask(rows, name), logits: at.map((i) => logits[i]!.subarray(start, end)) };
}

/** Baselines of each task, fitted on its own rows. @param baselinesOf the baselines of one task */
export async function severalBaselines(
  heads: readonly TaskHead[],
  parts: Readonly<Record<"train" | "dev" | "test", readonly Row[]>>,
  baselinesOf: (
    head: TaskHead,
    parts: Readonly<Record<"train" | "dev" | "test", readonly Row[]>>,
  ) => Promise<Baseline[]>,
): Promise<Baseline[]> {
  const found: Baseline[] = [];
  for (const head of heads) {
    const own = (rows: readonly Row[]) => rowsOfTask(rows, head.name);
    const given = { train: own(parts.train), dev: own(parts.dev), test: own(parts.test) };
    for (const one of await baselinesOf(head, given)) found.push({ ...one, task: head.name });
  }
  return found;
}

type Fields = Readonly<Record<string, unknown>>;

/** Predictions of all tasks, row by row: what each says of the row, and probabilities as the model's outputs are named. */
function joinedPredictions(parts: readonly TaskMetrics[], test: Rows): Fields[] {
  const next = new Map(parts.map(({ head: { name } }) => [name, 0]));
  return test.map((row) => {
    const own = parts.flatMap(({ head: { name }, metrics }): [string, Fields][] => {
      if (!row.targets?.[name]) return [];
      const at = next.get(name)!;
      next.set(name, at + 1);
      return [[name, metrics.predictions[at]!]];
    });
    const field = (key: string) => Object.fromEntries(own.map(([name, one]) => [name, one[key]]));
    const probabilities = own.flatMap(([name, one]) =>
      Object.entries((one.probabilities ?? {}) as Fields).map(([label, p]) => [labelOfTask(name, label), p]),
    );
    return {
      place: row.place,
      truth: field("truth"),
      predicted: field("predicted"),
      probabilities: Object.fromEntries(probabilities),
      attributes: row.attributes,
    };
  });
}

/**
 * Scores of all tasks as those of one model: each task's own under its name, and their mean.
 * @param test all test rows, in the order of the predictions @param mean of all tasks; null where the rows define none
 */
export function joinedMetrics(
  parts: readonly TaskMetrics[],
  test: Rows,
  mean: Score | null,
  language: Language,
): Metrics {
  const by = <T>(of: (part: TaskMetrics) => T) => Object.fromEntries(parts.map((part) => [part.head.name, of(part)]));
  const temperatures = parts.flatMap(({ head: { name }, metrics: { summary } }) =>
    typeof summary.temperature === "number" ? [[name, summary.temperature] as const] : [],
  );
  const texts = parts
    .toSorted((a, b) => standing(a) - standing(b))
    .map(({ head: { name: task, task: kind }, rows, metrics: { text } }) => {
      const named = say(language, `report.task.${kind}` as const);
      return `${say(language, "evaluate.task", { task, kind: named, rows: rows.length })}\n${text}`;
    });
  const whole = mean && say(language, "evaluate.mean", { score: withInterval(mean) });
  return {
    record: {
      meanScore: mean,
      tasks: by(({ head: { task, weight }, rows, metrics }) => ({
        task,
        weight,
        rows: rows.length,
        ...metrics.record,
      })),
    },
    predictions: joinedPredictions(parts, test),
    summary: {
      meanScore: mean,
      ...Object.fromEntries(
        parts.flatMap(({ head: { name }, metrics }) =>
          Object.entries(metrics.summary)
            .filter(([key]) => key !== "temperature" && key !== "baselines")
            .map(([key, value]) => [`${name}.${key}`, value]),
        ),
      ),
      temperatures: Object.fromEntries(temperatures),
    },
    text: [...texts, ...(whole ? [whole] : [])].join("\n"),
    parts,
  };
}

/** How tasks stand beside their best baselines: those that are worse are said first. */
const standings = ["worse", "untold", "no-difference", "better"];
const standing = ({ metrics: { summary } }: TaskMetrics): number =>
  standings.indexOf(String((summary.baselines as { verdict?: unknown } | undefined)?.verdict));

/** Scores of a model with several heads: each task's own, on the rows that have a label of it, and their mean. */
export function severalMetrics(
  recipe: Recipe,
  heads: readonly TaskHead[],
  {
    dev,
    devLogits,
    test,
    testLogits,
  }: Readonly<Record<"dev" | "test", Rows> & Record<"devLogits" | "testLogits", Logits>>,
  language: Language,
): Metrics {
  const parts = headRanges(heads).map((range) => {
    const [known, asked] = [ofHead(range, dev, devLogits), ofHead(range, test, testLogits)];
    const metrics = withUntrained(recipe, scoringOf(recipe, asked.rows, language), asked.rows, (scoring, picked) =>
      taskOfHead(range.head).metrics(scoring, range.head.labels, {
        dev: known.rows,
        devLogits: known.logits,
        test: picked.map((i) => asked.rows[i]!),
        testLogits: picked.map((i) => asked.logits[i]!),
      }),
    );
    return { head: range.head, rows: asked.rows, metrics };
  });
  const answers = answersOfHeads(heads, testLogits);
  const scores = {
    meanScore: (given: readonly RowAnswer[]) => meanScore(heads, test, given as readonly TaskAnswers[]),
  };
  const mean = scores.meanScore(answers);
  const defined = test.length > 1 && Number.isFinite(mean(Int32Array.from(test.keys())));
  const score = defined ? namedInterval(scoringOf(recipe, test, language), test, "meanScore", mean) : null;
  return { ...joinedMetrics(parts, test, score, language), comparison: { answers, scores } };
}
