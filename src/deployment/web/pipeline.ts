// pipeline() in a page: a web export as one function, with the answers that the same call gives on Node.
import {
  checkPipelineTask,
  type Pipeline,
  type PipelineModel,
  type PipelineTasks,
  type PipelineText,
  pipelineOf,
  textInput,
} from "../../predict/index.ts";
import { openImagePredictor, openTextPredictor, type WebModelOptions } from "./open-predictor.ts";
import { type ImageSource, readPicture } from "./read-picture.ts";

/**
 * Opens a web export as a function. Probabilities are calibrated where the run was evaluated.
 * @param task a name of {@link PipelineTasks}; images are given as addresses, files, or elements that show one
 * @param folder URL of the folder that `concord export --to web` wrote
 * @throws E_ARGUMENT for another task; E_MODEL for a model of another task; as {@link openTextPredictor}
 * @example
 * const classify = await pipeline("text-classification", "/model/");
 * await classify("the printer is on fire"); // [{ label: "hardware", score: 0.93 }]
 */
export async function pipeline<Task extends keyof PipelineTasks>(
  task: Task,
  folder: string | URL,
  options: WebModelOptions = {},
): Promise<Pipeline<Task, ImageSource>> {
  checkPipelineTask(task);
  const model = task === "image-classification" ? await images(folder, options) : await texts(folder, options);
  return pipelineOf<Task, ImageSource>(task, model, String(folder));
}

async function texts(folder: string | URL, options: WebModelOptions): Promise<PipelineModel<PipelineText>> {
  const predictor = await openTextPredictor(folder, options);
  return {
    answers: (inputs) => predictor.answers(inputs.map(textInput)),
    dispose: () => predictor.dispose(),
  };
}

async function images(folder: string | URL, options: WebModelOptions): Promise<PipelineModel<ImageSource>> {
  const predictor = await openImagePredictor(folder, options);
  return {
    answers: async (inputs) => predictor.answers(await Promise.all(inputs.map(readPicture))),
    dispose: () => predictor.dispose(),
  };
}
