// Adapters in PEFT's layout: names and settings ⇄ this library's, no files. Covers LoRA on linear layers. Which modules an adapter has
// is decided by its file: patterns of names (regular expressions, layers) are never run.
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

const prefix = "base_model.model.";

/** PEFT's name of one of an adapter's weights. */
export const peftName = (name: string): string => `${prefix}${name.replace(/\.lora\.([AB])$/, ".lora_$1.weight")}`;

/** What an adapter_config.json says. */
export interface PeftSettings {
  /** Settings of all modules; `targets` are the names that the config lists. */
  readonly options: LoraOptions;
  /** True where the names are no list of all modules (an expression, some layers, exceptions): then the file says which. */
  readonly byFile: boolean;
  /** α by the end of a module's name, in the config's order: the first that fits counts. */
  readonly alphas: readonly (readonly [string, number])[];
}

/** Entries that the reader uses. */
const used = `peft_type r lora_alpha lora_dropout bias use_rslora target_modules modules_to_save init_lora_weights exclude_modules
  layers_to_transform layers_pattern rank_pattern alpha_pattern task_type`;
/** Entries about where the base came from, how the adapter was trained, or how it is run. */
const harmless = `auto_mapping peft_version base_model_name_or_path revision inference_mode fan_in_fan_out megatron_config megatron_core
  loftq_config eva_config corda_config lora_ga_config qalora_group_size runtime_config ensure_weight_tying`;
const known = new Set(`${used} ${harmless}`.split(/\s+/));

/** Ways of starting A and B that leave the base's weights as they are. The others take the start out of the base. */
const plainStarts: readonly JsonValue[] = [true, false, null, "gaussian", "eva", "orthogonal", "mica"];

/**
 * Reads `adapter_config.json`.
 * @throws E_CONFIG for a wrong entry; E_MODEL for an adapter that is not LoRA or uses what is not covered
 */
export function readPeftConfig(config: Config): PeftSettings {
  field(config, "peft_type", oneOf("LORA"));
  for (const [name, value] of Object.entries(config.entries))
    if (!known.has(name) && !isOff(value)) throw notCovered(config, name, value, "plain LoRA on linear layers");
  const bias = field(config, "bias", text, "none");
  if (bias !== "none") throw notCovered(config, "bias", bias, "none");
  const start = config.entries.init_lora_weights ?? true;
  if (!plainStarts.includes(start))
    throw notCovered(
      config,
      "init_lora_weights",
      start,
      "an adapter for the base model's own weights",
      "it changed the weights of its base when it started: convert it in Python, save_pretrained(folder, path_initial_model_for_weight_conversion=…)",
    );
  const rank = field(config, "r", integer(1, 2 ** 16));
  const targets = config.entries.target_modules;
  const listed =
    typeof targets === "string" ? undefined : field(config, "target_modules", nullable(list(text, 4096)), null);
  const limited = ["layers_to_transform", "exclude_modules"].some((name) => !isOff(config.entries[name]));
  return {
    options: {
      rank,
      alpha: field(config, "lora_alpha", number(0, 1e6), rank),
      dropout: field(config, "lora_dropout", rate, 0),
      targets: listed ?? [],
      trainWhole: field(config, "modules_to_save", nullable(list(text, 4096)), null) ?? [],
      rankStabilised: field(config, "use_rslora", flag, false),
    },
    byFile: !listed || limited,
    alphas: alphasOf(config),
  };
}

