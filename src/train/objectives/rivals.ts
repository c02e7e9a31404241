// Batches of preferences: the answers, then those that they are compared with. Knows tokens and targets; no loss.
// Shapes: B all that are run, M labelled token rows.
import { ConcordError, type HostArray, hostArray } from "../../base/index.ts";
import { type InputSpec, matmul, neg, reshape, type Value } from "../../graph/index.ts";
import { headFactsOf, type Model } from "../../models/index.ts";
import { classLoss } from "../../nn/index.ts";
import { type Example, ignoredLabel } from "../example.ts";
import { sumOfRows, targetFeeds, targetSpecs } from "./targets.ts";

/** Weight of all examples: what preferences divide by. */
export const exampleWeight = (batch: readonly Example[]): number => batch.reduce((sum, e) => sum + (e.weight ?? 1), 0);

/** The answers of a batch, then their rivals, which have weight 0. @throws E_DATA for one without a rival */
export function withRivals(batch: readonly Example[]): Example[] {
  const rivals = batch.map(({ against }): Example => {
    if (against) return { ...against, weight: 0 };
    throw new ConcordError("E_DATA", { operation: "train", problem: "an answer has no other to be compared with" });
  });
  return [...batch, ...rivals];
}

/** [B, B]: a row of an answer is +1 at itself and −1 at its rival, those of rivals are 0. @param count answers; as many rivals follow */
export function pairMatrix(count: number): HostArray<"float32"> {
  const size = 2 * count;
  const pairs = new Float32Array(size * size);
  for (let i = 0; i < count; i++) [pairs[i * size + i], pairs[i * size + count + i]] = [1, -1];
  return hostArray("float32", [size, size], pairs);
}

/** Of each answer, how much larger its number is than its rival's: [B] → [B], 0 for rivals. */
export const apart = (pairs: Value, x: Value): Value => reshape(matmul(pairs, reshape(x, ["B", 1])), ["B"]);

/** One float for each example that is run. */
export const floats = (examples: readonly Example[], of: (example: Example, at: number) => number): HostArray =>
  hostArray("float32", [examples.length], Float32Array.from(examples, of));

/** A number that was worked out beforehand. @throws E_DATA naming it where it is missing or not finite */
export function givenNumber({ given }: Example, name: string): number {
  const value = given?.[name]?.[0];
  if (value !== undefined && Number.isFinite(value)) return value;
  throw new ConcordError("E_DATA", {
    operation: "train",
    problem: `an example lacks its number ${name}, or it is not finite`,
    expected: "a finite number worked out before training",
    got: String(value),
  });
}

/** Inputs of answers by a causal language model. @throws E_CONFIG for another model */
export function answerSpecs(model: Model, objective: string): Record<string, InputSpec> {
  if (headFactsOf(model.task).ahead) return targetSpecs(model);
  throw new ConcordError("E_CONFIG", {
    operation: "training options",
    problem: `the objective ${objective} trains a model that writes`,
    expected: "causal-lm",
    got: model.task,
    path: "objective",
  });
}

/** Feeds of answers whose log-probabilities are wanted; the weights are those of examples over the divisor. */
export function answerFeeds(
  model: Model,
  examples: readonly Example[],
  divisor = exampleWeight(examples),
): Record<string, HostArray> {
  return {
    ...targetFeeds(model, examples, { divisor: 1 }),
    weights: floats(examples, (e) => (e.weight ?? 1) / divisor),
  };
}

/** ln of the probability of each answer, [B]: the sum over its labelled tokens. @param logits [M, V] */
export const logProbabilities = (logits: Value, values: Readonly<Record<string, Value>>): Value =>
  neg(sumOfRows(classLoss(logits, values.labels!), values));

/** Tokens of an answer that count: those with a label but for the first, which nothing foretells. */
export const answerTokens = ({ label }: Example): number => {
  let count = 0;
  const labels = label as Int32Array;
  for (let i = 1; i < labels.length; i++) if (labels[i] !== ignoredLabel) count++;
  return count;
};
