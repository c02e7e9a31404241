// Adapters in PEFT's layout: names and settings ⇄ this library's, no files. Covers LoRA on linear layers.
import { ConcordError, type HostArray } from "../base/index.ts";
import {
  type Config,
  field,
  flag,
  integer,
  type JsonRecord,
  type JsonValue,
  list,
  nullable,
  number,
  oneOf,
  rate,
  section,
  text,
} from "../formats/index.ts";
import { type LoraLayout, type LoraOptions, loraLayout } from "../nn/index.ts";
import type { Model } from "./model.ts";

/** PEFT's name of one of an adapter's weights. */
export const peftName = (name: string): string =>
  `base_model.model.${name.replace(/\.lora\.([AB])$/, ".lora_$1.weight")}`;

/** Settings that change the mathematics and are not covered: each must be off. */
const uncovered = [
  "use_dora",
  "use_qalora",
  "use_bdlora",
  "lora_bias",
  "layer_replication",
  "layers_to_transform",
  "exclude_modules",
  "alora_invocation_tokens",
  "trainable_token_indices",
  "target_parameters",
  "velora_config",
  "monteclora_config",
  "kasa_config",
];

/**
 * Reads `adapter_config.json`.
 * @throws E_CONFIG for a wrong entry; E_MODEL for an adapter that is not LoRA or uses what is not covered
 */
export function readPeftConfig(config: Config): LoraOptions {
  const refuse = (entry: string, got: JsonValue): never => {
    throw new ConcordError("E_MODEL", {
      operation: "read adapter",
      problem: `${entry} is not covered`,
      expected: "plain LoRA on linear layers",
      got: JSON.stringify(got),
      path: config.path,
    });
  };
  field(config, "peft_type", oneOf("LORA"));
  for (const entry of uncovered) {
    const value = config.entries[entry];
    const off =
      value === undefined ||
      value === null ||
      value === false ||
      (typeof value === "object" && Object.keys(value).length === 0);
    if (!off) refuse(entry, value);
  }
  for (const pattern of ["rank_pattern", "alpha_pattern"]) {
    const own = section(config, pattern);
    if (own && Object.keys(own.entries).length > 0) refuse(pattern, own.entries);
  }
  const bias = field(config, "bias", text, "none");
  if (bias !== "none") refuse("bias", bias);
  const rank = field(config, "r", integer(1, 2 ** 16));
  const targets = config.entries.target_modules;
  return {
    rank,
    alpha: field(config, "lora_alpha", number(0, 1e6), rank),
    dropout: field(config, "lora_dropout", rate, 0),
    targets:
      targets === "all-linear"
        ? targets
        : typeof targets === "string"
          ? [targets]
          : field(config, "target_modules", list(text, 4096)),
    trainWhole: field(config, "modules_to_save", nullable(list(text, 4096)), null) ?? [],
    rankStabilised: field(config, "use_rslora", flag, false),
  };
}

const taskTypes: Partial<Record<Model["task"], string>> = {
  "single-label": "SEQ_CLS",
  "multi-label": "SEQ_CLS",
  regression: "SEQ_CLS",
  token: "TOKEN_CLS",
  "causal-lm": "CAUSAL_LM",
  features: "FEATURE_EXTRACTION",
};

/** PEFT expects the classifier in the file of an adapter that has a classifying task type: without it the type is left open. */
function taskType({ task }: Model, { trainWhole }: LoraOptions): string | null {
  const classifies = task !== "causal-lm" && task !== "features";
  return classifies && !trainWhole.includes("classifier") ? null : (taskTypes[task] ?? null);
}

/** `adapter_config.json` of an adapter, as PEFT reads it. */
export function peftConfig(model: Model, { options, modules }: LoraLayout, base: string): JsonRecord {
  return {
    peft_type: "LORA",
    task_type: taskType(model, options),
    base_model_name_or_path: base,
    r: options.rank,
    lora_alpha: options.alpha,
    lora_dropout: options.dropout,
    use_rslora: options.rankStabilised,
    // PEFT resolves all-linear by its own rules: the names say exactly which layers
    target_modules: options.targets === "all-linear" ? [...modules] : [...options.targets],
    modules_to_save: options.trainWhole.length ? [...options.trainWhole] : null,
    bias: "none",
    fan_in_fan_out: model.transposedWeights ?? false,
    inference_mode: true,
    init_lora_weights: true,
  };
}

/** Parameters that an adapter file holds: A and B of each module, and modules trained as a whole. */
export const adapterParameters = (model: Model, layout: LoraLayout): string[] => [
  ...layout.parameters.map((p) => p.name),
  ...model.parameters.map((p) => p.name).filter(layout.trains),
];

/**
 * The layout and weights of an adapter file for a model.
 * @param read gives a tensor by its name in the file, undefined when absent
 * @throws E_MODEL when a weight is missing or has another shape
 */
export function matchAdapter(
  model: Model,
  options: LoraOptions,
  shapes: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  where: string,
): { layout: LoraLayout; files: Map<string, string> } {
  const layout = loraLayout(model.parameters, options, model.transposedWeights);
  const expected = new Map<string, readonly number[]>(
    [...layout.parameters, ...model.parameters].map((p) => [p.name, p.shape]),
  );
  const files = new Map<string, string>();
  for (const name of adapterParameters(model, layout)) {
    const stored = peftName(name);
    const found = shapes.get(stored);
    if (!found || String(found.shape) !== String(expected.get(name)))
      throw new ConcordError("E_MODEL", {
        operation: "read adapter",
        problem: `${stored} is ${found ? "of another shape" : "missing"}`,
        expected: `[${expected.get(name)}]`,
        got: found ? `[${found.shape}]` : [...shapes.keys()].slice(0, 3).join(", "),
        path: where,
      });
    files.set(name, stored);
  }
  return { layout, files };
}

/** An adapter's weights under PEFT's names. */
export const peftTensors = (
  model: Model,
  layout: LoraLayout,
  weights: ReadonlyMap<string, HostArray>,
): [string, HostArray][] => adapterParameters(model, layout).map((name) => [peftName(name), weights.get(name)!]);
