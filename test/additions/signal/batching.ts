// Signal as a batch: rows of one array. What the guards add to a copy.
import { hostArray } from "../../../src/base/index.ts";
import { type Batching, refuseInput } from "../../../src/modalities/modality.ts";

export const signalBatching: Batching = {
  specs: ({ array }) => ({ signal: ["float32", ["B", ...array!.shape]] }),
  rows: () => 0,
  feeds({ array }, inputs) {
    const [length] = array!.shape;
    const data = new Float32Array(inputs.length * length!);
    for (const [i, input] of inputs.entries()) {
      if (!("signal" in input))
        return refuseInput(i, "it has no numbers", "an example of a signal", "another modality's");
      if (input.signal.length !== length)
        return refuseInput(i, "its length does not fit the model", `${length} numbers`, input.signal.length);
      data.set(input.signal, i * length);
    }
    return { signal: hostArray("float32", [inputs.length, length!], data) };
  },
};
