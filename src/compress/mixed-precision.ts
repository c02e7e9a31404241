// Mixed precision by measured sensitivity: each matrix alone is stored in fewer bits, and the answers on validation rows are compared with
// those of the weights. The most sensitive are kept, as few as the accepted loss needs. Layers are ordered so by curvature in HAWQ (Dong 2019,
// arXiv:1905.03696); measured answers need no second derivative.
import { ConcordError, random, shuffle } from "../base/index.ts";
import { rowsOfTexts } from "../data/index.ts";
import { headAnswers, isTextPredictor, type Predictor } from "../predict/index.ts";
import { chosenMatrices, type Observed, type QuantiseScheme, storedModel, storedRuntime } from "../quantise/index.ts";
import type { QuantiseSettings } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { interrupted, withDecisions } from "../stages/index.ts";
import { divergence } from "./divergence.ts";
import { dropOf, type MainScore, mainScore } from "./main-score.ts";
import type { Compressing, StepContext } from "./step.ts";

type Sensitivity = NonNullable<QuantiseSettings["sensitivity"]>;

/** What was measured, for compression.json. */
export interface MixedPrecision {
  /** The score that a loss is of. */
  readonly score: string;
  /** Matrices by how much the answers change where each alone is stored in fewer bits, the most sensitive first. Empty where none had to be kept. */
  readonly sensitivities: readonly { readonly name: string; readonly divergence: number }[];
  /** Kept in more bits, the most sensitive first. */
  readonly kept: readonly string[];
  /** The loss with so many kept. */
  readonly tried: readonly { readonly kept: number; readonly drop: number }[];
}

interface Asked {
  readonly given: Compressing;
  readonly settings: QuantiseSettings & { readonly sensitivity: Sensitivity };
  /** What products multiply; for int8 with fixed ranges. */
  readonly seen: ReadonlyMap<string, Observed> | undefined;
  readonly context: StepContext;
}

/**
 * The scheme that loses no more than `sensitivity.drop` of the main score on validation rows.
 * @throws E_DATA for fewer than two validation rows; E_GATE where even one matrix in fewer bits loses more
 */
export async function mixedPrecision(asked: Asked): Promise<{ scheme: QuantiseScheme; mixed: MixedPrecision }> {
  const { given, settings, context } = asked;
  const { drop: limit } = settings.sensitivity;
  const names = chosenMatrices(given.model, settings).map(({ name }) => name);
  // of int8 something has to be stored; int4 may end with all in eight bits
  const most = settings.to === "int4" ? names.length : names.length - 1;
  const reference = await scored(asked, undefined);
  const tried = new Map<number, number>();
  let order: MixedPrecision["sensitivities"] = [];
  const fits = async (count: number): Promise<boolean> => {
    const kept = order.slice(0, count).map(({ name }) => name);
    const drop = dropOf(reference, await scored(asked, schemeWith(settings, kept)));
    tried.set(count, drop);
    return drop <= limit;
  };
  let count = 0;
  if (!(await fits(0))) {
    order = await sensitivities(asked, names);
    count = await fewest(most, fits, () => unreached(limit, Math.min(...tried.values()), reference.name));
    stopWhereAborted(context);
  }
  const kept = order.slice(0, count).map(({ name }) => name);
  return {
    scheme: schemeWith(settings, kept),
    mixed: {
      score: reference.name,
      sensitivities: order,
      kept,
      tried: [...tried].map(([k, drop]) => ({ kept: k, drop })).toSorted((a, b) => a.kept - b.kept),
    },
  };
}

/**
 * The fewest that fit: doubled until they do, then halved between; more are taken to fit as well.
 * @param most that may be asked about @throws `unreached` where even those do not fit
 */
export async function fewest(
  most: number,
  fits: (count: number) => Promise<boolean>,
  unreached: () => ConcordError,
): Promise<number> {
  let [low, high] = [0, Math.min(1, most)]; // low does not fit
  while (!(await fits(high))) {
    if (high >= most) throw unreached();
    [low, high] = [high, Math.min(most, 2 * high)];
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await fits(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Of each matrix, the most sensitive first. */
async function sensitivities({ given, settings, seen, context }: Asked, names: readonly string[]) {
  const { recipe, rows, emit } = context;
  const order = shuffle([...rows.dev.keys()], random(`sensitivity ${recipe.seed}`));
  const sample = order.slice(0, settings.sensitivity.rows).map((i) => rows.dev[i]!);
  const head = headAnswers(given.model.task)!;
  const logits = (scheme: QuantiseScheme | undefined) =>
    predicting({ given, seen, context }, scheme, (predictor) => logitsOf(predictor, given, sample));
  const before = await logits(undefined);
  const found: { name: string; divergence: number }[] = [];
  for (const [done, name] of names.entries()) {
    stopWhereAborted(context);
    emit({ kind: "progress", stage: "compress", done, total: names.length, values: {} });
    const others = names.filter((other) => other !== name);
    const alone = await logits({ ...settings, keep: [...settings.keep, ...others], eightBits: [] });
    found.push({ name, divergence: divergence(head, before, alone) });
  }
  return found.toSorted((a, b) => b.divergence - a.divergence || a.name.localeCompare(b.name));
}

/** Logits of rows; where words are labelled, of each word. */
async function logitsOf(
  predictor: Predictor<unknown>,
  { processor, model }: Compressing,
  rows: StepContext["rows"]["dev"],
): Promise<Float32Array[]> {
  if (!headAnswers(model.task)!.words) return await predictor.logits(await processor.inputs(rows));
  if (!isTextPredictor(predictor)) return [];
  const words = await predictor.wordLogits(rowsOfTexts(rows).map(({ text }) => text));
  return words.flat().map(({ logits }) => logits);
}

const schemeWith = (settings: QuantiseSettings, kept: readonly string[]): QuantiseScheme =>
  settings.to === "int4"
    ? { ...settings, eightBits: [...settings.eightBits, ...kept] }
    : { ...settings, keep: [...settings.keep, ...kept] };

/** The main score of the model under a scheme; of its weights where there is none. */
const scored = ({ given, seen, context }: Asked, scheme: QuantiseScheme | undefined): Promise<MainScore> =>
  predicting({ given, seen, context }, scheme, async (own) => {
    const predictor = await withDecisions<unknown, Predictor<unknown>>(context.from, own);
    return await mainScore(context, { predictor, processor: given.processor });
  });

async function predicting<T>(
  { given: { model, weights, processor }, seen }: Pick<Asked, "given" | "seen" | "context">,
  scheme: QuantiseScheme | undefined,
  work: (predictor: Predictor<unknown>) => Promise<T>,
): Promise<T> {
  const runtime = scheme ? storedRuntime(cpuRuntime, storedModel(model, weights, scheme, seen).bind) : cpuRuntime;
  const predictor = await processor.predictor(model, weights, runtime);
  try {
    return await work(predictor);
  } finally {
    await predictor.dispose();
  }
}

const stopWhereAborted = ({ signal, run }: StepContext): void => {
  if (signal?.aborted) throw interrupted("compress", run);
};

const unreached = (limit: number, least: number, score: string) =>
  new ConcordError("E_GATE", {
    operation: "compress",
    problem: "the loss is more than accepted, however many matrices are kept",
    expected: `at most ${limit} of ${score}`,
    got: Number(least.toPrecision(3)).toString(),
    hint: "accept a larger loss, or store the weights in more bits",
    path: "compress.steps",
  });
