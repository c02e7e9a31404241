// Whether explanations of both models are as faithful: each model's answers to the same rows, explained by methods that only ask it.
import { drawn } from "../../audit/index.ts";
import { isConcordError, random } from "../../base/index.ts";
import {
  type Explainer,
  explainedFaithfulness,
  explainer,
  faithfulness,
  type PartMethod,
  partMethods,
  rankWords,
} from "../../explanation/index.ts";
import { isTextPredictor, type TextInput } from "../../predict/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import type { Rows } from "../../tasks/index.ts";
import type { StepContext } from "../step.ts";
import type { Temperatures } from "./sets.ts";
import { type Change, type PairedDraws, pairedChange, type Side } from "./sides.ts";

/** Sets of words or patches that SHAP asks about an input: an average over rows needs no more. */
const shapEvaluations = 64;

/**
 * Area over the perturbation curve (AOPC, see `faithfulness`) of each method that only asks, on a sample of test rows, before and after:
 * of the words of texts, of the patches of images.
 * @param count rows of the sample
 * @returns none for models that read neither
 */
export async function faithfulnessChanges(
  { recipe, rows }: StepContext,
  before: Side,
  after: Side,
  temperatures: Temperatures,
  { count, ...draws }: PairedDraws & { readonly count: number },
): Promise<Record<string, Change>> {
  const sample = drawn(rows.test, count, random(recipe.seed).split("compression faithfulness"));
  const changes: Record<string, Change> = {};
  for (const method of partMethods) {
    const first = await aopcOf(before, sample, method, temperatures.before);
    const second = await aopcOf(after, sample, method, temperatures.after);
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

/** AOPC of each row, by the model itself, without decisions; NaN where there is nothing to explain. */
async function aopcOf(
  { unadjusted: predictor, processor }: Side,
  rows: Rows,
  method: PartMethod,
  temperature = 1,
): Promise<number[]> {
  const inputs = await processor.inputs(rows);
  const found: number[] = [];
  if (predictor.parted) {
    const options = { evaluations: shapEvaluations, temperature };
    for (const input of inputs)
      found.push((await explainedFaithfulness(predictor, predictor.parted(input), method, options)).aopc);
    return found;
  }
  if (!isTextPredictor(predictor)) return rows.map(() => Number.NaN);
  const asking = explainer(undefined, predictor, cpuRuntime);
  for (const input of inputs) {
    const item = await ranked(asking, input as TextInput, method);
    const [judged] = item ? await faithfulness(predictor, [item], { temperature }) : [];
    found.push(judged?.aopc ?? Number.NaN);
  }
  return found;
}

async function ranked(asking: Explainer, input: TextInput, method: PartMethod) {
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
