// Typed reading of JSON settings that nobody vouches for (config.json, tokenizer_config.json, adapter_config.json): a
// wrong, missing or absurd entry is an E_CONFIG that names file and entry. Knows no architecture.
import { ConcordError, nearestName } from "../base/index.ts";
import { isJsonRecord, type JsonRecord, type JsonValue, parseJson } from "./json.ts";
import { shown } from "./source.ts";

/**
 * Largest sizes that a model's config may ask for: several times those of any published model, and small enough that
 * a product of a few of them is exact in a number.
 */
export const configLimits = {
  /** hidden_size, intermediate_size, head_dim … */
  width: 2 ** 20,
  layers: 2 ** 12,
  heads: 2 ** 12,
  vocabulary: 2 ** 24,
  positions: 2 ** 27,
  labels: 2 ** 20,
  /** UTF-16 units of any text entry */
  text: 2 ** 20,
  /** image_size, patch_size, in pixels of one side */
  imageSide: 2 ** 14,
} as const;

/** An object of settings and where it came from. */
export interface Config {
  /** File, then the entry inside it: `config.json > rope_parameters`. */
  readonly path: string;
  readonly entries: JsonRecord;
}

/** What an entry must be. `take` returns undefined for a value that it refuses. */
export interface Check<T> {
  /** Words for the error: `a whole number from 1 to 4096`. */
  readonly expected: string;
  readonly take: (value: JsonValue) => T | undefined;
}

/**
 * Reads a settings file.
 * @param input its bytes or text, at most 16 MiB, at most 64 levels deep
 * @param path what errors call it
 * @throws E_FORMAT when it is not JSON; E_CONFIG when it is not an object
 * @example const config = readConfig(await readWholeFile("config.json"), "config.json");
 */
export function readConfig(input: Uint8Array | string, path: string): Config {
  return configOf(parseJson(input, path, { protoName: true }), path);
}

/** Settings from JSON that is parsed already. @throws E_CONFIG when it is not an object */
export function configOf(value: JsonValue, path: string): Config {
  if (!isJsonRecord(value)) throw wrong(path, "not an object of settings", "{ … }", shown(value));
  return { path, entries: value };
}

/** True when the entry is there (null counts as there). */
export function has(config: Config, name: string): boolean {
  return Object.hasOwn(config.entries, name);
}

/**
 * One checked entry.
 * @param config where to look
 * @param name the entry
 * @param check what it must be
 * @param fallback its value when it is absent (null is not absent: see {@link nullable}); without one it is required
 * @throws E_CONFIG with the entry's path, what was expected, what was there, and a near name when it is missing
 * @example const width = field(config, "hidden_size", modelWidth);
 * const epsilon = field(config, "layer_norm_eps", number(0, 1), 1e-12);
 */
export function field<T, F = never>(config: Config, name: string, check: Check<T>, ...fallback: [F?]): T | F {
  if (!has(config, name)) {
    if (fallback.length) return fallback[0] as F;
    const near = nearestName(name, nearby(config));
    throw wrong(config.path, `no entry ${name}`, check.expected, "nothing", near && `did you mean ${near}?`);
  }
  const value = config.entries[name]!;
  const taken = check.take(value);
  if (taken === undefined) throw wrong(`${config.path} > ${name}`, `${name} is wrong`, check.expected, shown(value));
  return taken;
}

// Names long or many enough to make the search slow were not mistyped by a person.
function nearby({ entries }: Config): string[] {
  return Object.keys(entries)
    .slice(0, 500)
    .filter((name) => name.length <= 80);
}

/** A nested object of settings; undefined when it is absent or null. @throws E_CONFIG for anything else */
export function section(config: Config, name: string): Config | undefined {
  const value = has(config, name) ? config.entries[name]! : null;
  return value === null ? undefined : configOf(value, `${config.path} > ${name}`);
}

/** A whole number in a range, both ends included. */
export function integer(min: number, max: number): Check<number> {
  const take = (value: JsonValue) => (isNumber(value) && Number.isInteger(value) ? within(value, min, max) : undefined);
  return { expected: `a whole number from ${min} to ${max}`, take };
}

/** A finite number in a range, both ends included. */
export function number(min: number, max: number): Check<number> {
  const take = (value: JsonValue) => (isNumber(value) ? within(value, min, max) : undefined);
  return { expected: `a number from ${min} to ${max}`, take };
}

const isNumber = (value: JsonValue): value is number => typeof value === "number" && Number.isFinite(value);
const within = (value: number, min: number, max: number) => (value >= min && value <= max ? value + 0 : undefined);

/** From 1 to 2³¹ − 1. */
export const positiveInteger: Check<number> = integer(1, 2 ** 31 - 1);
/** A width in features, a count of layers, of heads, of vocabulary rows, of positions: {@link configLimits}. */
export const modelWidth: Check<number> = integer(1, configLimits.width);
export const layerCount: Check<number> = integer(1, configLimits.layers);
export const headCount: Check<number> = integer(1, configLimits.heads);
export const vocabularySize: Check<number> = integer(1, configLimits.vocabulary);
export const positionCount: Check<number> = integer(1, configLimits.positions);
export const imageSide: Check<number> = integer(1, configLimits.imageSide);
/** A row of the vocabulary. */
export const tokenId: Check<number> = integer(0, configLimits.vocabulary - 1);
/** A row of the vocabulary, or -1, which older configs write for none; it becomes null. */
export const padToken: Check<number | null> = {
  expected: tokenId.expected,
  take: (value) => (value === -1 ? null : tokenId.take(value)),
};
/** From 0 to 1: a dropout rate, a smoothing. */
export const rate: Check<number> = number(0, 1);

