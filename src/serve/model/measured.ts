// A predictor that also measures what it answers, for watching: in the same run of the model.
import type { Predictor } from "../../predict/index.ts";
import { binned, measuredAnswers, type Profile } from "../../watch/index.ts";

export interface MeasuringPredictor {
  readonly predictor: Predictor<unknown>;
  /** Bins of the inputs that were answered since the last call, in their order. */
  taken(): Uint8Array[];
}

/** @param profile of the model */
export function measuring(own: Predictor<unknown>, profile: Profile): MeasuringPredictor {
  const binsOf = binned(profile);
  let bins: Uint8Array[] = [];
  return {
    predictor: {
      ...own,
      async answers(inputs, options) {
        const found = await measuredAnswers(own, inputs, options);
        bins.push(...found.map(({ measurement }) => binsOf(measurement)));
        return found.map(({ answer }) => answer);
      },
    },
    taken() {
      const out = bins;
      bins = [];
      return out;
    },
  };
}
