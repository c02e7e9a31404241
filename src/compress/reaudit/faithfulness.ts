// Whether explanations of both models are as faithful: each model's answers to the same texts, explained by methods that only ask it.
import { drawn } from "../../audit/index.ts";
import { isConcordError, random } from "../../base/index.ts";
import type { TextRow } from "../../data/index.ts";
import { type Explainer, type ExplanationMethod, explainer, faithfulness, rankWords } from "../../explanation/index.ts";
import { inputOf } from "../../modalities/node/index.ts";
import { isTextPredictor, type TextInput, type TextPredictor } from "../../predict/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import type { StepContext } from "../step.ts";
import type { Temperatures } from "./sets.ts";
import { type Change, type PairedDraws, pairedChange } from "./sides.ts";

/** Methods that need no gradients. */
const methods = ["occlusion", "shap"] as const satisfies readonly ExplanationMethod[];
/** Sets of words that SHAP asks about a text: an average over texts needs no more. */
const shapEvaluations = 64;

/**
 * Area over the perturbation curve (AOPC, see `faithfulness`) of each method on a sample of test texts, before and after.
 * @param before the model by itself, without decisions @param count texts of the sample
 * @returns none for models that read no texts
 */
export async function faithfulnessChanges(
  { recipe, rows }: StepContext,
  before: unknown,
  after: unknown,
  temperatures: Temperatures,
  { count, ...draws }: PairedDraws & { readonly count: number },
): Promise<Record<string, Change>> {
  const [a, b] = [before, after] as readonly Parameters<typeof isTextPredictor>[0][];
  if (!isTextPredictor(a!) || !isTextPredictor(b!) || count === 0) return {};
  const sample = drawn(rows.test, count, random(recipe.seed).split("compression faithfulness")) as TextRow[];
  const changes: Record<string, Change> = {};
  for (const method of methods) {
    const first = await aopcOf(a, sample, method, temperatures.before);
    const second = await aopcOf(b, sample, method, temperatures.after);
    const kept = sample.flatMap((row, i) => (Number.isFinite(first[i]! + second[i]!) ? [{ row, i }] : []));
    const mean = (values: readonly number[]) => (picked: Int32Array) =>
      picked.reduce((sum, at) => sum + values[kept[at]!.i]!, 0) / picked.length;
    const found = pairedChange(
      `faithfulness ${method}`,
      mean(first),
      mean(second),
      kept.map(({ row }) => row),
      draws,
    );
    if (found) changes[`faithfulness.${method}`] = found;
  }
  return changes;
}

/** AOPC of each text; NaN where there is nothing to explain. */
async function aopcOf(
  predictor: TextPredictor,
  rows: readonly TextRow[],
  method: ExplanationMethod,
  temperature = 1,
): Promise<number[]> {
  const asking = explainer(undefined, predictor, cpuRuntime);
  const found: number[] = [];
  for (const row of rows) {
    const item = await ranked(asking, inputOf(row), method);
    const [judged] = item ? await faithfulness(predictor, [item], { temperature }) : [];
    found.push(judged?.aopc ?? Number.NaN);
  }
  return found;
}

async function ranked(asking: Explainer, input: TextInput, method: ExplanationMethod) {
  try {
    const question = await asking.question(input);
    if (!question) return undefined; // no words, or no entity
    const { words } = await asking.explain(input, { method, evaluations: shapEvaluations });
    const { seen, target, place } = question;
    return { seen, target, token: place?.token, order: rankWords(words.map(({ value }) => value)) };
  } catch (fault) {
    if (isConcordError(fault, "E_ARGUMENT")) return undefined; // a word that windows cut
    throw fault;
  }
}
