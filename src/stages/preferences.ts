// Rows with preferences as what a training job learns from, and how a model that writes stands to them: the log-probabilities of answers,
// now and where it started. Knows no reward.
import { rowsFolder } from "../artifacts/index.ts";
import { type Row, rowsOfTexts, type TextRow } from "../data/index.ts";
import { sequencesOf, type WrittenRow } from "../generate/index.ts";
import { isTextProcessor, modalities } from "../modalities/node/index.ts";
import { needsOf, type Recipe, rolloutsOf } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { preferenceAccuracy, taskOf } from "../tasks/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { type Example, ignoredLabel, lossProgram, predictLosses, type TrainingJob } from "../train/index.ts";
import { checkLengths } from "./answer-lengths.ts";
import { wordless } from "./examples.ts";
import { openAnyStart, startFolder } from "./model.ts";
import type { PartExamples } from "./part-examples.ts";
import type { Writer } from "./written-texts.ts";

/** What a recipe's model learns from preferences or rewards; undefined where it learns answers, or something else. */
export function preferenceObjective(recipe: Recipe): TrainingJob["objective"] {
  const { objective, beta } = recipe.adapt;
  if (taskOf(recipe.task).ranks) return { name: "ranking", settings: {} };
  const { kl, clip, temperature } = rolloutsOf(recipe);
  if (objective === "dpo") return { name: "dpo", settings: { beta } };
  if (objective === "orpo") return { name: "orpo", settings: { beta } };
  if (objective === "kto") return { name: "kto", settings: { beta } };
  if (objective === "grpo") return { name: "grpo", settings: { kl, clip, temperature } };
  if (objective === "reinforce") return { name: "reinforce", settings: { kl, temperature } };
  return undefined;
}

/** Answers of rows, and what each is compared with: the rejected one, or of single answers another row's. */
interface Compared {
  readonly rows: readonly TextRow[];
  readonly answers: readonly Example[];
  readonly rivals: readonly Example[];
}

/** @throws E_DATA for a prompt that with its answer is longer than the model reads */
async function comparedOf(recipe: Recipe, tokenizer: Tokenizer, rows: readonly TextRow[]): Promise<Compared> {
  const { verdicts } = needsOf(recipe);
  const other = (row: TextRow, i: number) => (verdicts ? rows[(i + 1) % rows.length]!.pair! : row.rejected!);
  const answers = await answersOf(recipe, tokenizer, rows, rows);
  const rivals = await answersOf(
    recipe,
    tokenizer,
    rows,
    rows.map((row, i) => ({ text: row.text, pair: other(row, i) })),
  );
  return { rows, answers, rivals };
}

/** Prompts with answers as examples, whose answers have labels. @param rows where they came from */
async function answersOf(
  { model: { maxLength } }: Recipe,
  tokenizer: Tokenizer,
  rows: readonly TextRow[],
  written: readonly WrittenRow[],
): Promise<Example[]> {
  const sequences = await sequencesOf(tokenizer, written);
  checkLengths(
    sequences.map(({ ids }) => ids.length),
    maxLength,
    rows,
  );
  return sequences.map(({ ids, foretold }) => ({ ids, label: ids.map((id, i) => (foretold[i] ? id : ignoredLabel)) }));
}

/** ln of the probability of each answer. */
async function answerLogs(
  { model, weights }: Pick<Writer, "model" | "weights">,
  threads: number,
  examples: readonly Example[],
): Promise<number[]> {
  const executable = await cpuRuntime.compile(lossProgram(model), { threads });
  try {
    const losses = await predictLosses(executable, model, Object.fromEntries(weights), examples);
    return losses.map(({ data }) => -data[0]!);
  } finally {
    await executable.dispose();
  }
}

const tokensIn = ({ label }: Example): number => (label as Int32Array).filter((id) => id !== ignoredLabel).length;

