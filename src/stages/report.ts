// report: what the stages left, as one page to read, keep and print.
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { basename, join } from "node:path";
import { arch, platform } from "node:process";
import { writeFileAtomically } from "../formats/node/index.ts";
import { auditParts, type Recipe, recipeText } from "../recipe/index.ts";
import { type DataFacts, type ReportInput, reportPage, type Training } from "../report/index.ts";
import type { StageRecord } from "../store/index.ts";
import { type Prediction, taskOf } from "../tasks/index.ts";
import { auditFile, quotesFile } from "./audit/part.ts";
import { digestOf, readJson, readJsonLines } from "./files.ts";
import { quotedRows } from "./quoted-rows.ts";
import type { Stage, StageContext } from "./stage.ts";
import type { TokenLengths } from "./token-lengths.ts";
import { versions } from "./versions.ts";

export const reportStage: Stage = {
  name: "report",
  version: 2,
  after: [
    "prepare",
    "pretrain",
    "adapt",
    "baseline",
    "evaluate",
    ...auditParts.map((part) => `audit-${part}`),
    "export",
  ],
  wanted: () => true,
  inputs: async (recipe) => ({ recipe }),
  async work(context) {
    const page = new TextEncoder().encode(await reportPage(await reportInput(context)));
    await writeFileAtomically(join(context.scratch, "report.html"), [page]);
    return { outputs: ["report.html"], summary: { bytes: page.length } };
  },
};

/** What the stages of a run left, as a report shows it. */
export async function reportInput({
  recipe,
  home,
  run,
  before,
}: Pick<StageContext, "recipe" | "home" | "run" | "before">): Promise<ReportInput> {
  const { adapt } = before as Record<string, StageRecord>;
  const read = <T>(...path: string[]) => readJson<T>(join(run, ...path));
  const [metrics, data, predictions] = await Promise.all([
    before.evaluate ? read<Record<string, unknown>>("metrics.json") : {},
    read<DataFacts>("data", "data-report.json"),
    before.evaluate ? readJsonLines<Prediction>(join(run, "predictions.jsonl")) : [],
  ]);
  const text = recipeText(recipe);
  const peak = adapt!.summary.peakMemoryBytes;
  return {
    language: recipe.report.language,
    name: recipe.name,
    task: recipe.task,
    made: new Date().toISOString(),
    recipe: { text, digest: digestOf(text), seed: recipe.seed },
    model: {
      from: recipe.model.from && basename(recipe.model.from),
      method: recipe.adapt.method,
      parameters: Number(adapt!.summary.parameters),
      ...(await sizeOf(run, recipe)),
    },
    data,
    tokens: adapt!.summary.tokens as TokenLengths | undefined, // written by the stage adapt
    trainings: await trainingsOf(run, before),
    metrics,
    testRows: predictions.length,
    audit: await auditsOf(run, before, recipe.report.examples > 0),
    privacy: recipe.adapt.privacy && (await read<Record<string, unknown>>("privacy.json")),
    examples: await quotedRows(recipe, home, run, predictions),
    pairs: pairsOf(recipe, predictions),
    stages: Object.values(before).map(({ stage, seconds, key }) => ({ stage, seconds, key })),
    machine: {
      system: `${platform}-${arch}`,
      processor: cpus()[0]?.model.trim() || arch,
      threads: cpus().length,
      memoryBytes: totalmem(),
      peakBytes: typeof peak === "number" ? peak : undefined,
    },
    sizes: await sizesOf(run),
    versions: versions(),
  };
}

/** How large an input may be. */
async function sizeOf(run: string, recipe: Recipe): Promise<Pick<ReportInput["model"], "maxLength" | "imageSide">> {
  if (recipe.modality === "text") return { maxLength: recipe.model.maxLength };
  const { image_size: imageSide } = await readJson<{ image_size?: number }>(join(run, "model", "config.json"));
  return { imageSide };
}

/** What the parts of the audit that ran have found, with the texts that they quote where the report may. */
async function auditsOf(
  run: string,
  before: StageContext["before"],
  quoting: boolean,
): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const part of auditParts) {
    const record = before[`audit-${part}`];
    if (!record) continue;
    const quotes =
      quoting && record.outputs.includes(quotesFile(part)) ? await readJson(join(run, quotesFile(part))) : undefined;
    found[part] = { ...(await readJson<Record<string, unknown>>(join(run, auditFile(part)))), quotes };
  }
  return found;
}

async function trainingsOf(run: string, before: StageContext["before"]): Promise<Training[]> {
  const stages = [
    ["pretrain", join("pretrained", "curves.json")],
    ["adapt", "curves.json"],
  ] as const;
  const known = stages.filter(([stage]) => before[stage]);
  return await Promise.all(
    known.map(async ([stage, path]) => {
      const { seconds, examplesPerSecond } = before[stage]!.summary as { seconds: number; examplesPerSecond?: number };
      const curves = await readJson<Pick<Training, "loss" | "learningRate" | "epochs">>(join(run, path));
      return { ...curves, stage, seconds, examplesPerSecond };
    }),
  );
}

const pairsOf = ({ task }: Recipe, predictions: readonly Prediction[]): [number, number][] =>
  taskOf(task).numeric ? predictions.map((p) => [Number(p.truth), Number(p.predicted)]) : [];

async function sizesOf(run: string): Promise<Record<string, number>> {
  const files = ["model/model.safetensors", "adapter/adapter_model.safetensors", "onnx/model.onnx"];
  const there = files.filter((name) => existsSync(join(run, name)));
  return Object.fromEntries(await Promise.all(there.map(async (name) => [name, (await stat(join(run, name))).size])));
}
