// Pairs of texts with a number that says how alike they are: the cosine of their vectors learns it, or its order. As
// sentence-transformers' CosineSimilarityLoss and CoSENTLoss. Knows token ids; the vectors are the model's outputs.
// Shapes: B all that are run: firsts, then their seconds.
import { ConcordError, hostArray } from "../../base/index.ts";
import { add, broadcastTo, gather, mul, reshape, scope, softplus, sub, sum, type Value } from "../../graph/index.ts";
import { logSumExp, lowest, normalize } from "../../nn/index.ts";
import { type Example, withInput } from "../example.ts";
import type { Objective } from "./objective.ts";
import { exampleWeight, floats } from "./rivals.ts";
import { targetSpecs } from "./targets.ts";

/** Settings of CoSENT. */
export interface CosentSettings {
  /** Factor on differences of cosines, above 0 and up to 1000. Default 20. */
  readonly scale?: number;
}

/** The batch with the second text of each pair, which has weight 0. @throws E_DATA for one without a second text or a number */
function withSeconds(batch: readonly Example[], objective: string): Example[] {
  const seconds = batch.map(({ counterparts: [second] = [], ...example }, at) => {
    if (second === undefined)
      throw new ConcordError("E_DATA", { operation: objective, problem: `example ${at} has no second text` });
    if (typeof example.label !== "number" || !Number.isFinite(example.label))
      throw new ConcordError("E_DATA", {
        operation: objective,
        problem: `example ${at} has no number that says how alike its texts are`,
        expected: "a finite number",
        got: String(example.label),
      });
    return withInput({ ...example, weight: 0 }, second);
  });
  return [...batch, ...seconds];
}

/** Number of the row that each row is compared with: of seconds themselves. */
const partners = (pairs: number) =>
  hostArray(
    "int32",
    [2 * pairs],
    Int32Array.from({ length: 2 * pairs }, (_, i) => (i < pairs ? i + pairs : i)),
  );

/** Cosine of each row and its partner, [B]. */
function cosines(logits: Value, seconds: Value): Value {
  const vectors = normalize(logits); // [B, H]
  return sum(mul(vectors, gather(vectors, seconds)), { axes: [1] });
}

/** (cos(u, v) − label)² of each pair; the label is a cosine, 0 … 1 as a rule. */
export const cosine = (): Objective => ({
  name: "cosine",
  reads: "counterpart",
  inputs: (model) => ({ ...targetSpecs(model), seconds: ["int32", ["B"]], likeness: ["float32", ["B"]] }),
  divisor: exampleWeight,
  feeds(batch, { divisor = exampleWeight(batch) }) {
    const examples = withSeconds(batch, "cosine");
    return {
      examples,
      feeds: {
        seconds: partners(batch.length),
        likeness: floats(examples, ({ label }) => label as number),
        weights: floats(examples, (e) => (e.weight ?? 1) / divisor),
      },
    };
  },
  losses: ({ logits }, { seconds, likeness }) =>
    scope("cosine", () => {
      const apart = sub(cosines(logits!, seconds!), likeness!);
      return mul(apart, apart);
    }),
  alongside: ({ counterparts = [] }) => counterparts,
});

/**
 * ln(1 + Σ exp(scale·(cosᵢ − cosⱼ))) over pairs i, j of a batch where i is less alike than j (Su 2022, CoSENT): only their order is learned.
 * Every pair has the loss of the whole batch.
 * @throws E_CONFIG for a scale out of range
 */
export function cosent({ scale = 20 }: CosentSettings = {}): Objective {
  if (!(scale > 0 && scale <= 1000))
    throw new ConcordError("E_CONFIG", {
      operation: "training options",
      problem: "cosent.scale is wrong",
      expected: "a number above 0 and up to 1000",
      got: String(scale),
    });
  return {
    name: "cosent",
    reads: "batch",
    inputs: (model) => ({ ...targetSpecs(model), seconds: ["int32", ["B"]], order: ["float32", ["B", "B"]] }),
    divisor: exampleWeight,
    feeds(batch, { divisor = exampleWeight(batch) }) {
      const examples = withSeconds(batch, "cosent");
      const size = examples.length;
      const order = new Float32Array(size * size).fill(lowest / 2);
      for (const [i, low] of batch.entries())
        for (const [j, high] of batch.entries()) if (low.label! < high.label!) order[i * size + j] = 0;
      return {
        examples,
        feeds: {
          seconds: partners(batch.length),
          order: hostArray("float32", [size, size], order),
          weights: floats(examples, (e) => (e.weight ?? 1) / divisor),
        },
      };
    },
    losses: ({ logits }, { seconds, order }) =>
      scope("cosent", () => {
        const near = mul(cosines(logits!, seconds!), scale); // [B]
        const apart = add(sub(reshape(near, ["B", 1]), reshape(near, [1, "B"])), order!); // [B, B]
        const all = logSumExp(reshape(logSumExp(apart, { axes: [1] }), [1, "B"]), { axes: [1] }); // [1]
        return broadcastTo(softplus(all), ["B"]);
      }),
    alongside: ({ counterparts = [] }) => counterparts,
  };
}
