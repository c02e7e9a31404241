// Settings of distillation: which losses count how much, and which layer of the student learns from which of the teacher.
import { ConcordError } from "../../base/index.ts";
import { configOf, type JsonRecord } from "../../formats/index.ts";
import { headFactsOf, layerCount, type Model, modelOf } from "../../models/index.ts";

/** A layer of the student and the layer of the teacher that it learns from. 0 is the embeddings' output. */
export type LayerPair = readonly [student: number, teacher: number];

/** Settings of distillation: plain data, so that a job can be posted to a worker. The weights of the losses are added up as they are. */
export interface DistilSettings {
  /** `config.json` of the teacher. Its weights are the job's `teacher`. */
  readonly teacher: JsonRecord;
  /** Divides the logits of both, above 0. Default 2 (DistilBERT). */
  readonly temperature?: number;
  /** Weight of the loss against labels. Default 0.5 with a head, else 0. */
  readonly labels?: number;
  /** Weight of T²·KL(teacher ‖ student) of the logits. Default 0.5 with a head, else 0. */
  readonly logits?: number;
  /** Weight of 1 − cosine between rows of the last layers (DistilBERT). Default 0. */
  readonly cosine?: number;
  /** Weight of the squared error between rows of the paired layers (TinyBERT). Default 0. */
  readonly hidden?: number;
  /** Weight of the squared error between attention scores of the paired layers, before softmax (TinyBERT). Default 0. */
  readonly attention?: number;
  /** Weight of 1 − cosine between the means of the last layers' rows. Default 0 with a head, else 1. */
  readonly embedding?: number;
  /** Which layer learns from which. Default {@link uniformLayers}: every (teacher layers / student layers)-th, the embeddings from the embeddings. */
  readonly layers?: readonly LayerPair[];
  /** The teacher's id of each of the student's tokens, where its vocabulary was trimmed. Default the same ids. */
  readonly vocabulary?: readonly number[];
}

/** Losses of distillation, by the names of their weights. */
export const distilLosses = ["labels", "logits", "cosine", "hidden", "attention", "embedding"] as const;
export type DistilLoss = (typeof distilLosses)[number];

/** TinyBERT's map g(m) = m·N/M, rounded: pairs from the embeddings (0) to the last layers. @example uniformLayers(3, 6) // [[0,0],[1,2],[2,4],[3,6]] */
export const uniformLayers = (student: number, teacher: number): LayerPair[] =>
  Array.from({ length: student + 1 }, (_, m): LayerPair => [m, Math.round((m * teacher) / student)]);

/** What has been checked and completed for one student. */
export interface DistilPlan {
  readonly teacher: Model;
  readonly temperature: number;
  readonly weights: Readonly<Record<DistilLoss, number>>;
  readonly layers: readonly LayerPair[];
  readonly vocabulary?: readonly number[];
}

const refuse = (problem: string, expected: string, got: unknown, hint?: string): never => {
  throw new ConcordError("E_CONFIG", {
    operation: "training options",
    problem,
    expected,
    got: String(got),
    path: "objective.distil",
    ...(hint && { hint }),
  });
};

const sizeOf = ({ config }: Model, ...names: string[]): number =>
  Number(names.map((name) => config[name]).find((value) => value !== undefined));

/** Layers of a model, from its config. */
export const layersOf = (model: Model): number => layerCount(model) ?? Number.NaN;
/** Width of a model, from its config. */
export const widthOf = (model: Model): number => sizeOf(model, "hidden_size", "dim", "n_embd");

/** Reads the teacher and fixes every weight. @throws E_CONFIG for settings that are out of range or do not fit both models */
export function distilPlan(settings: DistilSettings, student: Model): DistilPlan {
  const { temperature = 2, vocabulary } = settings;
  const teacher = modelOf(configOf(settings.teacher, "teacher"));
  const withHead = headFactsOf(student.task).of !== "nothing";
  const defaults: Partial<Record<DistilLoss, number>> = withHead ? { labels: 0.5, logits: 0.5 } : { embedding: 1 };
  const weights = Object.fromEntries(distilLosses.map((name) => [name, settings[name] ?? defaults[name] ?? 0]));
  const plan = {
    teacher,
    temperature,
    weights: weights as Record<DistilLoss, number>,
    layers: settings.layers ?? uniformLayers(layersOf(student), layersOf(teacher)),
    vocabulary,
  };
  checkNumbers(plan);
  checkTogether(plan, student);
  return plan;
}

