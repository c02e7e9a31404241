// A model that answers images. Knows no file; the runtime is given.
import { ConcordError, type HostArray } from "../../base/index.ts";
import type { Model } from "../../models/index.ts";
import {
  answerOf,
  compiledForAnswers,
  headAnswers,
  outputRows,
  type Predictor,
  type PredictorOptions,
} from "../../predict/index.ts";
import type { Executable, Runtime } from "../../runtime/index.ts";
import { neutralBytes, withoutPatches } from "./patches.ts";
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
  /** @param pictureAt in the model's size */
  const run = async (count: number, pictureAt: (i: number) => Picture, outputs: readonly string[]) => {
    const rows: Float32Array[][] = [];
    for (let start = 0; start < count; start += batchSize) {
      const batch = Math.min(batchSize, count - start);
      const data = new Float32Array(batch * size);
      for (let i = 0; i < batch; i++) data.set(pixelValues(pictureAt(start + i), table), i * size);
      const shape = [batch, channels, side, side];
      const given = await executable.run({ pixel_values: { dtype: "float32", shape, data } });
      rows.push(...outputRows(given, outputs, batch));
    }
    return rows;
  };
  const runAll = (pictures: readonly Picture[], outputs: readonly string[]) =>
    run(pictures.length, (i) => fitted(pictures[i]!, processor), outputs);
  const logits: Predictor<Picture>["logits"] = async (pictures) =>
    (await runAll(pictures, ["logits"])).map(([row]) => row!);
  return {
    model,
    logits,
    features: async (pictures) => (await runAll(pictures, ["features"])).map(([row]) => row!),
    readings: async (pictures) =>
      (await runAll(pictures, ["logits", "features"])).map(([rowLogits, features]) => ({
        logits: rowLogits!,
        features: features!,
      })),
    parted(picture) {
      const whole = fitted(picture, processor);
      const across = Math.sqrt(model.image!.rows - 1); // one row is the class token's
      const neutral = neutralBytes(processor);
      return {
        count: across ** 2,
        logits: async (hidden) =>
          (await run(hidden.length, (i) => withoutPatches(whole, hidden[i]!, across, neutral), ["logits"])).map(
            ([row]) => row!,
          ),
      };
    },
    answers: async (pictures, given = {}) => (await logits(pictures)).map((row) => answerOf(model, row, given)),
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
