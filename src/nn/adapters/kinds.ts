// The kinds of adapters by name.
import { biases } from "./biases.ts";
import { bottleneck } from "./bottleneck.ts";
import { dora } from "./dora.ts";
import { ia3 } from "./ia3.ts";
import type { AdapterKind } from "./kind.ts";
import { lora } from "./lora.ts";
import { miss } from "./miss.ts";
import type { AdapterName } from "./options.ts";
import { prefix } from "./prefix.ts";
import { prompt } from "./prompt.ts";

export const kinds: Readonly<Record<AdapterName, AdapterKind>> = {
  lora,
  dora,
  miss,
  ia3,
  bottleneck,
  biases,
  prefix,
  prompt,
};
