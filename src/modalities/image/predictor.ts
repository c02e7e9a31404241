// A model that answers images. Knows no file; the runtime is given.
import { ConcordError, type HostArray } from "../../base/index.ts";
import type { Model } from "../../models/index.ts";
import {
  compiledForAnswers,
  decodeAnswer,
  headAnswers,
  outputRows,
  type Predictor,
  type PredictorOptions,
} from "../../predict/index.ts";
import type { Executable, Runtime } from "../../runtime/index.ts";
import type { Picture } from "./picture.ts";
import { fitted, type ImageProcessor, pixelValues, valueTable } from "./processor.ts";

/**
 * Makes a predictor from a model in memory.
 * @throws E_MODEL when the model does not classify images
 * @example const p = await imagePredictor(model, weights, processor, cpuRuntime); const [answer] = await p.answers([picture]);
 */
export async function imagePredictor(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  processor: ImageProcessor,
  runtime: Runtime,
  options: PredictorOptions = {},
): Promise<Predictor<Picture>> {
  checkHead(model);
  return imagePredictorOf(await compiledForAnswers(model, weights, runtime, options), model, processor, options);
}

/**
 * Makes a predictor from an exported model that a runtime has opened.
 * @param executable takes `pixel_values`; gives `logits`
 * @throws E_MODEL as {@link imagePredictor}
 */
export function imagePredictorOf(
  executable: Executable,
  model: Model,
  processor: ImageProcessor,
  { batchSize = 32 }: PredictorOptions = {},
): Predictor<Picture> {
  checkHead(model);
  const table = valueTable(processor);
  const { channels, side } = model.image!;
  const size = channels * side * side;
  const run = async (pictures: readonly Picture[], outputs: readonly string[]): Promise<Float32Array[][]> => {
    const rows: Float32Array[][] = [];
    for (let start = 0; start < pictures.length; start += batchSize) {
      const batch = pictures.slice(start, start + batchSize);
      const data = new Float32Array(batch.length * size);
      for (const [i, picture] of batch.entries()) data.set(pixelValues(fitted(picture, processor), table), i * size);
      const shape = [batch.length, channels, side, side];
      const given = await executable.run({ pixel_values: { dtype: "float32", shape, data } });
      rows.push(...outputRows(given, outputs, batch.length));
    }
    return rows;
  };
  const logits: Predictor<Picture>["logits"] = async (pictures) =>
    (await run(pictures, ["logits"])).map(([row]) => row!);
  return {
    model,
    logits,
    features: async (pictures) => (await run(pictures, ["features"])).map(([row]) => row!),
    readings: async (pictures) =>
      (await run(pictures, ["logits", "features"])).map(([rowLogits, features]) => ({
        logits: rowLogits!,
        features: features!,
      })),
    answers: async (pictures, given = {}) =>
      (await logits(pictures)).map((row) => decodeAnswer(model.task, model.labels?.names ?? [], row, given)),
    dispose: () => executable.dispose(),
  };
}

function checkHead(model: Model): void {
  const answers = headAnswers(model.task);
  if (model.image && answers && !answers.words) return;
  throw new ConcordError("E_MODEL", {
    operation: "predict",
    problem: `a model for ${model.task} does not predict images`,
    expected: "a head for single-label, multi-label or regression on images",
    got: model.task,
  });
}
