// generation_config.json of a model folder: how its model writes unless somebody asks otherwise, as Transformers reads it. Pure.
import { ConcordError } from "../base/index.ts";
import {
  type Check,
  type Config,
  field,
  flag,
  integer,
  isJsonRecord,
  type JsonRecord,
  type JsonValue,
  list,
  nullable,
  number,
  text,
  tokenId,
} from "../formats/index.ts";
import { type GenerateOptions, generation } from "./options.ts";

/** What the file says. */
export interface GenerationDefaults {
  readonly options: GenerateOptions;
  /** Tokens that end a text, in the place of those in config.json. Default these. */
  readonly ends?: readonly number[];
  /** Entries that would change what is written, and are not covered. */
  readonly ignored: readonly string[];
}

/** Entries that are read, by the option that they are. */
const numbers = {
  maxTokens: ["max_new_tokens", integer(1, 1_000_000)],
  temperature: ["temperature", number(0, 100)],
  topK: ["top_k", integer(0, 1_000_000)],
  topP: ["top_p", number(0, 1)],
  minP: ["min_p", number(0, 1)],
  repetitionPenalty: ["repetition_penalty", number(0.01, 100)],
  noRepeatNgram: ["no_repeat_ngram_size", integer(0, 1000)],
  beams: ["num_beams", integer(1, 64)],
  lengthPenalty: ["length_penalty", number(-10, 10)],
} as const satisfies Partial<Record<keyof GenerateOptions, readonly [string, Check<number>]>>;
type NumberOption = keyof typeof numbers;
const numberOptions = Object.keys(numbers) as NumberOption[];

const others = ["do_sample", "stop_strings", "eos_token_id"];

/** Entries that change no text: ids that the tokenizer has, caches, helpers that give the same tokens sooner, what is returned beside a text. */
const harmless =
  /^(_.*|bos_token_id|pad_token_id|decoder_start_token_id|transformers_version|use_cache|use_mtp|cache_.*|max_cache_len|output_.*|return_dict_in_generate|(num_)?assistant_.*|is_assistant|target_lookbehind|prompt_lookup_num_tokens|max_matching_ngram_size|speculation_type|compile_config|disable_compile|continuous_batching_config|prefill_chunk_size|low_memory)$/;

/** Values with which other entries do nothing. */
const neutral: Readonly<Record<string, JsonValue>> = {
  typical_p: 1,
  top_h: 1,
  epsilon_cutoff: 0,
  eta_cutoff: 0,
  min_length: 0,
  min_new_tokens: 0,
  early_stopping: false,
  diversity_penalty: 0,
  num_beam_groups: 1,
  num_return_sequences: 1,
  encoder_repetition_penalty: 1,
  encoder_no_repeat_ngram_size: 0,
  guidance_scale: 1,
  penalty_alpha: 0,
  remove_invalid_values: false,
  renormalize_logits: false,
  token_healing: false,
};

const stops: Check<string[]> = {
  expected: "a text that is not empty, or a list of such",
  take(value) {
    const all = typeof value === "string" ? [value] : list(text, 64).take(value);
    return all?.every((one) => one !== "") ? all : undefined;
  },
};

const ends: Check<number[]> = {
  expected: "a token id, or a list of token ids",
  take: (value) => {
    const one = tokenId.take(value);
    return one === undefined ? list(tokenId, 64).take(value) : [one];
  },
};

/**
 * Reads the settings of a generation_config.json. Without `do_sample` nothing is drawn, so that a temperature has no effect; with it an
 * absent temperature is 1 and an absent top_k is 50, as in Transformers.
 * @throws E_CONFIG for a value that an entry cannot have, naming it
 * @example readGenerationConfig(configOf({ do_sample: true, top_p: 0.9 }, "generation_config.json")).options // { temperature: 1, topK: 50, topP: 0.9 }
 */
export function readGenerationConfig(config: Config): GenerationDefaults {
  const of = <T>(name: string, check: Check<T>) => field(config, name, nullable(check), null) ?? undefined;
  const given = Object.fromEntries(
    numberOptions.flatMap((option) => {
      const [name, check] = numbers[option];
      const value = of(name, check as Check<number>);
      return value === undefined ? [] : [[option, value]];
    }),
  ) as Partial<Record<NumberOption, number>>;
  const samples = of("do_sample", flag);
  const { temperature = 1, beams, topK = 50, ...plain } = given;
  if (samples && temperature === 0)
    throw new ConcordError("E_CONFIG", {
      operation: "read config",
      problem: "temperature 0 draws nothing",
      expected: "a temperature above 0, or do_sample false",
      got: "0",
      path: `${config.path} > temperature`,
    });
  const stop = of("stop_strings", stops);
  const ownEnds = of("eos_token_id", ends);
  const drawn = samples
    ? { temperature, topK }
    : { ...(samples === false && { temperature: 0 }), ...(given.topK !== undefined && { topK }) };
  const options = { ...plain, ...drawn, ...(beams !== undefined && !samples && { beams }), ...(stop && { stop }) };
  generation(options);
  return { options, ...(ownEnds && { ends: ownEnds }), ignored: ignoredIn(config, Boolean(samples)) };
}

/** Names of entries that would change texts, in their order. */
function ignoredIn({ entries }: Config, samples: boolean): string[] {
  const known = new Set<string>([...others, ...numberOptions.map((option) => numbers[option][0])]);
  return Object.entries(entries).flatMap(([name, value]) => {
    if (name === "num_beams" && samples && Number(value) > 1) return [name]; // drawn beams
    if (value === null || known.has(name) || harmless.test(name) || neutral[name] === value) return [];
    return isJsonRecord(value) && Object.keys(value).length === 0 ? [] : [name];
  });
}

/**
 * The file's entries with some options changed; entries of what is not changed stay.
 * @param given entries of another folder's file, where there is one
 * @example generationEntries({ temperature: 0.7, maxTokens: 200 }, {}) // { do_sample: true, temperature: 0.7, max_new_tokens: 200 }
 */
export function generationEntries(options: GenerateOptions, given: JsonRecord = {}): JsonRecord {
  generation(options);
  const named = numberOptions.flatMap((option): [string, number][] =>
    options[option] === undefined || (option === "temperature" && options.temperature === 0)
      ? []
      : [[numbers[option][0], options[option]]],
  );
  const { temperature: _, ...cold } = given;
  const { temperature, beams = 1, topK, stop } = options;
  return {
    ...(temperature === 0 ? cold : given),
    ...(temperature !== undefined && { do_sample: temperature > 0 }),
    ...(beams > 1 && { do_sample: false }),
    ...(temperature !== undefined &&
      temperature > 0 &&
      topK === undefined &&
      given.top_k === undefined && { top_k: 0 }),
    ...Object.fromEntries(named),
    ...(stop?.length && { stop_strings: [...stop] }),
  };
}

/** Options that are asked for, over a model's own: whoever asks for beams does not draw, and the other way round. */
export function overDefaults(defaults: GenerateOptions, asked: GenerateOptions): GenerateOptions {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as GenerateOptions;
  const { temperature, beams, ...others } = defaults;
  const drawn = (given.temperature ?? 0) > 0;
  const several = (given.beams ?? 1) > 1;
  return {
    ...others,
    ...(temperature !== undefined && !several && { temperature }),
    ...(beams !== undefined && !drawn && { beams }),
    ...given,
  };
}
