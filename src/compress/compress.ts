// compress: makes the run's model smaller by the recipe's steps, measures both models on the same rows, and keeps the smaller one
// unless a tolerance is exceeded.
import { join } from "node:path";
import { compressed, compression, facts, model, rows, rowsFolder } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { modalities } from "../modalities/node/index.ts";
import { headFactsOf } from "../models/index.ts";
import { loadModel } from "../models/node/index.ts";
import { headAnswers, isCalibratedBySoftmax, type Predictor } from "../predict/index.ts";
import { type CompressSettings, hasTestSplit } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { defineStage, interrupted, openAnyModel, withDecisions } from "../stages/index.ts";
import { type Applied, applied } from "./applied.ts";
import { makeOnce } from "./once.ts";
import { reaudit, reauditValues } from "./reaudit/reaudit.ts";
import { plainChange, type Side } from "./reaudit/sides.ts";
import { type Search, searched } from "./search.ts";
import { compressionSection } from "./section.ts";
import type { Compressing, StepContext } from "./step.ts";
import { compressionText } from "./text.ts";
import { checkTolerances } from "./tolerances.ts";
import { weightBytes, writeModel, writeRecord, writeStored } from "./write-compressed.ts";

export const compress = defineStage({
  name: "compress",
  version: 3,
  reads: [rows.train, rows.dev, rows.test, model, facts.evaluate, facts.adapt],
  makes: [compressed, compression],
  facts: facts.compress,
  evidence: compression,
  section: compressionSection,
  onDemand: true,
  local: true,
  supports: (recipe) => hasTestSplit(recipe) && recipe.compress !== undefined,
  settings: async ({ compress, task, data, model, evaluate, audit }) => ({
    compress,
    sets: audit?.robustness,
    task,
    attributes: data.attributes,
    maxLength: model.maxLength,
    evaluate,
  }),
  async work(context) {
    const { recipe, home, scratch, read, find, write, emit, language } = context;
    const settings = recipe.compress as CompressSettings; // supports: only recipes that have it
    const from = await read(model);
    const { model: loaded, weights } = await loadModel(from);
    checkAnswers(loaded.task, from);
    const rowsHome = rowsFolder(recipe, home);
    const processor = await modalities[recipe.modality].open(from, loaded, {
      home: rowsHome,
      maxLength: recipe.model.maxLength,
    });
    const parts = { train: await read(rows.train), dev: await read(rows.dev), test: await read(rows.test) };
    const original: Compressing = { model: loaded, weights, processor };
    const stepping: StepContext = { ...context, rows: parts, original, from, rowsHome, once: makeOnce() };
    const own = await applied(original, settings.steps, stepping);
    stopWhereAborted(context);
    const unadjusted = await processor.predictor(loaded, weights, cpuRuntime);
    try {
      const predictor = await withDecisions<unknown, Predictor<unknown>>(from, unadjusted);
      const before: Side = { predictor, unadjusted, processor };
      const bytes = await weightBytes(from);
      const { target, candidates, minutes = 10 } = settings;
      const { examplesPerSecond } = (await find(facts.adapt)) ?? {};
      const { result, steps, search }: Applied & { readonly search?: Search } = target
        ? await searched(own, { before, bytes }, { target, candidates, minutes, examplesPerSecond, context: stepping })
        : own;
      await write(compressed, (folder) => writeModel(folder, from, result));
      const folder = join(scratch, compressed.path);
      await writeRecord(folder, recordOf(result, steps, { before: bytes, after: await weightBytes(folder) }));
      const found = await audited(folder, before, settings, stepping);
      const calibration = await calibrate(folder, result, found);
      const size = { before: bytes, after: await weightBytes(folder) };
      await writeRecord(folder, { ...recordOf(result, steps, size), ...calibration });
      const changes = { "size.bytes": plainChange(size.before, size.after), ...found.changes };
      const { answers } = found;
      checkTolerances(changes, settings.tolerances, answers && answers.changed / answers.rows);
      const { decides: _, ...kept } = { ...found, changes, steps, tolerances: settings.tolerances, search };
      await write(compression, { part: "compression", values: reauditValues({ changes, answers }), ...kept });
      emit({ kind: "note", stage: "compress", text: compressionText(kept, language) });
      return { bytes: size.after, steps: steps.map(({ step }) => step) };
    } finally {
      await unadjusted.dispose();
    }
  },
});

const stopWhereAborted = ({ signal, run }: Pick<StepContext, "signal" | "run">): void => {
  if (signal?.aborted) throw interrupted("compress", run);
};

/** What compression.json says before calibration. */
const recordOf = ({ stored }: Compressing, steps: Applied["steps"], size: { before: number; after: number }) => ({
  steps: [...steps],
  size,
  temperatureApplied: false,
  ...(stored && { onnx: stored.name }),
});

/** The audit of both models. @param folder of the compressed one; its logits are the model's own @returns also whether a rule decides */
async function audited(folder: string, before: Side, settings: CompressSettings, context: StepContext) {
  const opened = await openAnyModel(folder, { home: context.rowsHome });
  try {
    const found = await reaudit(context, before, opened, settings);
    stopWhereAborted(context);
    return { ...found, decides: opened.predictor.decisions !== undefined };
  } finally {
    await opened.predictor.dispose();
  }
}

function checkAnswers(task: Compressing["model"]["task"], path: string): void {
  if (headFactsOf(task).loss === "several")
    throw new ConcordError("E_MODEL", {
      operation: "compress",
      problem: "models with several heads are not compressed so far",
      expected: "a model with one head",
      path,
    });
  if (headAnswers(task)) return;
  throw new ConcordError("E_MODEL", {
    operation: "compress",
    problem: `a model for ${task} answers nothing that could be compared`,
    expected: "a model that was adapted to a task",
    path,
  });
}

/**
 * Puts the temperature of validation rows into the file, where nothing else reads its logits.
 * @param folder of the compressed model, its logits the model's own
 */
async function calibrate(
  folder: string,
  result: Compressing,
  { temperatures, decides }: Awaited<ReturnType<typeof audited>>,
) {
  const temperature = temperatures.after;
  if (!isCalibratedBySoftmax(result.model.task) || temperature === undefined || !(temperature > 0))
    return { temperatureApplied: false };
  const applies = result.stored !== undefined && !decides;
  if (applies) await writeStored(folder, result, temperature);
  return { temperature, temperatureApplied: applies };
}
