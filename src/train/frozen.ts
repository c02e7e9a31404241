// How a run holds matrices that it does not train.
import type { HostArray } from "../base/index.ts";
import type { CompileOptions } from "../runtime/index.ts";

/** `int8`: a scale a column, products in integers. `nf4`: 4-bit NormalFloat, products in float32 (QLoRA, Dettmers 2023, arXiv:2305.14314). */
export const frozenForms = ["float32", "int8", "nf4"] as const;
export type FrozenForm = (typeof frozenForms)[number];

type Binding = NonNullable<CompileOptions["bind"]>[string];

/** The binding of a frozen matrix. @param scales of what is multiplied with it in integers */
export function frozenBinding(array: HostArray, form: FrozenForm, scales: "tensor" | "row"): Binding {
  if (form === "int8") return { kind: "int8", array, scales };
  return { kind: form === "nf4" ? "nf4" : "initializer", array };
}
