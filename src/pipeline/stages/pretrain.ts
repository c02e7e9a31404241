// pretrain: masked-LM training of the encoder on unlabelled texts, before the task is learned.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cleanText, type TextRow } from "../../data/index.ts";
import { readRows } from "../../data/node/index.ts";
import { saveModel } from "../../models/node/index.ts";
import { maskingVocabulary, type TrainingJob } from "../../train/index.ts";
import type { Recipe } from "../recipe.ts";
import type { Stage, StageContext } from "../stage.ts";
import { plantedCanaries } from "./canary-words.ts";
import { textsToRead } from "./examples.ts";
import { fingerprint, from, modelFingerprint, readJsonLines, writeJson } from "./files.ts";
import { makeStart, openStart, type StartingModel, startFolder, textForm, tokenizerFiles } from "./model.ts";
import { trainStage } from "./train.ts";

export const pretrain: Stage = {
  name: "pretrain",
  version: 3,
  after: ["prepare"],
  wanted: (recipe) => recipe.pretrain !== undefined,
  async inputs(recipe, home) {
    const { pretrain, model, data } = recipe;
    const folder = startFolder(recipe, home);
    return {
      pretrain,
      model,
      text: pretrain!.text ?? data.text,
      file: pretrain!.file && (await fingerprint(from(home, pretrain!.file))),
      weights: folder && (await modelFingerprint(folder)),
    };
  },
  async work(context) {
    const { recipe, home, scratch } = context;
    const texts = await textsOf(context);
    const folder = startFolder(recipe, home);
    const start = folder
      ? await openStart(folder, "masked-lm", undefined, { seed: recipe.seed })
      : await makeStart(recipe, texts, "masked-lm", undefined);
    const { tokenizer, model } = start;
    context.emit({ kind: "note", stage: "pretrain", text: textForm(tokenizer, context.language) });
    const { canaries } = recipe.pretrain!;
    const planted = canaries ? plantedCanaries(tokenizer, canaries.count, recipe.seed) : [];
    const secrets = planted.flatMap(({ text }) => Array<string>(canaries!.repeats).fill(text));
    const job = await pretrainingJob(recipe, start, [...texts, ...secrets]);
    const { result, curves, seconds } = await trainStage("pretrain", context, job);
    await mkdir(join(scratch, "pretrained"));
    const files = tokenizerFiles(tokenizer, recipe.model.maxLength);
    await saveModel(join(scratch, "pretrained"), model, result.weights, files);
    await writeJson(join(scratch, "pretrained", "curves.json"), { format: "concord-curves", version: 1, ...curves });
    return { outputs: ["pretrained"], summary: { texts: texts.length, seconds, lastLoss: curves.loss.at(-1) } };
  },
};

/** Masked-LM training of a model on texts, by the recipe's section `pretrain`. */
export async function pretrainingJob(
  { pretrain, model: { maxLength }, adapt, seed }: Recipe,
  { model, weights, tokenizer }: Pick<StartingModel, "model" | "weights" | "tokenizer">,
  texts: readonly string[],
): Promise<TrainingJob> {
  const { epochs, batchSize, learningRate, warmupRatio, maskRate } = pretrain!;
  const rows = await tokenizer.encodeIds([...texts], { maxLength });
  const vocabulary = maskingVocabulary(model.tokens!.vocabulary, (id) => tokenizer.idToToken(id), {
    ...tokenizer.special,
  });
  return {
    config: model.config,
    weights,
    examples: rows.map((ids) => ({ ids })),
    masking: { vocabulary, probability: maskRate },
    threads: adapt.threads,
    options: { epochs, batchSize, learningRate, warmupRatio, seed },
  };
}

/** Unlabelled texts: the recipe's table, or the training rows. Dev and test texts are never among the latter. */
async function textsOf({ recipe, home, run }: StageContext): Promise<string[]> {
  const { pretrain, data } = recipe;
  const partTexts = async (part: string) =>
    textsToRead(recipe, await readJsonLines<TextRow>(join(run, "data", `${part}.jsonl`)));
  if (!pretrain!.file) return await partTexts("train");
  const held = new Set([...(await partTexts("dev")), ...(await partTexts("test"))].map(sameText));
  const texts: string[] = [];
  const column = pretrain!.text ?? data.text;
  for await (const { fields } of readRows(from(home, pretrain!.file))) {
    const text = cleanText(String(fields[column] ?? ""));
    if (text && !held.has(sameText(text))) texts.push(text);
  }
  return texts;
}

/** Texts that differ only in the form of their characters are one. */
const sameText = (text: string): string => text.normalize("NFKC");
