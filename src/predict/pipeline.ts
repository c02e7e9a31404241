// pipeline(): a model as one function, with the task names and answers of transformers.js. Knows neither files nor addresses.
import { ConcordError, unknownName } from "../base/index.ts";
import type { Answer } from "./decode.ts";
import type { TextInput } from "./text-predictor.ts";

/** A text, or a pair of texts as Hugging Face's pipelines take it. */
export type PipelineText = string | { readonly text: string; readonly text_pair: string };

/** Tasks by the names of the Hugging Face hub, with their inputs and answers. `Image`: how an image is given. */
export interface PipelineTasks<Image = string> {
  "text-classification": { readonly input: PipelineText; readonly answer: ScoredLabel[] };
  "token-classification": { readonly input: string; readonly answer: ScoredEntity[] };
  "image-classification": { readonly input: Image; readonly answer: ScoredLabel[] };
}

/** A label with its calibrated probability. */
export interface ScoredLabel {
  readonly label: string;
  readonly score: number;
}

/** An entity: its type, its probability, its text, and its place in UTF-16 units. */
export interface ScoredEntity {
  readonly entity_group: string;
  readonly score: number;
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Answers one input, or several in their order. Call `dispose` when done. */
export interface Pipeline<Task extends keyof PipelineTasks, Image = string> {
  (input: PipelineTasks<Image>[Task]["input"], options?: PipelineCallOptions): Promise<PipelineTasks[Task]["answer"]>;
  (
    inputs: readonly PipelineTasks<Image>[Task]["input"][],
    options?: PipelineCallOptions,
  ): Promise<PipelineTasks[Task]["answer"][]>;
  dispose(): Promise<void>;
}

export interface PipelineCallOptions {
  /** Labels of each answer, the most probable first; null gives all. Default 1; several labels a text: those of probability 1/2 or more. */
  readonly top_k?: number | null;
}

const taskNames = ["text-classification", "token-classification", "image-classification"] as const;

/** @throws E_ARGUMENT for a task that pipelines do not have */
export function checkPipelineTask(task: string): void {
  if (taskNames.some((name) => name === task)) return;
  throw unknownName("E_ARGUMENT", { operation: "pipeline", problem: "there is no such task" }, task, taskNames);
}

/** A text or a pair as a predictor takes it. */
export const textInput = (given: PipelineText): TextInput =>
  typeof given === "string" ? given : [given.text, given.text_pair];

/** A model that answers inputs of a pipeline with calibrated probabilities. */
export interface PipelineModel<Input> {
  answers(inputs: readonly Input[]): Promise<Answer[]>;
  dispose(): Promise<void>;
}

/**
 * A model as a function.
 * @param model takes the task's inputs
 * @param path what errors call the model
 * @throws E_MODEL from the function, for a model of another task
 */
export function pipelineOf<Task extends keyof PipelineTasks, Image>(
  task: Task,
  model: PipelineModel<never>,
  path: string,
): Pipeline<Task, Image> {
  type Input = PipelineTasks<Image>[Task]["input"];
  const isList = (given: Input | readonly Input[]): given is readonly Input[] => Array.isArray(given);
  const answerOf = (answer: Answer, { top_k }: PipelineCallOptions) =>
    task === "token-classification" ? scoredEntities(answer, path) : scoredLabels(answer, top_k, path);
  const call = async (given: Input | readonly Input[], asked: PipelineCallOptions = {}) => {
    const inputs = (isList(given) ? given : [given]) as readonly never[]; // what the model takes: its type is the task's
    const answers = (await model.answers(inputs)).map((answer) => answerOf(answer, asked));
    return isList(given) ? answers : answers[0];
  };
  return Object.assign(call, { dispose: () => model.dispose() }) as Pipeline<Task, Image>; // answers are of the task: checked in answerOf
}

/** The error of a model that does not fit a pipeline. */
export const wrongTask = (path: string, expected: string, got: string): ConcordError =>
  new ConcordError("E_MODEL", { operation: "pipeline", problem: "the model is for another task", expected, got, path });

/** Labels of an answer as transformers.js gives them. @param most see `top_k` @throws E_MODEL for another kind of answer */
export function scoredLabels(answer: Answer, most: number | null | undefined, path: string): ScoredLabel[] {
  if (answer.kind === "entities" || answer.kind === "value" || answer.kind === "tasks")
    throw wrongTask(path, "a model that gives labels", answer.kind);
  const all = answer.ranked.map(({ label, probability }) => ({ label, score: probability }));
  if (most === null) return all;
  if (most !== undefined) return all.slice(0, Math.max(1, most));
  const chosen = answer.kind === "labels" ? (answer.labels ?? []) : undefined;
  return chosen ? all.filter(({ label }) => chosen.includes(label)) : all.slice(0, 1);
}

/** Entities of an answer as transformers.js gives them. @throws E_MODEL for another kind of answer */
export function scoredEntities(answer: Answer, path: string): ScoredEntity[] {
  if (answer.kind !== "entities") throw wrongTask(path, "a model that finds entities", answer.kind);
  return answer.entities.map(({ type, start, end, probability, text }) => ({
    entity_group: type,
    score: probability,
    word: text,
    start,
    end,
  }));
}
