// Architectures: one file each. Configs in, parameters and forward passes out.
import { ConcordError, nearestName } from "../base/index.ts";
import { type Config, field, text } from "../formats/index.ts";
import { bert } from "./bert.ts";
import { distilbert } from "./distilbert.ts";
import { gpt2 } from "./gpt2.ts";
import { llama } from "./llama.ts";
import type { Model } from "./model.ts";
import { roberta } from "./roberta.ts";
import { vit } from "./vit.ts";

export { exportGraph } from "./export-graph.ts";
export { withHead } from "./heads.ts";
export * from "./model.ts";
export * from "./weights.ts";

/** Architectures by `model_type`, with the class prefix that Transformers gives their heads. */
export const architectures = {
  bert: { family: "Bert", read: bert },
  distilbert: { family: "DistilBert", read: distilbert },
  gpt2: { family: "GPT2", read: gpt2 },
  llama: { family: "Llama", read: llama },
  roberta: { family: "Roberta", read: roberta },
  vit: { family: "ViT", read: vit },
} as const satisfies Record<string, { family: string; read: (config: Config) => Model }>;

function architectureOf(config: Config) {
  const type = field(config, "model_type", text);
  if (Object.hasOwn(architectures, type)) return architectures[type as keyof typeof architectures];
  const near = nearestName(type, Object.keys(architectures));
  throw new ConcordError("E_MODEL", {
    operation: "read config",
    problem: `model_type ${type} is not known`,
    expected: Object.keys(architectures).join(", "),
    hint: near && `did you mean ${near}?`,
    path: config.path,
  });
}

/**
 * The model that a config describes.
 * @throws E_MODEL for an unknown `model_type` (lists the known ones); E_CONFIG for a wrong entry
 * @example const model = modelOf(readConfig(bytes, "config.json"));
 */
export const modelOf = (config: Config): Model => architectureOf(config).read(config);

/** The class prefix of a config's architecture: `Bert`. */
export const familyOf = (config: Config): string => architectureOf(config).family;
export * from "./peft.ts";
