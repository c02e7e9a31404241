// What a kind of adapter cannot be trained with: refused by name, with the reason that the kind gives.
import { ConcordError } from "../base/index.ts";
import type { AdapterLayout } from "../nn/index.ts";
import type { TrainerOptions } from "./trainer-options.ts";

/** @throws E_CONFIG for private training or an integer base where the adapter's kind does not hold for them */
export function checkAdapter(
  { adapter, frozen }: { readonly adapter?: AdapterLayout; readonly frozen?: string },
  { privacy }: Pick<TrainerOptions, "privacy">,
): void {
  if (!adapter) return;
  const { options, kind } = adapter;
  const bad = (problem: string, why: string, expected: string, path: string): never => {
    throw new ConcordError("E_CONFIG", { operation: `adapter ${options.kind}`, problem, expected, hint: why, path });
  };
  if (privacy && kind.notPrivate)
    bad("it cannot be trained privately", kind.notPrivate, "lora, miss, bottleneck or biases", "adapt.privacy");
  if (frozen !== undefined && frozen !== "float32" && kind.notStored)
    bad("its base cannot be stored in integers", kind.notStored, "base: float32", "adapt.base");
}