/** By how much the model prefers what people did, row by row. @param logs of answers, then of rivals @param start the same at the start */
function marginsOf(
  recipe: Recipe,
  { rows, answers, rivals }: Compared,
  logs: readonly number[],
  start: readonly number[] | undefined,
): number[] {
  const { beta } = recipe.adapt;
  const count = answers.length;
  const moved = (i: number) => logs[i]! - (start?.[i] ?? 0);
  if (needsOf(recipe).verdicts) return rows.map(({ desirable }, i) => (desirable ? 1 : -1) * beta * moved(i));
  if (start) return answers.map((_, i) => beta * (moved(i) - moved(count + i)));
  return answers.map((answer, i) => logs[i]! / tokensIn(answer) - logs[count + i]! / tokensIn(rivals[i]!));
}

/** Examples of training and validation rows. The reference is the start as it is: of an adapter its base. */
export async function preferenceParts(
  recipe: Recipe,
  { tokenizer, ...start }: Writer,
  parts: readonly (readonly TextRow[])[],
): Promise<PartExamples[]> {
  const { reference, verdicts } = needsOf(recipe);
  const out: PartExamples[] = [];
  for (const rows of parts) {
    const compared = await comparedOf(recipe, tokenizer, rows);
    const { answers, rivals } = compared;
    const judged = [...answers, ...rivals];
    const logs = reference && rows.length ? await answerLogs(start, recipe.adapt.threads, judged) : undefined;
    const given = (at: number): Record<string, Float32Array> => (logs ? { reference: Float32Array.of(logs[at]!) } : {});
    const examples = answers.map(
      (answer, i): Example => ({
        ...answer,
        given: { ...given(i), ...(verdicts && { desirable: Float32Array.of(Number(rows[i]!.desirable)) }) },
        against: { ...rivals[i]!, given: given(answers.length + i) },
      }),
    );
    const of: PartExamples["score"]["of"] = (losses) => {
      const now = losses.map(({ data }) => -data[0]!);
      return preferenceAccuracy(marginsOf(recipe, compared, now, logs));
    };
    out.push({ examples, judged, score: { name: "preferenceAccuracy", better: "higher", of } });
  }
  return out;
}

/** The model that a recipe of text generation starts from, as it is. @throws E_MODEL, E_IO */
export async function openStartWriter(recipe: Recipe, home: string): Promise<Writer> {
  const folder = startFolder(recipe, home)!;
  const options = { home: rowsFolder(recipe, home), maxLength: recipe.model.maxLength, seed: recipe.seed };
  const head = taskOf(recipe.task).head;
  const { model, weights, processor } = await openAnyStart(
    modalities[recipe.modality],
    folder,
    head,
    undefined,
    options,
  );
  if (!isTextProcessor(processor)) throw wordless(recipe);
  return { model, weights, tokenizer: processor.tokenizer };
}

/** By how much a model prefers what people did, against where it started if the objective does. @param start default none is asked */
export async function preferenceMargins(
  recipe: Recipe,
  writer: Writer,
  rows: readonly Row[],
  start: Pick<Writer, "model" | "weights"> | undefined,
): Promise<number[]> {
  const compared = await comparedOf(recipe, writer.tokenizer, rowsOfTexts(rows));
  const all = [...compared.answers, ...compared.rivals];
  const { threads } = recipe.adapt;
  const before = start && (await answerLogs(start, threads, all));
  return marginsOf(recipe, compared, await answerLogs(writer, threads, all), before);
}

/** How much longer the preferred answer is, in characters: what "longer is better" would say. */
export const lengthMargins = (rows: readonly Row[]): number[] =>
  rowsOfTexts(rows).map(({ pair, rejected }) => [...pair!].length - [...rejected!].length);

/** 1 where a row's verdict is the most frequent one of the training rows, else −1. */
export function verdictMargins(train: readonly Row[], rows: readonly Row[]): number[] {
  const good = rowsOfTexts(train).filter(({ desirable }) => desirable).length;
  const usual = 2 * good >= train.length;
  return rowsOfTexts(rows).map(({ desirable }) => (desirable === usual ? 1 : -1));
}
