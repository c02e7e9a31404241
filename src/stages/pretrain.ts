// pretrain: trains the encoder on unlabelled texts before the task is learned: hidden words, or contrast between texts.

import {
  facts,
  fingerprint,
  from,
  modelFingerprint,
  pretrained,
  pretrainingCurves,
  textRows,
} from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { cleanText, nearDuplicates, type TextRow } from "../data/index.ts";
import { say } from "../messages/index.ts";
import { saveModel } from "../models/node/index.ts";
import { type Recipe, readingOf } from "../recipe/index.ts";
import { formatOf, readRows } from "../tables/node/index.ts";
import { maskingVocabulary, pairedRows, type TrainingJob } from "../train/index.ts";
import { plantedCanaries } from "./canary-words.ts";
import { textsToRead } from "./examples.ts";
import { headForm, makeStart, openStart, type StartingModel, startFolder, textForm, tokenizerFiles } from "./model.ts";
import { type Probe, probe, probeText } from "./probe.ts";
import { requireValidation } from "./selection.ts";
import { defineStage, type StageContext } from "./stage.ts";
import { stepOptions, trainStage } from "./train.ts";

/** A text, and the group that its table says it belongs to. */
export interface FreeText {
  readonly text: string;
  readonly group?: string;
}

export const pretrain = defineStage({
  name: "pretrain",
  version: 3,
  reads: [textRows.train, textRows.dev, textRows.test, facts.prepare],
  makes: [pretrained, pretrainingCurves],
  facts: facts.pretrain,
  supports: (recipe) => recipe.pretrain !== undefined,
  async settings(recipe, home) {
    const { pretrain, model, data } = recipe;
    const folder = startFolder(recipe, home);
    return {
      pretrain,
      model,
      task: recipe.task, // of the probe
      text: pretrain!.text ?? data.text,
      file: pretrain!.file && (await fingerprint(from(home, pretrain!.file))),
      weights: folder && (await modelFingerprint(folder, model.from)),
    };
  },
  async work(context) {
    const { recipe, home, read, write, emit, language } = context;
    const [train, dev] = [await read(textRows.train), await read(textRows.dev)];
    requireValidation(recipe, dev.length);
    const texts = await textsOf(context, train, [...dev, ...(await read(textRows.test))]);
    const { canaries } = recipe.pretrain!;
    const task = pretrainingTask(recipe);
    const folder = startFolder(recipe, home);
    const { seed } = recipe;
    const start = folder
      ? await openStart(folder, task, undefined, { seed, pooling: headForm(recipe).pooling })
      : await makeStart(
          recipe,
          texts.map((t) => t.text),
          task,
          undefined,
        );
    const { tokenizer, model } = start;
    emit({ kind: "note", stage: "pretrain", text: textForm(tokenizer, language) });
    const planted = canaries ? plantedCanaries(tokenizer, canaries.count, recipe.seed) : [];
    const secrets = planted.flatMap(({ text }) => Array<FreeText>(canaries!.repeats).fill({ text }));
    const job = await pretrainingJob(recipe, start, [...texts, ...secrets]);
    const { result, curves, seconds, engine } = await trainStage("pretrain", context, job);
    let probed: Probe | undefined;
    const { labels } = await read(facts.prepare);
    await write(pretrained, async (out) => {
      await saveModel(out, model, result.weights, tokenizerFiles(tokenizer, recipe.model.maxLength));
      probed = await probe(recipe, out, labels, train, dev);
    });
    if (probed) emit({ ...probeText(probed, language), stage: "pretrain" });
    await write(pretrainingCurves, curves);
    return {
      texts: job.examples.length,
      ...(engine && { engine }),
      seconds,
      lastLoss: curves.loss.at(-1),
      probe: probed,
    };
  },
});

