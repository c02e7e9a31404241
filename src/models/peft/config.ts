// adapter_config.json in PEFT's layout ⇄ this library's settings. No files. Which layers an adapter has is decided by its tensors: expressions
// of names in the config are read for α only, by a machine that no expression makes slow.
import { ConcordError } from "../../base/index.ts";
import {
  type Config,
  field,
  type JsonRecord,
  type JsonValue,
  list,
  nullable,
  number,
  section,
  text,
} from "../../formats/index.ts";
import { type AdapterLayout, type AdapterName, type AdapterOptions, adapterOptions } from "../../nn/index.ts";
import { matcher } from "../../patterns/index.ts";
import type { Model } from "../model.ts";
import { peftKinds } from "./kinds.ts";

/** What an adapter_config.json says. */
export interface PeftSettings {
  /** Settings of all modules; `targets` are the names that the config lists. */
  readonly options: AdapterOptions;
  /** True where the names are no list of all modules (an expression, some layers, exceptions): then the file says which. */
  readonly byFile: boolean;
  /** α of a module by the config's patterns, the first that fits; undefined where none does. */
  alphaOf(module: string): number | undefined;
}

/** Entries that the reader uses for every kind. */
const used = `peft_type bias target_modules modules_to_save init_lora_weights init_weights exclude_modules layers_to_transform
  layers_pattern task_type`;
/** Entries about where the base came from, how the adapter was trained, or how it is run. */
const harmless = `auto_mapping peft_version base_model_name_or_path revision inference_mode fan_in_fan_out megatron_config megatron_core
  loftq_config eva_config corda_config lora_ga_config qalora_group_size runtime_config ensure_weight_tying`;
const known = `${used} ${harmless}`.split(/\s+/);

/** Ways of starting that leave the base's weights as they are and change nothing of the layer. The others take the start out of the base. */
const plainStarts: Readonly<Record<string, readonly JsonValue[]>> = {
  init_lora_weights: [true, false, null, "gaussian", "eva", "orthogonal", "mica"],
  init_weights: [true, false, null],
};

/**
 * Reads `adapter_config.json`.
 * @throws E_CONFIG for a wrong entry; E_MODEL for a kind of adapter that is not covered, or a setting that is not
 */
export function readPeftConfig(config: Config): PeftSettings {
  const kind = kindOf(config);
  const { entries, read } = peftKinds[kind];
  const all = new Set([...known, ...entries]);
  for (const [name, value] of Object.entries(config.entries))
    if (!all.has(name) && !isOff(value)) throw notCovered(config, name, value, `plain ${kind} on linear layers`);
  const bias = field(config, "bias", text, "none");
  if (bias !== "none") throw notCovered(config, "bias", bias, "none");
  for (const [name, starts] of Object.entries(plainStarts)) {
    const start = config.entries[name] ?? true;
    if (!starts.includes(start))
      throw notCovered(
        config,
        name,
        start,
        "an adapter for the base model's own weights",
        "it changed the weights of its base when it started: convert it in Python, save_pretrained(folder, path_initial_model_for_weight_conversion=…)",
      );
  }
  const targets = config.entries.target_modules;
  const listed =
    typeof targets === "string" ? undefined : field(config, "target_modules", nullable(list(text, 4096)), null);
  const limited = ["layers_to_transform", "exclude_modules"].some((name) => !isOff(config.entries[name]));
  return {
    options: adapterOptions({
      kind,
      targets: listed ?? [],
      trainWhole: field(config, "modules_to_save", nullable(list(text, 4096)), null) ?? [],
      ...read(config),
    }),
    byFile: !listed || limited,
    alphaOf: alphasOf(config),
  };
}

/** @throws E_MODEL for a type that is none of {@link peftKinds} */
function kindOf(config: Config): AdapterName {
  const type = field(config, "peft_type", text);
  if (type === "LORA") return config.entries.use_dora === true ? "dora" : "lora";
  const names = Object.keys(peftKinds) as AdapterName[];
  const found = names.find((name) => peftKinds[name].type === type);
  if (found) return found;
  const expected = [...new Set(names.map((name) => peftKinds[name].type))].join(", ");
  throw notCovered(config, "peft_type", type, expected);
}

const isOff = (value: JsonValue | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** `alpha_pattern`: each key is an expression for the end of a module's name. Ranks are seen from the file. */
function alphasOf(config: Config): PeftSettings["alphaOf"] {
  const pattern = section(config, "alpha_pattern");
  const alphas = Object.keys(pattern?.entries ?? {}).map(
    (name) => [matcher(`(.*\\.)?(${name})`), field(pattern!, name, number(0, 1e6))] as const,
  );
  return (module) => alphas.find(([fits]) => fits(module))?.[1];
}

function notCovered(config: Config, name: string, got: JsonValue, expected: string, hint?: string): ConcordError {
  return new ConcordError("E_MODEL", {
    operation: "read adapter",
    problem: `${name} is not covered`,
    expected,
    got: JSON.stringify(got)?.slice(0, 200),
    hint,
    path: config.path,
  });
}

const taskTypes: Partial<Record<Model["task"], string>> = {
  "single-label": "SEQ_CLS",
  ordinal: "SEQ_CLS",
  "multi-label": "SEQ_CLS",
  regression: "SEQ_CLS",
  token: "TOKEN_CLS",
  "causal-lm": "CAUSAL_LM",
  features: "FEATURE_EXTRACTION",
};

/** Modules that PEFT saves with every adapter of a classifying task type. */
const classifiers = ["classifier", "score"];

/** PEFT expects the classifier in the file of an adapter that has a classifying task type: without it the type is left open. */
function taskType({ task }: Model, { trainWhole }: AdapterOptions): string | null {
  const classifies = task !== "causal-lm" && task !== "features";
  return classifies && !trainWhole.some((module) => classifiers.includes(module)) ? null : (taskTypes[task] ?? null);
}

/** `adapter_config.json` of an adapter, as PEFT reads it. */
export function peftConfig(model: Model, { kind, options, modules }: AdapterLayout, base: string): JsonRecord {
  const { type, write } = peftKinds[options.kind];
  return {
    peft_type: type,
    task_type: taskType(model, options),
    base_model_name_or_path: base,
    ...write(options, model.transposedWeights),
    // PEFT resolves all-linear by its own rules: the names say exactly which layers; virtual tokens have none
    ...(!kind.own && { target_modules: options.targets === "all-linear" ? [...modules] : [...options.targets] }),
    modules_to_save: options.trainWhole.length ? [...options.trainWhole] : null,
    inference_mode: true,
  };
}
