// What pretraining brings with few labels: the same model, vocabulary, rows and seed, from pretrained and from random weights.
// node dist/examples/disease/few-labels.js [RUN]  (a finished run of the demo)
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

export interface FewLabels {
  readonly labels: number;
  readonly testRows: number;
  /** Test macro-F1. */
  readonly pretrained: number;
  readonly random: number;
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
  const answers: Answer[][] = [];
  for (const [name, from] of [
    ["from-pretrained", join(resolve(run), "pretrained")],
    ["from-random", join(folder, "random")],
  ] as const) {
    const recipe = readRecipe(await readFile("examples/disease/few-labels.yaml", "utf8"), "few-labels.yaml", [
      `model.from=${from}`,
    ]);
    await runRecipe(recipe, { home: folder, folder: join(folder, name) });
    answers.push(await readAnswers(join(folder, name)));
  }
  return compare(labels, answers[0]!, answers[1]!);
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

function compare(labels: number, first: readonly Answer[], second: readonly Answer[]): FewLabels {
  const truth = first.map((a) => a.truth);
  const macro = (answers: readonly Answer[]) =>
    onRows(
      (t: string[], p: string[]) => averageScores(t, p, "macro").fScore,
      truth,
      answers.map((a) => a.predicted),
    );
  const all = Int32Array.from(truth.keys());
  const { estimate, low, high } = pairedBootstrap(macro(first), macro(second), truth.length, {
    random: random("few labels"),
    resamples: 1000,
    method: "percentile",
    clusters: first.map((a, i) => a.group ?? `row ${i}`),
  });
  return {
    labels,
    testRows: truth.length,
    pretrained: macro(first)(all),
    random: macro(second)(all),
    difference: { estimate, low, high },
  };
}

/** The result in one line. */
export const fewLabelsText = ({ labels, testRows, pretrained, random: fresh, difference }: FewLabels): string => {
  const [d, low, high] = [difference.estimate, difference.low, difference.high].map((x) => x.toFixed(3));
  return `${labels} labels, macro F1 on ${testRows} test rows: pretrained ${pretrained.toFixed(3)}, not pretrained ${fresh.toFixed(3)}, difference ${d} [${low}, ${high}] (95 %, paired)`;
};
