// pipeline(): a run or a model folder as one function, with the task names and answers of transformers.js. Probabilities are calibrated.
import { ConcordError, nearestName } from "../base/index.ts";
import type { Answer } from "../predict/index.ts";
import { type OpenModelOptions, openAnyModel, openModel } from "../stages/index.ts";

/** Tasks by the names of the Hugging Face hub, with their inputs and answers. */
export interface PipelineTasks {
  "text-classification": { readonly input: string; readonly answer: ScoredLabel[] };
  "token-classification": { readonly input: string; readonly answer: ScoredEntity[] };
  /** Inputs are paths of image files. */
  "image-classification": { readonly input: string; readonly answer: ScoredLabel[] };
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
export interface Pipeline<Task extends keyof PipelineTasks> {
  (input: string, options?: PipelineCallOptions): Promise<PipelineTasks[Task]["answer"]>;
  (inputs: readonly string[], options?: PipelineCallOptions): Promise<PipelineTasks[Task]["answer"][]>;
  dispose(): Promise<void>;
}

export interface PipelineCallOptions {
  /** Labels of each answer, the most probable first; null gives all. Default 1; several labels a text: those of probability 1/2 or more. */
  readonly top_k?: number | null;
}

const taskNames = ["text-classification", "token-classification", "image-classification"] as const;

/**
 * Opens a finished run, or a model folder in the Hugging Face layout, as a function.
 * Probabilities of a run are divided by the temperature that its evaluation fitted (Guo 2017, arXiv:1706.04599); a bare folder has none.
 * @param task a name of {@link PipelineTasks}
 * @param path run folder or model folder
 * @throws E_ARGUMENT for another task; E_MODEL for a model of another task; as `openModel`
 * @example
 * const classify = await pipeline("text-classification", "runs/tickets");
 * await classify("the printer is on fire"); // [{ label: "hardware", score: 0.93 }]
 */
export async function pipeline<Task extends keyof PipelineTasks>(
  task: Task,
  path: string,
  options: OpenModelOptions = {},
): Promise<Pipeline<Task>> {
  if (!taskNames.some((name) => name === task)) {
    const near = nearestName(task, taskNames);
    throw new ConcordError("E_ARGUMENT", {
      operation: "pipeline",
      problem: "there is no such task",
      expected: taskNames.join(", "),
      got: task,
      hint: near && `did you mean ${near}?`,
    });
  }
  const opened = task === "image-classification" ? await openImages(path, options) : await openTexts(path, options);
  const answerOf = (answer: Answer, { top_k }: PipelineCallOptions) =>
    task === "token-classification" ? entitiesOf(answer, path) : labelsOf(answer, top_k, path);
  const call = async (given: string | readonly string[], asked: PipelineCallOptions = {}) => {
    const inputs = typeof given === "string" ? [given] : given;
    const answers = (await opened.answers(inputs)).map((answer) => answerOf(answer, asked));
    return typeof given === "string" ? answers[0] : answers;
  };
  return Object.assign(call, { dispose: opened.dispose }) as Pipeline<Task>; // answers are of the task: checked in answerOf
}

interface Opened {
  answers(inputs: readonly string[]): Promise<Answer[]>;
  dispose(): Promise<void>;
}

async function openTexts(path: string, options: OpenModelOptions): Promise<Opened> {
  const { predictor, temperature } = await openModel(path, options);
  return {
    answers: (texts) => predictor.answers(texts, { temperature }),
    dispose: () => predictor.dispose(),
  };
}

async function openImages(path: string, options: OpenModelOptions): Promise<Opened> {
  const { predictor, temperature, modality } = await openAnyModel(path, options);
  const { given } = modality;
  if (modality.name !== "image" || !given) {
    await predictor.dispose();
    throw wrongTask(path, "a model of images", modality.name);
  }
  return {
    async answers(paths) {
      const inputs: unknown[] = [];
      for await (const { given: file, input } of given.each(paths)) {
        if ("content" in input) inputs.push(input.content);
        else
          throw new ConcordError("E_DATA", {
            operation: "pipeline",
            problem: "the file holds no image that can be read",
            got: input.unusable,
            path: file,
          });
      }
      return await predictor.answers(inputs, { temperature });
    },
    dispose: () => predictor.dispose(),
  };
}

const wrongTask = (path: string, expected: string, got: string) =>
  new ConcordError("E_MODEL", { operation: "pipeline", problem: "the model is for another task", expected, got, path });

function labelsOf(answer: Answer, most: number | null | undefined, path: string): ScoredLabel[] {
  if (answer.kind === "entities" || answer.kind === "value")
    throw wrongTask(path, "a model that gives labels", answer.kind);
  const all = answer.ranked.map(({ label, probability }) => ({ label, score: probability }));
  if (most === null) return all;
  if (most !== undefined) return all.slice(0, Math.max(1, most));
  const chosen = answer.kind === "labels" ? (answer.labels ?? []) : undefined;
  return chosen ? all.filter(({ label }) => chosen.includes(label)) : all.slice(0, 1);
}

function entitiesOf(answer: Answer, path: string): ScoredEntity[] {
  if (answer.kind !== "entities") throw wrongTask(path, "a model that finds entities", answer.kind);
  return answer.entities.map(({ type, start, end, probability, text }) => ({
    entity_group: type,
    score: probability,
    word: text,
    start,
    end,
  }));
}
