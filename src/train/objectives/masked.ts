// Masked words (Devlin 2018, arXiv:1810.04805): in each epoch other tokens are hidden, and predicted.
import { tokensOf } from "../../modalities/index.ts";
import { defaultMasking, type MaskingOptions, type MaskingVocabulary, maskedEpoch } from "../masking.ts";
import type { Objective } from "./objective.ts";
import { supervised } from "./supervised.ts";

export interface MaskedSettings extends Partial<MaskingOptions> {
  readonly vocabulary: MaskingVocabulary;
}

/** The targets of an example are its own tokens where they were hidden. */
export function masked({ vocabulary, ...given }: MaskedSettings): Objective {
  const options = { ...defaultMasking, ...given };
  return {
    ...supervised(),
    name: "masked",
    logitRows: options.maxPredictions,
    epochs: (examples, seed) => {
      const rows = examples.map((e, i) => tokensOf(e, i).ids);
      return (epoch) => maskedEpoch(rows, vocabulary, seed, epoch, options);
    },
  };
}