/** Any text of at most 2²⁰ UTF-16 units. */
export const text: Check<string> = {
  expected: "text",
  take: (value) => (typeof value === "string" && value.length <= configLimits.text ? value : undefined),
};

/** true or false. */
export const flag: Check<boolean> = {
  expected: "true or false",
  take: (value) => (typeof value === "boolean" ? value : undefined),
};

/** One of a few words. @example field(config, "hidden_act", oneOf("gelu", "relu")) */
export function oneOf<const T extends string>(...words: readonly T[]): Check<T> {
  return {
    expected: `one of ${words.map((word) => JSON.stringify(word)).join(", ")}`,
    take: (value) => words.find((word) => word === value),
  };
}

/** The same, or null. */
export function nullable<T>(check: Check<T>): Check<T | null> {
  return { expected: `${check.expected}, or null`, take: (value) => (value === null ? null : check.take(value)) };
}

/** A list of at most `maxLength` entries that all pass. */
export function list<T>(check: Check<T>, maxLength: number = 2 ** 16): Check<T[]> {
  const take = (value: JsonValue) => {
    if (!Array.isArray(value) || value.length > maxLength) return undefined;
    const taken = value.map(check.take);
    return taken.every((item) => item !== undefined) ? (taken as T[]) : undefined;
  };
  return { expected: `a list of at most ${maxLength}, each ${check.expected}`, take };
}

/** A classifier's labels. Two ids may share a label (ImageNet has two cranes); then `idOf` tells one of them. */
export interface Labels {
  /** Label of each id. */
  readonly names: readonly string[];
  readonly idOf: ReadonlyMap<string, number>;
}

/**
 * Labels from `id2label` and, where it is given, `label2id`, which must agree. As in Transformers there are as many outputs as entries,
 * and one whose id has no entry is called LABEL_id.
 * @param config where to look
 * @returns undefined when there is no `id2label`
 * @throws E_CONFIG naming the id or label at fault
 * @example labels(configOf({ id2label: { "0": "ham", "1": "spam" } }, "config.json"))?.names // ["ham", "spam"]
 */
export function labels(config: Config): Labels | undefined {
  const id2label = section(config, "id2label");
  if (!id2label) return undefined;
  const ids = Object.keys(id2label.entries);
  if (ids.length > configLimits.labels)
    throw wrong(id2label.path, "too many labels", `at most ${configLimits.labels}`, `${ids.length}`);
  const odd = ids.find((id) => !/^(0|[1-9]\d{0,8})$/.test(id));
  if (odd !== undefined) throw wrong(id2label.path, "an id is not a whole number", 'keys "0", "1" …', shown(odd));
  const names = ids.map((_, id) => (has(id2label, `${id}`) ? field(id2label, `${id}`, text) : `LABEL_${id}`));
  const idOf = new Map(names.map((name, id) => [name, id]));
  const label2id = section(config, "label2id");
  return { names, idOf: label2id ? agreeing(names, idOf, label2id, id2label) : idOf };
}

/** Whole numbers, also written as text: the official image script writes them so. */
const labelId: Check<number> = {
  expected: "a whole number",
  take: (value) =>
    integer(0, configLimits.labels * 1000).take(
      typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value,
    ),
};

function agreeing(
  names: readonly string[],
  known: ReadonlyMap<string, number>,
  label2id: Config,
  { entries: stated }: Config,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of Object.keys(label2id.entries)) {
    const id = labelId.take(label2id.entries[name]!);
    if (id === undefined || stated[`${id}`] !== name) {
      const got = shown(label2id.entries[name]);
      const expected = known.has(name) ? `${known.get(name)}, as in id2label` : "a label of id2label";
      throw wrong(label2id.path, `label2id and id2label disagree about ${shown(name)}`, expected, got);
    }
    if (id < names.length) counts.set(name, id);
  }
  for (const [id, name] of Object.entries(stated))
    if (typeof name !== "string" || !Object.hasOwn(label2id.entries, name))
      throw wrong(label2id.path, `label2id lacks ${shown(name)}`, id, "nothing");
  return new Map([...known, ...counts]);
}

function wrong(path: string, problem: string, expected: string, got: string, hint?: string): ConcordError {
  return new ConcordError("E_CONFIG", { operation: "read config", problem, expected, got, hint, path });
}

/** Heads that were pruned, as Transformers 4 writes them: layer → their numbers among all heads of the layer. Empty where there are none. */
export function prunedHeads(config: Config): ReadonlyMap<number, readonly number[]> {
  const layers = field(config, "pruned_heads", nullable(prunedLayers), null);
  return new Map(
    Object.entries(layers ?? {}).flatMap(([layer, heads]) => (heads.length ? [[Number(layer), heads]] : [])),
  );
}

const prunedLayers: Check<Record<string, number[]>> = {
  expected: "an object from layer numbers to lists of different head numbers",
  take(value) {
    if (!isJsonRecord(value)) return undefined;
    const heads = list(integer(0, configLimits.heads - 1), configLimits.heads);
    const read = Object.entries(value).map(([layer, given]) => [layer, heads.take(given)] as const);
    const isRight = ([layer, given]: (typeof read)[number]) =>
      /^(0|[1-9]\d{0,5})$/.test(layer) && given !== undefined && new Set(given).size === given.length;
    return read.every(isRight) ? (Object.fromEntries(read) as Record<string, number[]>) : undefined;
  },
};
