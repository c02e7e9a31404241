// Series as a batch: rows of numbers on their own scale.
import { hostArray } from "../../base/index.ts";
import { type Batching, refuseInput } from "../modality.ts";

export const seriesBatching: Batching = {
  specs: ({ array }) => ({ series: ["float32", ["B", ...array!.shape]] }),
  rows: () => 0,
  feeds({ array }, inputs) {
    const [channels, steps] = array!.shape as [number, number];
    const size = channels * steps;
    const data = new Float32Array(inputs.length * size);
    for (const [i, input] of inputs.entries()) {
      if (!("series" in input))
        return refuseInput(i, "it has no numbers over time", "an example of a series", "another modality's");
      if (input.series.length !== size)
        return refuseInput(
          i,
          "its numbers do not fit the model",
          `${size} values [${channels}, ${steps}]`,
          input.series.length,
        );
      data.set(input.series, i * size);
    }
    return { series: hostArray("float32", [inputs.length, channels, steps], data) };
  },
};
