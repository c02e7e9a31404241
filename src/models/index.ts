// Architectures: one file each. Configs in, parameters and forward passes out.
import { ConcordError } from "../base/index.ts";
import { type Config, field, text } from "../formats/index.ts";
import { bert } from "./bert.ts";
import { distilbert } from "./distilbert.ts";
import {
  bertEntries,
  distilbertEntries,
  ernieEntries,
  gpt2Entries,
  type KnownEntries,
  knownConfig,
  llamaEntries,
  vitEntries,
} from "./entries.ts";
import { gpt2 } from "./gpt2.ts";
import type { Family } from "./heads.ts";
import { insteadOf } from "./instead.ts";
import { llama } from "./llama.ts";
import type { Model } from "./model.ts";
import { roberta } from "./roberta.ts";
import { vit } from "./vit.ts";

export { exportGraph } from "./export-graph.ts";
export { withHead } from "./heads.ts";
export * from "./model.ts";
export * from "./weights.ts";

/** One architecture: how Transformers names its heads, and what reads it. */
export interface Architecture extends Omit<Family, "type"> {
  readonly entries: KnownEntries;
  readonly read: (config: Config, family: Family) => Model;
}

const encoder = ["Model", "ForSequenceClassification", "ForTokenClassification", "ForMaskedLM"] as const;
const decoderHeads = ["ForSequenceClassification", "ForTokenClassification"] as const;
const row = (
  name: string,
  read: Architecture["read"],
  entries: KnownEntries,
  heads: Family["heads"],
  prefix: string,
): Architecture => ({ name, read, entries, heads, prefix });

/** Architectures by `model_type`. */
export const architectures: Readonly<Record<string, Architecture>> = {
  bert: row("Bert", bert, bertEntries, [...encoder, "ForPreTraining"], "bert."),
  camembert: row("Camembert", roberta, bertEntries, encoder, "roberta."),
  distilbert: row("DistilBert", distilbert, distilbertEntries, encoder, "distilbert."),
  ernie: row("Ernie", bert, ernieEntries, [...encoder, "ForPreTraining"], "ernie."),
  gpt2: row("GPT2", gpt2, gpt2Entries, ["Model", "LMHeadModel", ...decoderHeads], "transformer."),
  llama: row("Llama", llama, llamaEntries, ["Model", "ForCausalLM", ...decoderHeads], "model."),
  roberta: row("Roberta", roberta, bertEntries, encoder, "roberta."),
  vit: row("ViT", vit, vitEntries, ["Model", "ForImageClassification"], "vit."),
  "xlm-roberta": row("XLMRoberta", roberta, bertEntries, encoder, "roberta."),
};

function architectureOf(config: Config): Architecture & Family {
  const type = field(config, "model_type", text);
  if (Object.hasOwn(architectures, type)) return { ...architectures[type]!, type };
  throw new ConcordError("E_MODEL", {
    operation: "read config",
    problem: `model_type ${type} is not covered`,
    expected: Object.keys(architectures).join(", "),
    hint: insteadOf(type, Object.keys(architectures)),
    path: config.path,
  });
}

/**
 * The model that a config describes.
 * @throws E_MODEL for a `model_type` or head that is not covered (lists those that are), and for an entry that is not known to be
 * without effect; E_CONFIG for a wrong entry
 * @example const model = modelOf(readConfig(bytes, "config.json"));
 */
export function modelOf(config: Config): Model {
  const architecture = architectureOf(config);
  return architecture.read(knownConfig(config, architecture.type, architecture.entries), architecture);
}

/** The class prefix of a config's architecture: `Bert`. */
export const familyOf = (config: Config): string => architectureOf(config).name;
export * from "./peft.ts";
