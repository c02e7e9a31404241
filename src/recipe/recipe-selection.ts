// What a recipe may not combine with choosing an epoch by its validation score: each refused by name, with the reason.
import { hasValidationSplit } from "./recipe-data.ts";

/** What {@link selectionFaults} looks at. */
interface Asked {
  readonly data: Parameters<typeof hasValidationSplit>[0]["data"];
  readonly adapt: {
    readonly patience?: number;
    readonly keep?: "best" | "last";
    readonly average: number;
    readonly privacy?: unknown;
  };
  readonly together?: unknown;
}

/** Whether a recipe chooses an epoch, or when to stop, by validation scores. */
export const selectsEpoch = ({
  adapt: { patience, keep },
}: {
  readonly adapt: Pick<Asked["adapt"], "patience" | "keep">;
}) => patience !== undefined || keep === "best";

/** What is wrong, in the order of the recipe. */
export function selectionFaults(recipe: Asked): { readonly path: readonly string[]; readonly message: string }[] {
  if (!selectsEpoch(recipe)) return [];
  const { adapt, together } = recipe;
  const path = ["adapt", adapt.patience === undefined ? "keep" : "patience"];
  const faults: readonly [boolean, string][] = [
    [
      !hasValidationSplit(recipe),
      "epochs are scored on validation rows, and the recipe keeps none: set data.split.dev, such as 0.1, or leave it out",
    ],
    [
      adapt.average > 0,
      "averaged weights belong to no single epoch: leave out adapt.average, or adapt.patience and adapt.keep",
    ],
    [
      Boolean(adapt.privacy) && adapt.patience !== undefined,
      "private training states ε for a number of steps that is fixed beforehand: leave out adapt.patience; keep: best is possible",
    ],
    [
      together !== undefined,
      "participants of a study train for a fixed number of rounds, and nobody sees the scores of single epochs: leave it out",
    ],
  ];
  return faults.flatMap(([is, message]) => (is ? [{ path, message }] : []));
}
