// Examples whose inputs are changed anew in each epoch. Knows no modality.
import { ConcordError, type Random } from "../base/index.ts";
import { type Augmentation, batchingOf } from "../modalities/index.ts";
import type { Model } from "../models/index.ts";
import type { Example } from "./example.ts";

/**
 * Changes examples for an epoch: a function of (seed, epoch, row), so that a resumed run sees the same changes.
 * @throws E_CONFIG for a model whose inputs are not augmented
 */
export function augmentation(
  model: Model,
  how: Augmentation,
  seedStream: Random,
): (examples: readonly Example[], epoch: number) => Example[] {
  const { augmented } = batchingOf(model);
  if (!augmented)
    throw new ConcordError("E_CONFIG", {
      operation: "training options",
      problem: `inputs of the modality ${model.reads} are not augmented`,
      expected: "a model of images",
      got: Object.keys(how).join(", "),
      path: "adapt.augment",
    });
  return (examples, epoch) =>
    examples.map((example, row) => ({
      ...example,
      ...augmented(example, how, seedStream.split(`augment ${epoch} ${row}`)),
    }));
}
