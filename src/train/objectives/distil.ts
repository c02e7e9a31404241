// Distillation from a frozen teacher: logits at a temperature and cosines of hidden rows (DistilBERT, Sanh 2019, arXiv:1910.01108), hidden
// states and attention layer by layer (TinyBERT, Jiao 2020, arXiv:1909.10351), vectors of whole texts (Reimers 2020, arXiv:2004.09813).
// Shapes: T token rows, B examples, S longest, A heads, H width of the student, W width of the teacher.
import { ConcordError } from "../../base/index.ts";
import {
  add,
  cast,
  div,
  equal,
  type InputSpec,
  linear,
  mean,
  mul,
  reshape,
  scope,
  sub,
  sum,
  transpose,
  type Value,
} from "../../graph/index.ts";
import type { ModelInput } from "../../modalities/index.ts";
import { headFactsOf, type Model, type ModelOutputs, type ParameterSpec } from "../../models/index.ts";
import { type Layout, logitLoss, meanOfRows, normalize } from "../../nn/index.ts";
import type { Example } from "../example.ts";
import { type DistilPlan, type DistilSettings, distilPlan, layersOf, readsRows, widthOf } from "./distil-settings.ts";
import type { LossContext, Objective, TeacherRun } from "./objective.ts";
import { sumOfRows, targetFeeds, targetLosses, targetSpecs } from "./targets.ts";

/** Names of the learned projections from the student's width to the teacher's; they are no part of the model. */
const projections = { hidden: "distil.hidden.weight", embeddings: "distil.embeddings.weight" } as const;

/** What of the teacher's outputs the losses read, by the names of their inputs. */
function wanted({ teacher, weights, layers }: DistilPlan): Map<string, (ran: TeacherRun) => Value> {
  const out = new Map<string, (ran: TeacherRun) => Value>();
  const last = layersOf(teacher);
  if (weights.logits > 0) out.set("teacher.logits", ({ outputs }) => outputs.logits!);
  if (weights.embedding > 0)
    out.set("teacher.embedding", ({ outputs, layout }) => meanOfRows(layout!, outputs.hidden[last]!));
  if (weights.cosine > 0) out.set(`teacher.hidden.${last}`, ({ outputs }) => outputs.hidden[last]!);
  for (const [, n] of layers) {
    if (weights.hidden > 0) out.set(`teacher.hidden.${n}`, ({ outputs }) => outputs.hidden[n]!);
    if (weights.attention > 0 && n > 0) out.set(`teacher.attention.${n}`, ({ attention }) => attention[n - 1]!);
  }
  return out;
}

/** Inputs of a batch that hold what the teacher says. */
function teacherSpecs(plan: DistilPlan, model: Model): Record<string, InputSpec> {
  const { of, vocabulary } = headFactsOf(model.task);
  const outputs = vocabulary ? model.tokens!.vocabulary : (model.labels?.names.length ?? 1);
  const [heads] = plan.teacher.headCounts;
  const specOf = (name: string): InputSpec => {
    if (name === "teacher.logits") return ["float32", [of === "tokens" ? "M" : "B", outputs]];
    if (name.startsWith("teacher.attention.")) return ["float32", ["B", heads!, "S", "S"]];
    return ["float32", [name === "teacher.embedding" ? "B" : "T", widthOf(plan.teacher)]];
  };
  return Object.fromEntries([...wanted(plan).keys()].map((name) => [name, specOf(name)]));
}

const row = (x: Value): Value => reshape(x, [x.shape[0]!]);

/** Σ a·b / (|a|·|b|) by row: [N, W] → [N, 1]. */
const cosine = (a: Value, b: Value): Value => sum(mul(normalize(a), normalize(b)), { axes: [1], keepDims: true });

/** Mean squared error of the attention scores between tokens of an example, over heads: [B, A, S, S] → [B]. */
function attentionError(layout: Layout, student: Value, teacher: Value): Value {
  const keys = cast(equal(layout.scoreBias, 0), "float32"); // [B, 1, 1, S]
  const pairs = mul(keys, transpose(keys, [0, 1, 3, 2])); // [B, 1, S, S]
  const apart = sub(student, teacher);
  const total = sum(mul(mul(apart, apart), pairs), { axes: [1, 2, 3] });
  return div(total, mul(sum(pairs, { axes: [1, 2, 3] }), student.shape[1] as number));
}

/** Losses of rows, each of them [B]. */
function rowLosses(
  plan: DistilPlan,
  { hidden }: ModelOutputs,
  values: Readonly<Record<string, Value>>,
  context: LossContext,
): Value[] {
  const { weights, layers, teacher } = plan;
  const layout = context.layout!;
  const into = (x: Value, first: boolean) => {
    const projection = values[first ? projections.embeddings : projections.hidden];
    return projection ? linear(x, projection) : x; // [N, H] → [N, W]
  };
  const out: Value[] = [];
  if (weights.cosine > 0) {
    const near = cosine(into(hidden.at(-1)!, false), values[`teacher.hidden.${layersOf(teacher)}`]!); // [T, 1]
    out.push(mul(sub(1, row(meanOfRows(layout, near))), weights.cosine));
  }
  if (weights.embedding > 0) {
    const near = cosine(into(meanOfRows(layout, hidden.at(-1)!), false), values["teacher.embedding"]!); // [B, 1]
    out.push(mul(sub(1, row(near)), weights.embedding));
  }
  for (const [m, n] of layers) {
    if (weights.hidden > 0) {
      const apart = sub(into(hidden[m]!, m === 0), values[`teacher.hidden.${n}`]!);
      const error = mean(mul(apart, apart), { axes: [1], keepDims: true }); // [T, 1]
      out.push(mul(row(meanOfRows(layout, error)), weights.hidden));
    }
    if (weights.attention > 0 && m > 0 && n > 0) {
      const error = attentionError(layout, context.attention[m - 1]!, values[`teacher.attention.${n}`]!);
      out.push(mul(error, weights.attention));
    }
  }
  return out;
}

