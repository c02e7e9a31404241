// pipeline() on Node: a run or a model folder as one function. Probabilities are calibrated.
import { ConcordError } from "../base/index.ts";
import {
  checkPipelineTask,
  type Pipeline,
  type PipelineModel,
  type PipelineTasks,
  type PipelineText,
  pipelineOf,
  textInput,
  wrongTask,
} from "../predict/index.ts";
import { type OpenModelOptions, openAnyModel, openModel } from "../stages/index.ts";

/**
 * Opens a finished run, or a model folder in the Hugging Face layout, as a function.
 * Probabilities of a run are divided by the temperature that its evaluation fitted (Guo 2017, arXiv:1706.04599); a bare folder has none.
 * @param task a name of {@link PipelineTasks}; images are given as paths of files
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
  checkPipelineTask(task);
  const opened = task === "image-classification" ? await openImages(path, options) : await openTexts(path, options);
  return pipelineOf<Task, string>(task, opened, path);
}

async function openTexts(path: string, options: OpenModelOptions): Promise<PipelineModel<PipelineText>> {
  const { predictor, temperature, temperatures } = await openModel(path, options);
  return {
    answers: (texts) => predictor.answers(texts.map(textInput), { temperature, temperatures }),
    dispose: () => predictor.dispose(),
  };
}

async function openImages(path: string, options: OpenModelOptions): Promise<PipelineModel<string>> {
  const { predictor, temperature, temperatures, modality } = await openAnyModel(path, options);
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
      return await predictor.answers(inputs, { temperature, temperatures });
    },
    dispose: () => predictor.dispose(),
  };
}
