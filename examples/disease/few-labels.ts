// What pretraining brings with few labels: the same model, vocabulary, rows and seed, from pretrained and from random weights.
// Knows nothing of how the run before it was made; prints nothing.
import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { groupBy, random, shuffle } from "../../src/base/index.ts";
import { averageScores, onRows, pairedBootstrap } from "../../src/eval/index.ts";
import { writeFileAtomically } from "../../src/formats/node/index.ts";
import { initialise } from "../../src/models/index.ts";
import { loadModel, saveModel } from "../../src/models/node/index.ts";
import { readRecipe, runRecipe } from "../../src/pipeline/index.ts";
import { type Answer, readAnswers } from "./gap.ts";

interface Row {
  readonly text: string;
  readonly labels: readonly string[];
  readonly group?: string;
}

/** One of the two: its learning rate, which the dev part chose, and its macro-F1 on test. */
interface Arm {
  readonly learningRate: number;
  readonly macroF1: number;
}

/** What each arm may choose from. One rate for both would favour one: random weights want a smaller one. */
const learningRates = [1e-3, 2e-3];

export interface FewLabels {
  readonly labels: number;
  readonly testRows: number;
  readonly pretrained: Arm;
  readonly random: Arm;
  /** Pretrained minus random, with its 95 % paired bootstrap interval over patients. */
  readonly difference: { readonly estimate: number; readonly low: number; readonly high: number };
}

/**
 * Trains twice on a few labelled rows of a finished run and compares on its whole test part.
 * @param run folder of the demo's run; results go to `few-labels/` in it
 * @param labels training rows, drawn evenly over the diseases. Default 400
 */
export async function fewLabels(run: string, labels = 400): Promise<FewLabels> {
  const folder = join(resolve(run), "few-labels");
  await mkdir(folder, { recursive: true });
  const rows = await rowsOf(run, labels);
  const write = (name: string, text: string) =>
    writeFileAtomically(join(folder, name), [new TextEncoder().encode(text)]);
  await write("rows.jsonl", rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  await writeRandomModel(join(run, "pretrained"), join(folder, "random"));
  const first = await bestRun(folder, "pretrained", join(resolve(run), "pretrained"));
  const second = await bestRun(folder, "random", join(folder, "random"));
  return compare(labels, first, second);
}

interface Chosen {
  readonly learningRate: number;
  readonly answers: readonly Answer[];
}

/** Trains with each learning rate and keeps the run that is best on dev. */
async function bestRun(folder: string, name: string, from: string): Promise<Chosen> {
  const yaml = await readFile("examples/disease/few-labels.yaml", "utf8");
  let best: { score: number; chosen: Chosen } | undefined;
  for (const learningRate of learningRates) {
    const recipe = readRecipe(yaml, "few-labels.yaml", [`model.from=${from}`, `adapt.learningRate=${learningRate}`]);
    const out = join(folder, `from-${name}-${learningRate}`);
    const records = await runRecipe(recipe, { home: folder, folder: out });
    const score = (records.adapt!.summary.devScores as number[]).at(-1)!;
    if (!best || score > best.score) best = { score, chosen: { learningRate, answers: await readAnswers(out) } };
  }
  return best!.chosen;
}

/** Some training rows, evenly over the diseases, with all dev and test rows of the run. */
async function rowsOf(run: string, labels: number) {
  const read = async (part: string) =>
    (await readFile(join(run, "data", `${part}.jsonl`), "utf8"))
      .split("\n")
      .flatMap((line) => (line ? [JSON.parse(line) as Row] : []));
  const byDisease = [...groupBy(shuffle(await read("train"), random("few labels")), (row) => row.labels[0]!).values()];
  const train = Array.from({ length: labels }, (_, i) => byDisease[i % byDisease.length]!.pop()!);
  const table = { train, dev: await read("dev"), test: await read("test") };
  return Object.entries(table).flatMap(([part, rows]) =>
    rows.map(({ text, labels: [disease], group }) => ({ text, disease, patient: group, part })),
  );
}

/** A model of the same kind with the same tokenizer and fresh weights. */
async function writeRandomModel(pretrained: string, folder: string): Promise<void> {
  const { model } = await loadModel(pretrained);
  const files = await Promise.all(
    ["tokenizer.json", "tokenizer_config.json"].map(async (name) => [
      name,
      await readFile(join(pretrained, name), "utf8"),
    ]),
  );
  await saveModel(folder, model, initialise(model, random("few labels")), Object.fromEntries(files));
}

function compare(labels: number, first: Chosen, second: Chosen): FewLabels {
  const truth = first.answers.map((a) => a.truth);
  const macro = ({ answers }: Chosen) =>
    onRows(
      (t: string[], p: string[]) => averageScores(t, p, "macro").fScore,
      truth,
      answers.map((a) => a.predicted),
    );
  const all = Int32Array.from(truth.keys());
  const arm = (chosen: Chosen) => ({ learningRate: chosen.learningRate, macroF1: macro(chosen)(all) });
  const { estimate, low, high } = pairedBootstrap(macro(first), macro(second), truth.length, {
    random: random("few labels"),
    resamples: 1000,
    method: "percentile",
    clusters: first.answers.map((a, i) => a.group ?? `row ${i}`),
  });
  return {
    labels,
    testRows: truth.length,
    pretrained: arm(first),
    random: arm(second),
    difference: { estimate, low, high },
  };
}

/** The result in one line. */
export const fewLabelsText = ({ labels, testRows, pretrained, random: fresh, difference }: FewLabels): string => {
  const [d, low, high] = [difference.estimate, difference.low, difference.high].map((x) => x.toFixed(3));
  return `${labels} labels, macro F1 on ${testRows} test rows: pretrained ${pretrained.macroF1.toFixed(3)}, not pretrained ${fresh.macroF1.toFixed(3)}, difference ${d} [${low}, ${high}] (95 %, paired)`;
};