/** T²·KL of the logits, by example. */
function logitLosses(
  { temperature }: DistilPlan,
  { logits }: ModelOutputs,
  values: Readonly<Record<string, Value>>,
  { model }: LossContext,
): Value {
  const { of, loss } = headFactsOf(model.task);
  if (loss === "several")
    throw new ConcordError("E_CONFIG", {
      operation: "training options",
      problem: "several heads are not distilled so far",
      expected: "a model with one head, or distil.logits 0",
      got: model.task,
      path: "objective",
    });
  if (loss === "quantile")
    throw new ConcordError("E_CONFIG", {
      operation: "training options",
      problem: "forecasts are not distilled so far",
      expected: "a model with labels or numbers, or distil.logits 0",
      got: model.task,
      path: "objective",
    });
  const losses = logitLoss(loss, logits!, values["teacher.logits"]!, temperature);
  return of === "tokens" ? sumOfRows(losses, values) : losses;
}

/**
 * A smaller model learns from a larger one. The teacher is frozen and runs on each batch, in the trainer's own thread; nothing of it is
 * dropped out. Resuming and accumulation hold; private training is refused, for a teacher may know the rows.
 * @param settings the teacher's config, the weights of the losses and the layer map
 * @throws E_CONFIG for settings out of range, or a teacher that does not fit the student
 * @example
 * const job = { config, weights, examples, teacher: teacherWeights, objective: { name: "distil", settings: { teacher: teacherConfig } } };
 * const result = await train(job);
 */
export function distil(settings: DistilSettings): Objective {
  const planOf = memo((model: Model) => distilPlan(settings, model));
  return {
    name: "distil",
    reads: "example",
    allRows: true,
    inputs: (model) => ({ ...targetSpecs(model), ...teacherSpecs(planOf(model), model) }),
    parameters: (model) => projectionSpecs(planOf(model), model),
    teacher: (model) => {
      const plan = planOf(model);
      const { vocabulary } = plan;
      const table = vocabulary && Int32Array.from(vocabulary);
      return {
        model: plan.teacher,
        outputs: (ran) => Object.fromEntries([...wanted(plan)].map(([name, read]) => [name, read(ran)])),
        reads: (example) => taughtWith(plan, table, example),
      };
    },
    feeds: (examples, context) => ({ examples, feeds: targetFeeds(context.model, examples, context) }),
    losses(outputs, values, context) {
      const plan = planOf(context.model);
      return scope("distil", () => {
        const { labels, logits } = plan.weights;
        const terms = [
          ...(labels > 0 ? [mul(targetLosses(context.model, outputs, values, context.options), labels)] : []),
          ...(logits > 0 ? [mul(logitLosses(plan, outputs, values, context), logits)] : []),
          ...(readsRows(plan) ? rowLosses(plan, outputs, values, context) : []),
        ];
        return terms.reduce(add);
      });
    },
  };
}

/** Projections from the student's width to the teacher's: one for all layers, one for the embeddings; none where the widths are equal. */
function projectionSpecs(plan: DistilPlan, model: Model): ParameterSpec[] {
  const [from, to] = [widthOf(model), widthOf(plan.teacher)];
  const { weights, layers } = plan;
  if (from === to || !(weights.cosine > 0 || weights.hidden > 0 || weights.embedding > 0)) return [];
  const spec = (name: string): ParameterSpec => ({
    name,
    shape: [to, from],
    initial: { kind: "normal", std: 1 / Math.sqrt(from) },
    linear: true,
    head: true, // learns at the head's rate
  });
  const first = weights.hidden > 0 && layers.some(([m]) => m === 0);
  return [spec(projections.hidden), ...(first ? [spec(projections.embeddings)] : [])];
}

/** What the teacher reads of an example. @throws E_DATA where it reads another text and rows of both are compared */
function taughtWith(
  { weights }: DistilPlan,
  table: Int32Array | undefined,
  { taught, ...example }: Example,
): ModelInput {
  if (!taught)
    return table && "ids" in example ? { ...example, ids: example.ids.map((id) => table[id] ?? -1) } : example;
  if (weights.cosine === 0 && weights.hidden === 0 && weights.attention === 0) return taught;
  throw new ConcordError("E_DATA", {
    operation: "distil",
    problem: "the teacher reads another text than the student: their rows cannot be compared",
    expected: "distil.cosine, hidden and attention 0, or no example with `taught`",
    got: JSON.stringify(weights),
  });
}

function memo<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key)!;
  };
}
