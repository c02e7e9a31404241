// compress: makes the run's model smaller by the recipe's steps, measures both models on the same rows, and keeps the smaller one
// unless a tolerance is exceeded.
import { join } from "node:path";
import { compressed, compression, facts, model, rows, rowsFolder } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { modalities } from "../modalities/node/index.ts";
import { loadModel } from "../models/node/index.ts";
import { headAnswers, isCalibratedBySoftmax, type Predictor } from "../predict/index.ts";
import { type CompressSettings, type CompressStepSettings, hasTestSplit } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { defineStage, interrupted, measure, openAnyModel, withDecisions } from "../stages/index.ts";
import { reaudit } from "./reaudit/reaudit.ts";
import type { Side } from "./reaudit/sides.ts";
import { type Search, searched } from "./search.ts";
import { compressionSection } from "./section.ts";
import type { Compressing, StepContext } from "./step.ts";
import { applyStep, askedStep } from "./steps/index.ts";
import { compressionText } from "./text.ts";
import { checkTolerances } from "./tolerances.ts";
import { weightBytes, writeModel, writeRecord, writeStored } from "./write-compressed.ts";

export const compress = defineStage({
  name: "compress",
  version: 1,
  reads: [rows.train, rows.dev, rows.test, model, facts.evaluate],
  makes: [compressed, compression],
  facts: facts.compress,
  evidence: compression,
  section: compressionSection,
  onDemand: true,
  local: true,
  supports: (recipe) => hasTestSplit(recipe) && recipe.compress !== undefined,
  settings: async ({ compress, task, data, model, evaluate }) => ({
    compress,
    task,
    attributes: data.attributes,
    maxLength: model.maxLength,
    evaluate,
  }),
  async work(context) {
    const { recipe, home, run, scratch, read, write, emit, signal, language } = context;
    const settings = recipe.compress as CompressSettings; // supports: only recipes that have it
    const from = await read(model);
    const { model: loaded, weights } = await loadModel(from);
    checkAnswers(loaded.task, from);
    const options = { home: rowsFolder(recipe, home), maxLength: recipe.model.maxLength };
    const processor = await modalities[recipe.modality].open(from, loaded, options);
    const parts = { train: await read(rows.train), dev: await read(rows.dev), test: await read(rows.test) };
    const original: Compressing = { model: loaded, weights, processor };
    const stepping: StepContext = { ...context, rows: parts, original };
    const own = await applied(original, settings.steps, stepping);
    if (signal?.aborted) throw interrupted("compress", run);
    const unadjusted = await processor.predictor(loaded, weights, cpuRuntime);
    try {
      const before: Side = {
        predictor: await withDecisions<unknown, Predictor<unknown>>(from, unadjusted),
        unadjusted,
        processor,
        bytes: await weightBytes(from),
      };
      const { result, steps, search } = await withTarget(own, before, from, settings, stepping);
      await write(compressed, async (made) => {
        await writeModel(made, from, result);
        const size = { before: before.bytes, after: await weightBytes(made) };
        await writeRecord(made, {
          steps,
          size,
          temperatureApplied: false,
          ...(result.stored && { onnx: result.stored.name }),
        });
        const calibrated = await calibrate(made, result, stepping);
        await writeRecord(made, { steps, size, ...calibrated, ...(result.stored && { onnx: result.stored.name }) });
      });
      const made = join(scratch, compressed.path);
      const opened = await openAnyModel(made);
      try {
        const { predictor, unadjusted: plain, processor: own } = opened;
        const after: Side = { predictor, unadjusted: plain, processor: own, bytes: await weightBytes(made) };
        const { values, ...found } = await reaudit(stepping, before, after, settings);
        if (signal?.aborted) throw interrupted("compress", run);
        const { answers } = found;
        checkTolerances(found.changes, settings.tolerances, answers && answers.changed / answers.rows);
        await write(compression, {
          part: "compression",
          values,
          steps,
          tolerances: settings.tolerances,
          search,
          ...found,
        });
        emit({ kind: "note", stage: "compress", text: compressionText({ ...found, search }, language) });
        return { bytes: after.bytes, steps: steps.map(({ step }) => step) };
      } finally {
        await opened.predictor.dispose();
      }
    } finally {
      await unadjusted.dispose();
    }
  },
});

function checkAnswers(task: Compressing["model"]["task"], path: string): void {
  if (headAnswers(task)) return;
  throw new ConcordError("E_MODEL", {
    operation: "compress",
    problem: `a model for ${task} answers nothing that could be compared`,
    expected: "a model that was adapted to a task",
    path,
  });
}

/** What the recipe's steps made, and the way to store it that a search finds where there is a target. */
async function withTarget(
  own: Applied,
  before: Side,
  from: string,
  { target }: CompressSettings,
  context: StepContext,
): Promise<Applied & { readonly search?: Search }> {
  if (!target) return own;
  const found = await searched(own.result, before, from, { target, context });
  const stored = await applied(own.result, found.steps, context);
  return { result: stored.result, steps: [...own.steps, ...stored.steps], search: found.search };
}

type Applied = Awaited<ReturnType<typeof applied>>;

/** Steps in their order, and what compression.json says of each. */
async function applied(start: Compressing, steps: readonly CompressStepSettings[], context: StepContext) {
  const done: { step: string; settings: Record<string, unknown> }[] = [];
  let result = start;
  for (const [at, entry] of steps.entries()) {
    const { name, settings } = askedStep(entry);
    const stepped = await applyStep(result, entry, { ...context, keep: join(context.keep, `step-${at + 1}`) });
    result = stepped.result;
    done.push({ step: name, settings: { ...settings }, ...stepped.facts });
  }
  return { result, steps: done };
}

/**
 * Fits the temperature on validation rows again, and puts it into the file where nothing else reads its logits.
 * @param folder of the compressed model, its logits the model's own
 */
async function calibrate(folder: string, result: Compressing, { recipe, rows, language }: StepContext) {
  if (!isCalibratedBySoftmax(result.model.task) || rows.dev.length === 0) return { temperatureApplied: false };
  const { predictor, processor } = await openAnyModel(folder);
  try {
    const { record } = await measure(recipe, { predictor, processor }, rows.dev, rows.dev, language);
    const temperature = Number(record.temperature);
    if (!(temperature > 0)) return { temperatureApplied: false };
    const applies = result.stored !== undefined && !predictor.decisions;
    if (applies) await writeStored(folder, result, temperature);
    return { temperature, temperatureApplied: applies };
  } finally {
    await predictor.dispose();
  }
}
