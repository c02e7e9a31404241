// A predictor whose answers are calibrated unless they are asked for otherwise; and back: the own logits of a file that divides them.
import type { HostArray } from "../base/index.ts";
import type { Runtime } from "../runtime/index.ts";
import type { Predictor } from "./predictor.ts";

/**
 * The predictor with a temperature of its own: `answers` divide by it where none is named. `logits` stay as they are.
 * @example const p = calibrated(predictor, 1.4); await p.answers(["a sore throat"]);
 */
export const calibrated = <I, P extends Predictor<I>>(predictor: P & Predictor<I>, temperature: number): P => ({
  ...predictor,
  answers: (inputs: readonly I[], options: Parameters<Predictor<I>["answers"]>[1] = {}) =>
    predictor.answers(inputs, { ...options, temperature: options.temperature ?? temperature }),
});

/**
 * The runtime of a file whose logits are divided by a temperature, giving the model's own: whoever fits a temperature anew starts from
 * those. Other outputs stay as they are.
 * @example ownLogits(fileRuntime("onnx/model_quantized.onnx"), 1.4)
 */
export const ownLogits = (runtime: Runtime, temperature: number): Runtime => ({
  ...runtime,
  async compile(graph, options) {
    const executable = await runtime.compile(graph, options);
    return {
      async run(feeds) {
        const { logits, ...others } = await executable.run(feeds);
        if (!logits) return others;
        const data = (logits as HostArray<"float32">).data.map((x) => x * temperature);
        return { ...others, logits: { dtype: "float32", shape: logits.shape, data } };
      },
      dispose: () => executable.dispose(),
    };
  },
});
