// What pretraining brings with few labels: the same model, vocabulary, rows and seed, from pretrained and from random weights, beside a
// linear model of the same rows.
// Knows nothing of how the run before it was made; prints nothing.
import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { groupBy, random, shuffle } from "../../src/base/index.ts";
import { averageScores, onRows, pairedBootstrap } from "../../src/eval/index.ts";
import { writeFileAtomically } from "../../src/formats/node/index.ts";
import { initialise } from "../../src/models/index.ts";
import { loadModel, saveModel } from "../../src/models/node/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { type Answer, readAnswers } from "./gap.ts";

interface Row {
  readonly text: string;
  readonly labels: readonly string[];
  readonly group?: string;
}

/** One of the two: how it was trained, which the dev part chose, and its macro-F1 on test. */
interface Arm {
  readonly training: string;
  readonly macroF1: number;
}

/** What each arm may choose from: the head alone suits good features, the whole model random ones. One way for both would favour one. */
const trainings: Readonly<Record<string, readonly string[]>> = {
  "head alone": ["adapt.encoderRate=0", "adapt.learningRate=2e-2"],
  "whole model": ["adapt.encoderRate=1", "adapt.learningRate=1e-3"],
};

/** A difference with its 95 % paired bootstrap interval over patients. */
interface Difference {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface FewLabels {
  readonly labels: number;
  readonly testRows: number;
  readonly pretrained: Arm;
  readonly random: Arm;
  /** Macro-F1 of TF-IDF and logistic regression on the same rows. */
  readonly linear: number;
  /** Pretrained minus the other. */
  readonly difference: Difference;
  readonly beyondLinear: Difference;
}

/**
 * Trains twice on a few labelled rows of a finished run and compares on its whole test part.
 * @param run folder of the demo's run; results go to `few-labels/` in it
 * @param labels training rows, drawn evenly over the diseases. Default 400
 * @param seed of the draw, of the random weights and of both trainings. Default 7
 */
export async function fewLabels(run: string, { labels = 400, seed = 7 } = {}): Promise<FewLabels> {
  const folder = join(resolve(run), "few-labels");
  await mkdir(folder, { recursive: true });
  const rows = await rowsOf(run, labels, seed);
  const write = (name: string, text: string) =>
    writeFileAtomically(join(folder, name), [new TextEncoder().encode(text)]);
  await write("rows.jsonl", rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  await writeRandomModel(join(run, "pretrained"), join(folder, "random"), seed);
  const first = await bestRun(folder, join(resolve(run), "pretrained"), seed);
  const second = await bestRun(folder, join(folder, "random"), seed);
  return compare(labels, first, second, await linearAnswers(join(folder, "run")));
}

interface Chosen {
  readonly training: string;
  readonly answers: readonly Answer[];
}

/** Trains in each way and keeps the one that is best on dev. All runs share a folder: only what changed is run again. */
async function bestRun(folder: string, from: string, seed: number): Promise<Chosen> {
  const yaml = await readFile("examples/disease/few-labels.yaml", "utf8");
  const out = join(folder, "run");
  let best: { score: number; chosen: Chosen } | undefined;
  for (const [training, settings] of Object.entries(trainings)) {
    const recipe = readRecipe(yaml, "few-labels.yaml", [`seed=${seed}`, `model.from=${from}`, ...settings]);
    const records = await runRecipe(recipe, { home: folder, folder: out });
    const score = (records.adapt!.summary.devScores as number[]).at(-1)!;
    if (!best || score > best.score) best = { score, chosen: { training, answers: await readAnswers(out) } };
  }
  return best!.chosen;
}

/** What the linear baseline of a run answers to its test rows, in their order. */
async function linearAnswers(run: string): Promise<string[]> {
  const file = JSON.parse(await readFile(join(run, "baselines.json"), "utf8")) as {
    baselines: { name: string; answers: string[] }[];
  };
  return file.baselines.find(({ name }) => name === "linear")!.answers;
}

/** Some training rows, evenly over the diseases, with all dev and test rows of the run. */
async function rowsOf(run: string, labels: number, seed: number) {
  const read = async (part: string) =>
    (await readFile(join(run, "data", `${part}.jsonl`), "utf8"))
      .split("\n")
      .flatMap((line) => (line ? [JSON.parse(line) as Row] : []));
  const byDisease = [
    ...groupBy(shuffle(await read("train"), random(`few labels ${seed}`)), (row) => row.labels[0]!).values(),
  ];
  const train = Array.from({ length: labels }, (_, i) => byDisease[i % byDisease.length]!.pop()!);
  const table = { train, dev: await read("dev"), test: await read("test") };
  return Object.entries(table).flatMap(([part, rows]) =>
    rows.map(({ text, labels: [disease], group }) => ({ text, disease, patient: group, part })),
  );
}

/** A model of the same kind with the same tokenizer and fresh weights. */
async function writeRandomModel(pretrained: string, folder: string, seed: number): Promise<void> {
  const { model } = await loadModel(pretrained);
  const files = await Promise.all(
    ["tokenizer.json", "tokenizer_config.json"].map(async (name) => [
      name,
      await readFile(join(pretrained, name), "utf8"),
    ]),
  );
  await saveModel(folder, model, initialise(model, random(`few labels ${seed}`)), Object.fromEntries(files));
}

function compare(labels: number, first: Chosen, second: Chosen, linear: readonly string[]): FewLabels {
  const truth = first.answers.map((a) => a.truth);
  const given = ({ answers }: Chosen) => answers.map((a) => a.predicted);
  const macro = (answers: readonly string[]) =>
    onRows((t: string[], p: string[]) => averageScores(t, p, "macro").fScore, truth, [...answers]);
  const all = Int32Array.from(truth.keys());
  const arm = (chosen: Chosen) => ({ training: chosen.training, macroF1: macro(given(chosen))(all) });
  const against = (other: readonly string[]): Difference => {
    const { estimate, low, high } = pairedBootstrap(macro(given(first)), macro(other), truth.length, {
      random: random("few labels"),
      resamples: 1000,
      method: "percentile",
      clusters: first.answers.map((a, i) => a.group ?? `row ${i}`),
    });
    return { estimate, low, high };
  };
  return {
    labels,
    testRows: truth.length,
    pretrained: arm(first),
    random: arm(second),
    linear: macro(linear)(all),
    difference: against(given(second)),
    beyondLinear: against(linear),
  };
}

/** The result in two lines. */
export const fewLabelsText = (found: FewLabels): string => {
  const { labels, testRows, pretrained, random: fresh, linear } = found;
  const shown = ({ estimate, low, high }: Difference) =>
    `${estimate.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  return `${labels} labels, macro F1 on ${testRows} test rows: pretrained ${pretrained.macroF1.toFixed(3)} (${pretrained.training}), not pretrained ${fresh.macroF1.toFixed(3)} (${fresh.training}), linear model ${linear.toFixed(3)}
pretrained against not pretrained ${shown(found.difference)}, against the linear model ${shown(found.beyondLinear)} (95 %, paired)`;
};
