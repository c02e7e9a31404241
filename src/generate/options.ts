// How a continuation is chosen: every option with its default and the values that it can have. Plain data.
import { ConcordError } from "../base/index.ts";

/** Options of generation. Without any the likeliest token is taken, again and again. */
export interface GenerateOptions {
  /** Most tokens of a continuation. Default 128. */
  readonly maxTokens?: number;
  /** Divides the logits before a token is drawn: below 1 surer, above 1 more varied. Default 0: the likeliest token. */
  readonly temperature?: number;
  /** Only the k likeliest tokens are drawn from. Default 0: all. */
  readonly topK?: number;
  /** Only the likeliest tokens that together have this probability (Holtzman 2019, arXiv:1904.09751). Default 1: all. */
  readonly topP?: number;
  /** Only tokens of at least this share of the likeliest one's probability (Nguyen 2024, arXiv:2407.01082). Default 0: all. */
  readonly minP?: number;
  /** Logits of tokens that have occurred are divided by it, negative ones multiplied (Keskar 2019, arXiv:1909.05858). Default 1: none. */
  readonly repetitionPenalty?: number;
  /** No sequence of so many tokens occurs twice. Default 0: any may. */
  readonly noRepeatNgram?: number;
  /** Continuations that are followed at once; the best one is given. Above 1 nothing is drawn. Default 1. */
  readonly beams?: number;
  /** Beams are compared by log-probability over length to this power: above 0 longer ones gain. Default 1. */
  readonly lengthPenalty?: number;
  /** A continuation ends before the first of these. Default none. */
  readonly stop?: readonly string[];
  /** Of what is drawn. The same seed and prompt give the same continuation, alone or in a batch. Default 0. */
  readonly seed?: number;
  /** Where prompt and continuation do not fit the model: `refuse` a longer prompt and end there, or read a `window` of the last tokens. Default `refuse`. */
  readonly overflow?: "refuse" | "window";
}

/** All options with their defaults. */
export type Generation = Required<GenerateOptions>;

const defaults: Generation = {
  maxTokens: 128,
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  noRepeatNgram: 0,
  beams: 1,
  lengthPenalty: 1,
  stop: [],
  seed: 0,
  overflow: "refuse",
};

type NumberOption = { [K in keyof Generation]: Generation[K] extends number ? K : never }[keyof Generation];

/** Least and most of each number, and whether it is whole. */
const ranges: Readonly<Record<NumberOption, readonly [least: number, most: number, whole: boolean]>> = {
  maxTokens: [1, 1_000_000, true],
  temperature: [0, 100, false],
  topK: [0, 1_000_000, true],
  topP: [0, 1, false],
  minP: [0, 1, false],
  repetitionPenalty: [0.01, 100, false],
  noRepeatNgram: [0, 1000, true],
  beams: [1, 64, true],
  lengthPenalty: [-10, 10, false],
  seed: [0, Number.MAX_SAFE_INTEGER, true],
};

const refuse = (name: string, problem: string, expected: string, got: unknown) =>
  new ConcordError("E_ARGUMENT", { operation: "generate", problem, expected, got: String(got), path: name });

/**
 * Options with their defaults.
 * @throws E_ARGUMENT for one out of its range, an empty stop string, and beams with a temperature
 * @example generation({ temperature: 0.8, topP: 0.95 }).maxTokens // 128
 */
export function generation(options: GenerateOptions = {}): Generation {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const all: Generation = { ...defaults, ...given };
  for (const name of Object.keys(ranges) as NumberOption[]) {
    const [least, most, whole] = ranges[name];
    const value = all[name];
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value)))
      throw refuse(name, `${name} is out of range`, `${whole ? "a whole number, " : ""}${least} … ${most}`, value);
  }
  if (all.stop.includes("")) throw refuse("stop", "a stop string is empty", "texts of at least one character", '""');
  if (all.beams > 1 && all.temperature > 0)
    throw refuse(
      "beams",
      "beams follow the likeliest tokens: nothing is drawn",
      "beams 1, or temperature 0",
      all.beams,
    );
  return all;
}
