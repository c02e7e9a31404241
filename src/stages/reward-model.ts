// What a reward model reads of a prompt with its answer, in training as in judging; and a reward model opened to judge answers.
import { join } from "node:path";
import { isRunFolder, model as modelArtifact } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import type { TextRow } from "../data/index.ts";
import { chatTemplate, messagesOf, templateOf } from "../generate/index.ts";
import { type TextProcessor, textModality } from "../modalities/node/index.ts";
import { headFactsOf } from "../models/index.ts";
import { loadModel } from "../models/node/index.ts";
import type { Predictor, TextInput } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { Reward } from "../rewards/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { type RankTask, taskOf } from "../tasks/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import type { Example } from "../train/index.ts";
import { checkLengths } from "./answer-lengths.ts";
import type { PartExamples } from "./part-examples.ts";

/** What a reward model reads of a prompt and its answer: the chat by its template where the tokenizer has one, else both as a pair. */
export const rankedInput = (tokenizer: Tokenizer, text: string, pair: string): TextInput =>
  chatTemplate(tokenizer) ? templateOf(tokenizer).render(messagesOf({ text, pair }), false) : [text, pair];

/**
 * Opens the model of a run, or a model folder.
 * @param weight factor on its scores
 * @throws E_MODEL for a model that gives no single number; E_IO, E_TOKENIZER
 */
export async function openRewardModel(
  path: string,
  weight: number,
): Promise<{ readonly reward: Reward; dispose(): Promise<void> }> {
  const folder = isRunFolder(path) ? join(path, modelArtifact.path) : path;
  const { model, weights, fresh } = await loadModel(folder);
  const { of, loss } = headFactsOf(model.task);
  if (of !== "inputs" || loss !== "squared" || fresh.length > 0)
    throw new ConcordError("E_MODEL", {
      operation: "open reward model",
      problem: "the model gives no single number for a text",
      expected: "a run with task: reward, or a folder with a head for one number",
      got: fresh.length ? `without ${fresh.slice(0, 3).join(", ")}` : model.task,
      path: folder,
    });
  const processor = await textModality.open(folder, model, { home: "." });
  const predictor = await processor.predictor(model, weights, cpuRuntime);
  const scoresOf = async (answers: Parameters<Reward["of"]>[0]) => {
    const inputs = answers.map(({ prompt, answer }) => rankedInput(processor.tokenizer, prompt, answer));
    return (await predictor.logits(inputs)).map((logits) => logits[0]!);
  };
  return { reward: { name: "model", weight, of: scoresOf }, dispose: () => predictor.dispose() };
}

/** One example a row: the chosen answer, against the rejected one. @throws E_DATA where one is longer than the model reads */
export async function rankedExamples(
  task: RankTask,
  { model: { maxLength } }: Recipe,
  tokenizer: Tokenizer,
  rows: readonly TextRow[],
): Promise<PartExamples> {
  const encoded = async (of: (row: TextRow) => string): Promise<Example[]> => {
    const inputs = rows.map((row) => rankedInput(tokenizer, row.text, of(row)));
    const encodings = inputs.length ? await tokenizer.encodeBatch(inputs) : [];
    checkLengths(
      encodings.map(({ ids }) => ids.length),
      maxLength,
      rows,
    );
    return encodings.map(({ ids, typeIds }, i) => ({
      ids: Int32Array.from(ids),
      ...(typeof inputs[i] !== "string" && { types: Int32Array.from(typeIds) }),
    }));
  };
  const [chosen, rejected] = [await encoded((row) => row.pair!), await encoded((row) => row.rejected!)];
  const of: PartExamples["score"]["of"] = (logits) =>
    task.scored(chosen.map((_, i) => logits[i]!.data[0]! - logits[chosen.length + i]!.data[0]!));
  return {
    examples: chosen.map((example, i) => ({ ...example, against: rejected[i]! })),
    judged: [...chosen, ...rejected],
    score: { ...task.devScore, of },
  };
}

/** By how much a reward model scores the preferred answers higher. @throws E_DATA as training on the rows */
export async function rankedMargins(
  recipe: Recipe,
  { predictor, processor }: { readonly predictor: Predictor<unknown>; readonly processor: TextProcessor },
  rows: readonly TextRow[],
): Promise<number[]> {
  const inputs = (of: (row: TextRow) => string) =>
    rows.map((row) => rankedInput(processor.tokenizer, row.text, of(row)));
  await rankedExamples(taskOf(recipe.task) as RankTask, recipe, processor.tokenizer, rows); // none is cut unseen
  const chosen = await predictor.logits(inputs((row) => row.pair!));
  const rejected = await predictor.logits(inputs((row) => row.rejected!));
  return chosen.map((logits, i) => logits[0]! - rejected[i]![0]!);
}