/** Training of a model on texts without labels, by the recipe's section `pretrain`. @throws E_DATA where no two texts make a pair */
export async function pretrainingJob(
  { pretrain, model: { maxLength }, adapt, seed }: Recipe,
  { model, weights, tokenizer }: Pick<StartingModel, "model" | "weights" | "tokenizer">,
  texts: readonly FreeText[],
): Promise<TrainingJob> {
  const { epochs, batchSize, learningRate, warmupRatio, maskRate, objective, temperature } = pretrain!;
  const rows = await tokenizer.encodeIds(
    texts.map((t) => t.text),
    { maxLength },
  );
  const dropout = pretrain!.dropout ?? objective === "masked-words";
  const { engine } = pretrain!;
  const plan = { epochs, batchSize, learningRate, warmupRatio, seed, dropout };
  const options = { ...plan, ...stepOptions(pretrain!) };
  const job = { config: model.config, weights, threads: adapt.threads, ...(engine !== "concord" && { engine }) };
  if (objective === "masked-words") {
    const vocabulary = vocabularyOf(model, tokenizer);
    const masked = { name: "masked", settings: { vocabulary, probability: maskRate } } as const;
    return { ...job, examples: rows.map((ids) => ({ ids })), objective: masked, options };
  }
  const special = new Uint8Array(model.tokens!.vocabulary);
  for (const token of Object.values(tokenizer.special)) if (token) special[token.id] = 1;
  const groups = pretrain!.group === undefined ? undefined : groupNumbers(texts);
  const kept = pairedRows(rows, { special, groups });
  if (kept.length < 2)
    throw new ConcordError("E_DATA", {
      operation: "contrastive pretraining",
      problem: "no two texts are long enough to be cut in two, or belong to one group",
      got: `${texts.length} texts`,
      hint: "use longer texts, or name the column that tells which texts belong together: pretrain.group",
      path: "pretrain",
    });
  return {
    ...job,
    examples: kept.map((i) => ({ ids: rows[i]! })),
    objective: {
      name: "contrast",
      settings: { temperature, pairs: { special, groups: groups && Int32Array.from(kept, (i) => groups[i]!) } },
    },
    trains: "encoder",
    options,
  };
}

/** What masking must know of a model's tokens. @throws E_TOKENIZER without a mask token */
export const vocabularyOf = (model: StartingModel["model"], tokenizer: StartingModel["tokenizer"]) =>
  maskingVocabulary(model.tokens!.vocabulary, (id) => tokenizer.idToToken(id), { ...tokenizer.special });

/** The same number for texts of one group; a text without a group has one of its own. */
function groupNumbers(texts: readonly FreeText[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(texts, ({ group }, i) => {
    const key = group === undefined ? `text ${i}` : `group ${group}`;
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  });
}

/** Unlabelled texts: the recipe's table without what dev and test hold (nearly the same text, or the same group), or the training rows. */
async function textsOf(
  { recipe, home, emit, language }: StageContext,
  train: readonly TextRow[],
  validation: readonly TextRow[],
): Promise<FreeText[]> {
  const { pretrain, data } = recipe;
  const groupsOf = (rows: readonly TextRow[]) =>
    textsToRead(recipe, rows).map((text, i): FreeText => ({ text, group: rows[i]!.group }));
  if (!pretrain!.file) return groupsOf(train);
  const heldGroups = new Set(validation.map((r) => r.group));
  const all = await freeTexts(recipe, from(home, pretrain!.file));
  const compared = [...groupsOf(validation), ...all].map((t) => t.text);
  const similar = nearDuplicates(compared, { threshold: data.similarity });
  const validationTexts = new Set(validation.map((_, i) => similar.rootOf(i)));
  const texts = all.filter(
    ({ group }, i) =>
      !validationTexts.has(similar.rootOf(validation.length + i)) && (group === undefined || !heldGroups.has(group)),
  );
  const left = all.length - texts.length;
  if (left) emit({ kind: "note", stage: "pretrain", text: say(language, "pretrain.held", { texts: left }) });
  return texts;
}

/** The texts of a table that is read as the recipe's own are, cleaned, with the group that `pretrain.group` names. @throws E_DATA without that column; as reading does */
export async function freeTexts({ pretrain, data }: Recipe, file: string): Promise<FreeText[]> {
  const [texts, column] = [[] as FreeText[], pretrain?.text ?? data.text];
  const reading = { ...readingOf(data), format: formatOf(file) ?? data.format };
  for await (const { fields } of readRows(file, reading)) {
    const text = cleanText(String(fields[column] ?? ""));
    if (text) texts.push({ text, group: pretrain?.group === undefined ? undefined : groupIn(fields, pretrain.group) });
  }
  return texts;
}

/** The head that a model has while it is pretrained. */
export const pretrainingTask = ({ pretrain }: Recipe) =>
  pretrain?.objective === "contrast" ? ("features" as const) : ("masked-lm" as const);

/** @throws E_DATA without the column */
function groupIn(fields: Readonly<Record<string, unknown>>, column: string): string | undefined {
  if (!Object.hasOwn(fields, column))
    throw new ConcordError("E_DATA", {
      operation: "contrastive pretraining",
      problem: `there is no column ${column}`,
      expected: Object.keys(fields).slice(0, 12).join(", "),
      hint: "set pretrain.group to one of them, or leave it out",
      path: "pretrain.group",
    });
  const value = String(fields[column] ?? "").trim();
  return value === "" ? undefined : value;
}