function checkNumbers({ temperature, weights }: DistilPlan): void {
  if (!(temperature > 0 && temperature <= 100))
    refuse("distil.temperature is wrong", "a number above 0 and up to 100", temperature);
  for (const [name, weight] of Object.entries(weights))
    if (!(Number.isFinite(weight) && weight >= 0)) refuse(`distil.${name} is wrong`, "a weight of 0 or more", weight);
  if (!Object.values(weights).some((weight) => weight > 0))
    refuse("distil has no loss", "a weight above 0 for one of the losses", JSON.stringify(weights));
}

/** Losses that compare rows of tokens, for which both must be laid out alike. */
export const readsRows = ({ weights }: DistilPlan): boolean =>
  weights.cosine > 0 || weights.hidden > 0 || weights.attention > 0 || weights.embedding > 0;

function checkTogether(plan: DistilPlan, student: Model): void {
  const { teacher, weights, layers, vocabulary } = plan;
  if (teacher.reads !== student.reads) refuse("the teacher reads another kind of data", student.reads, teacher.reads);
  if (headFactsOf(student.task).of === "nothing" && (weights.labels > 0 || weights.logits > 0))
    refuse(
      "a student without a head has neither labels nor logits",
      "distil.labels 0 and distil.logits 0",
      student.task,
    );
  if (weights.logits > 0 && (student.chained || teacher.chained))
    refuse(
      "logits of a CRF head are scores of a sequence, not probabilities of words: there is nothing to compare them with",
      "distil.logits 0, or models with a linear head",
      student.chained ? "a student with a CRF head" : "a teacher with a CRF head",
    );
  if (weights.logits > 0) checkHeads(teacher, student);
  if (readsRows(plan) && student.reads !== "text")
    refuse(
      "only models of texts have rows of tokens to compare",
      "distil.logits and distil.labels alone",
      student.reads,
    );
  if (weights.attention > 0) checkAttention(teacher, student);
  const [most, mostOfTeacher] = [layersOf(student), layersOf(teacher)];
  for (const [m, n] of layers)
    if (!(Number.isInteger(m) && Number.isInteger(n) && m >= 0 && n >= 0 && m <= most && n <= mostOfTeacher))
      refuse("distil.layers names a layer that there is not", `[0 … ${most}, 0 … ${mostOfTeacher}]`, `[${m}, ${n}]`);
  const [own, theirs] = [student.tokens?.vocabulary, teacher.tokens?.vocabulary];
  if (own === theirs || !own || !theirs) return;
  if (!vocabulary)
    refuse(
      "the teacher has another vocabulary",
      `${own} tokens`,
      theirs,
      "say in distil.vocabulary which token is which",
    );
  if (vocabulary!.length !== own || vocabulary!.some((id) => !(Number.isInteger(id) && id >= 0 && id < theirs)))
    refuse(
      "distil.vocabulary does not fit",
      `${own} ids of the teacher, 0 … ${theirs - 1}`,
      `${vocabulary!.length} ids`,
    );
}

function checkHeads(teacher: Model, student: Model): void {
  const labelsOf = ({ task, labels, tokens }: Model) =>
    `${task}: ${labels?.names.join(", ") ?? (headFactsOf(task).vocabulary ? `${tokens?.vocabulary} tokens` : "1 number")}`;
  if (labelsOf(teacher) === labelsOf(student)) return;
  refuse(
    "the teacher answers something else",
    labelsOf(student),
    labelsOf(teacher),
    "its head must have the same labels, in the same order",
  );
}

function checkAttention(teacher: Model, student: Model): void {
  if (teacher.causal || student.causal)
    refuse("attention is compared for encoders only", "models whose tokens all see each other", "a decoder");
  if (String(teacher.headCounts) !== String(student.headCounts) || student.headCounts.length > 1)
    refuse(
      "attention of another number of heads cannot be compared",
      `${student.headCounts} heads`,
      teacher.headCounts,
      "set distil.attention to 0",
    );
}
