// Architectures: one file each. Configs in, parameters and forward passes out.
import { ConcordError, nearestName } from "../base/index.ts";
import { type Config, field, text } from "../formats/index.ts";
import { bert } from "./bert.ts";
import { distilbert } from "./distilbert.ts";
import type { Model } from "./model.ts";
import { roberta } from "./roberta.ts";

export { withHead } from "./heads.ts";
export * from "./model.ts";

/** Architectures by `model_type`. */
export const architectures = { bert, distilbert, roberta } as const satisfies Record<string, (config: Config) => Model>;

/**
 * The model that a config describes.
 * @throws E_MODEL for an unknown `model_type` (lists the known ones); E_CONFIG for a wrong entry
 * @example const model = modelOf(readConfig(bytes, "config.json"));
 */
export function modelOf(config: Config): Model {
  const type = field(config, "model_type", text);
  if (!Object.hasOwn(architectures, type)) {
    const near = nearestName(type, Object.keys(architectures));
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: `model_type ${type} is not known`,
      expected: Object.keys(architectures).join(", "),
      hint: near && `did you mean ${near}?`,
      path: config.path,
    });
  }
  return architectures[type as keyof typeof architectures](config);
}
