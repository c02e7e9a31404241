// A predictor that also measures what it answers, for watching: in the same run of the model.
import { isTextPredictor, observedAnswers, type Predictor, type TextInput } from "../../predict/index.ts";
import { tokenCounts } from "../../stages/index.ts";
import { binned, measurementOf, type Profile } from "../../watch/index.ts";

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
        const seen = await observedAnswers(own, inputs, options);
        const counts = isTextPredictor(own) ? await tokenCounts(own, inputs as TextInput[]) : undefined; // a text predictor's inputs
        for (const [i, { answer, features }] of seen.entries())
          bins.push(binsOf(measurementOf(answer, features, counts?.[i])));
        return seen.map(({ answer }) => answer);
      },
    },
    taken() {
      const out = bins;
      bins = [];
      return out;
    },
  };
}