const isOff = (value: JsonValue | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** `alpha_pattern`; its keys are expressions in PEFT, and covered where they are names. Ranks are seen from the file. */
function alphasOf(config: Config): [string, number][] {
  const pattern = section(config, "alpha_pattern");
  return Object.keys(pattern?.entries ?? {}).map((name) => {
    if (!/^[\w.]+$/.test(name))
      throw notCovered(
        config,
        "alpha_pattern",
        name,
        "names of modules",
        "write out the names that the expression stands for",
      );
    return [name, field(pattern!, name, number(0, 1e6))];
  });
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
  "multi-label": "SEQ_CLS",
  regression: "SEQ_CLS",
  token: "TOKEN_CLS",
  "causal-lm": "CAUSAL_LM",
  features: "FEATURE_EXTRACTION",
};

/** Modules that PEFT saves with every adapter of a classifying task type. */
const classifiers = ["classifier", "score"];

/** PEFT expects the classifier in the file of an adapter that has a classifying task type: without it the type is left open. */
function taskType({ task }: Model, { trainWhole }: LoraOptions): string | null {
  const classifies = task !== "causal-lm" && task !== "features";
  return classifies && !trainWhole.some((module) => classifiers.includes(module)) ? null : (taskTypes[task] ?? null);
}

/** `adapter_config.json` of an adapter, as PEFT reads it. */
export function peftConfig(model: Model, { options, modules }: LoraLayout, base: string): JsonRecord {
  const single = Object.entries(options.modules ?? {});
  return {
    peft_type: "LORA",
    task_type: taskType(model, options),
    base_model_name_or_path: base,
    r: options.rank,
    lora_alpha: options.alpha,
    lora_dropout: options.dropout,
    use_rslora: options.rankStabilised,
    rank_pattern: Object.fromEntries(single.map(([name, { rank }]) => [name, rank])),
    alpha_pattern: Object.fromEntries(single.map(([name, { alpha }]) => [name, alpha])),
    // PEFT resolves all-linear by its own rules: the names say exactly which layers
    target_modules: options.targets === "all-linear" ? [...modules] : [...options.targets],
    modules_to_save: options.trainWhole.length ? [...options.trainWhole] : null,
    bias: "none",
    fan_in_fan_out: model.transposedWeights,
    inference_mode: true,
    init_lora_weights: true,
  };
}

/** Parameters that an adapter file holds: A and B of each module, modules trained as a whole, and what it keeps. */
export const adapterParameters = (model: Model, { parameters, options, trains }: LoraLayout): string[] => [
  ...parameters.map((p) => p.name),
  ...model.parameters.map((p) => p.name).filter((name) => trains(name) || options.kept?.includes(name)),
];

type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

/**
 * The layout and weights of an adapter file for a model. Every tensor of the file is used, or it is refused.
 * @param shapes tensors of the file by their names
 * @throws E_MODEL when a weight is missing, has another shape, or is not one that the model or its config has
 */
export function matchAdapter(
  model: Model,
  settings: PeftSettings,
  shapes: Shapes,
  where: string,
): { layout: LoraLayout; files: Map<string, string> } {
  const layout = layoutOf(model, settings, shapes, where);
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

/** A layout over the modules that the file has; a list of names in the config has to name the same ones. */
function layoutOf(model: Model, settings: PeftSettings, shapes: Shapes, where: string): LoraLayout {
  const { options, byFile, alphas } = settings;
  const { found, kept, unused } = sorted(model, shapes);
  const none = loraLayout(model.parameters, { ...options, targets: [] }, model.transposedWeights);
  const bad = (problem: string, expected: string): never => {
    const got = [...shapes.keys()].slice(0, 3).join(", ");
    const hint = "use the base model that the adapter was made for; what is left out would change its predictions";
    throw new ConcordError("E_MODEL", { operation: "read adapter", problem, expected, got, hint, path: where });
  };
  if (unused[0] !== undefined)
    bad(`${unused[0]} has no use in this model`, "A and B of its linear layers, and weights of its own");
  if (found.size === 0) bad("the file has no adapter for any layer of this model", "A and B of linear layers");
  const listed = byFile ? undefined : listedModules(model, options.targets);
  const stray = [...found.keys()].find((module) => listed && !listed.includes(module));
  if (stray !== undefined) bad(`${peftName(`${stray}.lora.A`)} is no target`, `the modules ${String(options.targets)}`);
  const missing = listed?.find((module) => !found.has(module) && !none.trains(`${module}.weight`));
  if (missing !== undefined)
    bad(`${peftName(`${missing}.lora.A`)} is missing`, `the modules ${String(options.targets)}`);
  const usual = (module: string, rank: number) =>
    rank === options.rank && alphaOf(module, options, alphas) === options.alpha;
  const single = [...found].filter(([module, rank]) => !usual(module, rank));
  const names = options.targets as readonly string[];
  const exact = listed?.length === found.size && names.every((t) => listed.some((m) => m === t || m.endsWith(`.${t}`)));
  const more = kept.filter((name) => !none.trains(name));
  return loraLayout(
    model.parameters,
    {
      ...options,
      targets: exact ? options.targets : [...found.keys()],
      ...(single.length && {
        modules: Object.fromEntries(
          single.map(([module, rank]) => [module, { rank, alpha: alphaOf(module, options, alphas) }]),
        ),
      }),
      ...(more.length && { kept: more }),
    },
    model.transposedWeights,
  );
}

/** Linear layers that a list of targets names; a name that no layer has is none of this model's. */
function listedModules(model: Model, targets: LoraOptions["targets"]): readonly string[] {
  const { modules } = loraLayout(model.parameters, { targets: "all-linear" }, model.transposedWeights);
  const heads = model.parameters.flatMap(({ name, linear, head }) =>
    head && linear ? [name.slice(0, -".weight".length)] : [],
  );
  const named = (module: string) =>
    (targets as readonly string[]).some((t) => module === t || module.endsWith(`.${t}`));
  return [...modules, ...heads].filter(named);
}

const alphaOf = (module: string, { alpha }: LoraOptions, alphas: PeftSettings["alphas"]): number =>
  alphas.find(([name]) => module === name || module.endsWith(`.${name}`))?.[1] ?? alpha;

/** The tensors of a file: adapted modules with their ranks, weights of the model itself, and what is neither. */
function sorted(model: Model, shapes: Shapes): { found: Map<string, number>; kept: string[]; unused: string[] } {
  const known = new Set(model.parameters.map((p) => p.name));
  const found = new Map<string, number>();
  const kept: string[] = [];
  const unused: string[] = [];
  for (const [stored, { shape }] of shapes) {
    const name = stored.startsWith(prefix) ? stored.slice(prefix.length) : "";
    const module = /^(.+)\.lora_[AB]\.weight$/.exec(name)?.[1];
    if (module !== undefined && known.has(`${module}.weight`)) {
      if (name.endsWith("A.weight")) found.set(module, shape[0] ?? 0);
    } else if (known.has(name)) kept.push(name);
    else unused.push(stored);
  }
  return { found, kept, unused };
}

/** An adapter's weights under PEFT's names. */
export const peftTensors = (
  model: Model,
  layout: LoraLayout,
  weights: ReadonlyMap<string, HostArray>,
): [string, HostArray][] => adapterParameters(model, layout).map((name) => [peftName(name), weights.get(name)!]);
