// Explains inputs of any kind by hiding parts of them, such as the patches of an image: occlusion and SHAP, which only ask the model, and
// how faithful their orders are. Knows no kind of part and no gradients.
import type { Parted, Predictor } from "../predict/index.ts";
import { type Faithfulness, faithfulnessOf, hiddenSets, rankWords, scoreOf } from "./faithfulness.ts";
import { type Judgement, type JudgementOptions, judgeInputs } from "./judgement.ts";
import type { ExplanationMethod } from "./methods.ts";
import { shapleyValues } from "./shapley.ts";

/** Methods that only ask a model about inputs with parts hidden. */
export const partMethods = ["occlusion", "shap"] as const satisfies readonly ExplanationMethod[];
export type PartMethod = (typeof partMethods)[number];

export interface PartOptions {
  /** Sets of parts that SHAP asks about. Default 500. */
  readonly evaluations?: number;
}

/**
 * The contribution of each part of an input to an output of the head: its logit with the part less without (occlusion), or its Owen
 * value over halves of the parts in their order (shap).
 * @param target number of the output @returns [parts]
 * @example await partValues(predictor.parted!(picture), 0, "occlusion")
 */
export async function partValues(
  input: Parted,
  target: number,
  method: PartMethod,
  { evaluations }: PartOptions = {},
): Promise<ArrayLike<number>> {
  const { count } = input;
  const worth = async (hidden: readonly Uint8Array[]) => (await input.logits(hidden)).map((row) => row[target]!);
  if (method === "shap")
    return (await shapleyValues(count, (shown) => worth(shown.map((set) => set.map((x) => 1 - x))), { evaluations }))
      .values;
  const sets = Array.from({ length: count }, (_, part) =>
    Uint8Array.from({ length: count }, (_, i) => Number(i === part)),
  );
  const [full, ...without] = await worth([new Uint8Array(count), ...sets]);
  return without.map((value) => full! - value);
}

/**
 * How faithful an order of an input's parts is, as `faithfulness` measures it of words: parts are hidden, and the probability of the
 * output (or the number) is compared.
 * @param order the part that speaks most for the output first
 */
export async function partFaithfulness(
  { model: { task } }: Pick<Predictor<never>, "model">,
  input: Parted,
  { target, order, temperature = 1 }: { target: number; order: readonly number[]; temperature?: number },
): Promise<Faithfulness> {
  const logits = await input.logits(hiddenSets(order, input.count));
  return faithfulnessOf(logits.map((row) => scoreOf(task, row, target, temperature)));
}

/** The faithfulness of a method's own order. @param target default the likeliest output */
export async function explainedFaithfulness(
  predictor: Pick<Predictor<never>, "model">,
  input: Parted,
  method: PartMethod,
  { temperature, ...options }: PartOptions & { readonly temperature?: number } = {},
): Promise<Faithfulness> {
  const target = await likeliest(input);
  const order = rankWords(await partValues(input, target, method, options));
  return await partFaithfulness(predictor, input, { target, order, temperature });
}

async function likeliest(input: Parted): Promise<number> {
  const [row] = await input.logits([new Uint8Array(input.count)]);
  return row!.indexOf(Math.max(...row!));
}

/** A model of which a part has random weights, and the same inputs as it reads them. */
export interface RandomisedParts {
  readonly part: string;
  readonly inputs: readonly Parted[];
}

/**
 * Explains every input by every method and measures the explanations, as `judgeMethods` does of texts.
 * @param predictor whose inputs they are @param options `temperature` of calibration, default 1
 * @example await judgeParts(predictor, pictures.map(predictor.parted!), { methods: ["shap"], resamples: 1000, rng: random(0) })
 */
export async function judgeParts(
  predictor: Pick<Predictor<never>, "model">,
  inputs: readonly Parted[],
  options: JudgementOptions<PartMethod> &
    PartOptions & { readonly temperature?: number; readonly random?: readonly RandomisedParts[] },
): Promise<Judgement<PartMethod>> {
  const { temperature, random = [] } = options;
  const targets: number[] = [];
  for (const input of inputs) targets.push(await likeliest(input));
  const valuesOf = (of: readonly Parted[]) => (item: number, method: PartMethod) =>
    partValues(of[item]!, targets[item]!, method, options); // the same output, whatever a random model would answer
  return await judgeInputs(
    {
      sizes: inputs.map(({ count }) => count),
      async faithfulness(orders) {
        const found: Faithfulness[] = [];
        for (const { item, order } of orders)
          found.push(await partFaithfulness(predictor, inputs[item]!, { target: targets[item]!, order, temperature }));
        return found;
      },
      values: valuesOf(inputs),
      random: random.map(({ part, inputs: same }) => ({ part, values: valuesOf(same) })),
    },
    options,
  );
}
