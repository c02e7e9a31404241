// Entity recognition on CLUENER against the same model in PyTorch: the same start, windows and settings, three seeds each, in turn.
// Seconds per epoch and the F1 of entities on its dev file, both sides scored by the same code.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostArray } from "../src/base/index.ts";
import { prepareTexts, type TextRow } from "../src/data/index.ts";
import { tokensOf } from "../src/modalities/index.ts";
import { saveModel } from "../src/models/node/index.ts";
import { readRecipe } from "../src/recipe/read-recipe.ts";
import { examplesOf, headLabels, textsToRead } from "../src/stages/examples.ts";
import { makeStart, type StartingModel } from "../src/stages/model.ts";
import type { PartExamples } from "../src/stages/part-examples.ts";
import { readRows } from "../src/tables/node/index.ts";
import { type Example, ignoredLabel, type TrainingJob } from "../src/train/index.ts";
import { train } from "../src/train/node/train.ts";
import { median, peer, runForJson } from "./peers.ts";

const seeds = [0, 1, 2];
/** A file of CLUENER. */
export const table = (part: string) => join(peer.data, `../cluener.${part}.jsonl`);
/** @param head how tags are decided. Default each word by itself */
export const entitiesRecipe = (seed: number, head: "linear" | "crf" = "linear") =>
  readRecipe(
    `
version: 1
name: entities
task: entities
seed: ${seed}
data: { file: cluener.train.jsonl }
model: { scratch: { vocabulary: 6000, width: 128, layers: 2, heads: 4, inner: 512 }, maxLength: 64, head: ${head} }
adapt: { epochs: 5, batchSize: 16, learningRate: 1e-3 }
`,
    "recipe.yaml",
  );

/** All rows of a file of CLUENER. */
export async function rowsOf(part: string): Promise<readonly TextRow[]> {
  const columns = { text: "text", label: "label" };
  const shares = { train: 1, dev: 0, test: 0 };
  return (await prepareTexts(readRows(table(part)), { columns, kind: "entities", shares })).rows;
}

/** What a run gave. */
export interface Measured {
  readonly f1: number;
  readonly seconds: readonly number[];
}

/** Trains, and scores the dev file after the last epoch. */
export async function ours(
  seed: number,
  start: StartingModel,
  own: PartExamples,
  test: PartExamples,
): Promise<Measured> {
  const { epochs, batchSize, learningRate, warmupRatio, weightDecay, threads } = entitiesRecipe(seed).adapt;
  const job: TrainingJob = {
    config: start.model.config,
    weights: new Map<string, HostArray>(start.weights),
    examples: own.examples,
    dev: test.examples,
    threads,
    options: { epochs, batchSize, learningRate, warmupRatio, weightDecay, seed },
  };
  const seconds: number[] = [];
  let [f1, began, last, perEpoch] = [0, 0, 0, 1];
  await train(job, {
    onEvent: (event) => {
      if (event.kind === "start") perEpoch = event.stepsPerEpoch;
      if (event.kind === "step") {
        if (event.step % perEpoch === 1) began = event.atMs;
        last = event.atMs;
      }
      // from the end of the first step, as if it had taken as long as the others
      if (event.kind === "epoch") seconds.push(((last - began) / 1000) * (perEpoch / (perEpoch - 1)));
      if (event.kind === "epoch" && event.devLogits) f1 = test.score.of(event.devLogits);
    },
  });
  return { f1, seconds };
}

async function theirs(seed: number, start: StartingModel, own: PartExamples, test: PartExamples): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "concord-entities-"));
  try {
    mkdirSync(join(folder, "model"));
    await saveModel(join(folder, "model"), start.model, start.weights, {});
    const plain = (example: Example, i: number) => ({
      ids: Array.from(tokensOf(example, i).ids),
      label: Array.from(example.label as Int32Array),
    });
    const job = { ...entitiesRecipe(seed).adapt, seed, train: own.examples.map(plain), test: test.examples.map(plain) };
    writeFileSync(join(folder, "job.json"), JSON.stringify(job));
    const script = join(import.meta.dirname, "../../bench/entities.py");
    const done = runForJson<{ seconds: number[]; predicted: number[][] }>(peer.python!, [
      script,
      join(folder, "model"),
      join(folder, "job.json"),
    ]);
    const labels = start.model.labels!.names.length;
    const logits = done.predicted.map((tokens) => {
      const data = new Float32Array(tokens.length * labels);
      for (const [token, label] of tokens.entries()) data[token * labels + label] = 1;
      return { data };
    });
    return { f1: test.score.of(logits), seconds: done.seconds };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One row a seed, and one of the means. */
export async function entitiesBench(): Promise<Record<string, unknown>[]> {
  if (!existsSync(table("train"))) return [{ skipped: "../shared has no CLUENER" }];
  const [own, test] = [await rowsOf("train"), await rowsOf("dev")];
  const types = [...new Set(own.flatMap((r) => r.labels))].sort();
  const labels = headLabels(entitiesRecipe(0), types)!;
  const rows: { seed: number; peerF1: number; oursF1: number; peerEpochS: number; oursEpochS: number }[] = [];
  for (const seed of seeds) {
    const start = await makeStart(entitiesRecipe(seed), textsToRead(entitiesRecipe(seed), own), "token", labels);
    const [learned, held] = [
      await examplesOf(entitiesRecipe(seed), start.processor, labels, own),
      await examplesOf(entitiesRecipe(seed), start.processor, labels, test),
    ];
    if (!learned.examples.some((e) => (e.label as Int32Array).some((l) => l !== ignoredLabel && l > 0)))
      throw new Error("no entity among the examples");
    const a = await theirs(seed, start, learned, held);
    const b = await ours(seed, start, learned, held);
    rows.push({ seed, peerF1: a.f1, oursF1: b.f1, peerEpochS: median(a.seconds), oursEpochS: median(b.seconds) });
    console.log(rows.at(-1));
  }
  const mean = (of: (row: (typeof rows)[number]) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const [peerF1, oursF1] = [mean((r) => r.peerF1), mean((r) => r.oursF1)];
  const [peerEpochS, oursEpochS] = [mean((r) => r.peerEpochS), mean((r) => r.oursEpochS)];
  const difference = oursF1 - peerF1;
  return [
    ...rows.map((row) => ({ ...row })),
    { mean: seeds.length, peerF1, oursF1, difference, peerEpochS, oursEpochS, timeRatio: oursEpochS / peerEpochS },
  ];
}
