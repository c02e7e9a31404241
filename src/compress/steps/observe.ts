// Validation rows run through the model, one at a time, and what its products multiply is told: padding is nobody's input. A guarantee of
// private training covers the training rows, and what is observed would tell of them.
import { ConcordError, random, shuffle } from "../../base/index.ts";
import { headAnswers } from "../../predict/index.ts";
import { type Observe, observing } from "../../quantise/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import type { Compressing, StepContext } from "../step.ts";

/** Fewest rows from which anything follows. */
export const fewestObserved = 16;

/** What is asked of the rows. */
interface Asked {
  /** Parameters whose products are told. */
  readonly names: readonly string[];
  /** Most rows, sampled with the seed and this word. */
  readonly most: number;
  readonly word: string;
  readonly observe: Observe;
  /** Called after every 32 rows. Default nothing happens. */
  readonly pause?: () => Promise<void>;
  /** For the error where there are too few rows. */
  readonly problem: string;
  readonly hint: string;
}

/** @returns the number of rows that were run @throws E_DATA for too few rows */
export async function observeRows(
  { model, weights, processor }: Compressing,
  { names, most, word, observe, pause, problem, hint }: Asked,
  { recipe, rows, signal, emit }: StepContext,
): Promise<number> {
  const order = shuffle([...rows.dev.keys()], random(`${word} ${recipe.seed}`)).slice(0, most);
  if (order.length < fewestObserved)
    throw new ConcordError("E_DATA", {
      operation: word,
      problem,
      expected: `at least ${fewestObserved} rows`,
      got: `${order.length}`,
      hint,
      path: "compress.steps",
    });
  const predictor = await processor.predictor(model, weights, observing(cpuRuntime, names, observe), { batchSize: 1 });
  try {
    for (let start = 0; start < order.length; start += 32) {
      if (signal?.aborted) break;
      const inputs = await processor.inputs(order.slice(start, start + 32).map((i) => rows.dev[i]!));
      if (headAnswers(model.task)?.words) await predictor.answers(inputs);
      else await predictor.logits(inputs);
      await pause?.();
      const done = Math.min(order.length, start + 32);
      emit({ kind: "progress", stage: "compress", done, total: order.length, values: {} });
    }
  } finally {
    await predictor.dispose();
  }
  return order.length;
}
