// What a recipe may not combine with its head: each refused by name, with the reason.
import { type TaskName, taskOf } from "../tasks/index.ts";

/** What {@link headFaults} looks at. */
interface Asked {
  readonly task: TaskName;
  readonly model: { readonly head?: string };
  readonly adapt: { readonly privacy?: unknown };
  readonly together?: unknown;
}

/** @returns what is wrong, in the order of the recipe */
export function headFaults({ task, model, adapt, together }: Asked): {
  readonly path: readonly string[];
  readonly message: string;
}[] {
  const crf = model.head === "crf";
  const faults: readonly (readonly [is: boolean, path: readonly string[], message: string])[] = [
    [
      model.head !== undefined && !taskOf(task).words,
      ["model", "head"],
      "only entities have tags of words to decide: leave it out",
    ],
    [
      crf && Boolean(adapt.privacy),
      ["model", "head"],
      "private training cannot bound what one text adds to the transitions of a CRF: use head: linear",
    ],
    [crf && together !== undefined, ["model", "head"], "studies learn linear heads together so far: use head: linear"],
  ];
  return faults.flatMap(([is, path, message]) => (is ? [{ path, message }] : []));
}
