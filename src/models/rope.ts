// Rotary positions as configs describe them. Knows config entries only.
import { ConcordError } from "../base/index.ts";
import { type Config, field, flag, nullable, number, positionCount, section, text } from "../formats/index.ts";
import { rotaryFrequencies } from "../nn/index.ts";

/** What turns queries and keys: radians a position for each of D/2 pairs, and a factor of cos and sin. */
export interface Rope {
  readonly frequencies: Float32Array<ArrayBuffer>;
  readonly factor: number;
}

const factorRange = number(1, 1e6);
const base = nullable(number(1, 1e12));
const shared = ["rope_type", "type", "rope_theta", "factor", "partial_rotary_factor"];
const llama3 = ["low_freq_factor", "high_freq_factor", "original_max_position_embeddings"];
const yarn = [
  "original_max_position_embeddings",
  "attention_factor",
  "beta_fast",
  "beta_slow",
  "mscale",
  "mscale_all_dim",
  "truncate",
];
const entriesOf: Readonly<Record<string, readonly string[]>> = { linear: [], llama3, yarn };

/**
 * Reads `rope_parameters`, which before Transformers 5 was `rope_scaling` beside `rope_theta`; `type` is the older name of `rope_type`.
 * @param headWidth D @param positions `max_position_embeddings` @param theta base where the config names none
 * @throws E_MODEL for a scaling that is not covered
 */
export function ropeOf(config: Config, headWidth: number, positions: number, theta = 10000): Rope {
  const given = field(config, "rope_theta", base, null) ?? theta;
  const rope = section(config, "rope_parameters") ?? section(config, "rope_scaling");
  return rope ? scaledRope(config, rope, headWidth, positions, given) : plainRope(headWidth, given);
}

/** Positions without scaling. */
export const plainRope = (headWidth: number, theta: number): Rope => ({
  frequencies: rotaryFrequencies(headWidth, theta),
  factor: 1,
});

/** As {@link ropeOf}, of one group of entries. */
export function scaledRope(config: Config, rope: Config, headWidth: number, positions: number, given: number): Rope {
  const type = field(rope, "rope_type", nullable(text), null) ?? field(rope, "type", nullable(text), null) ?? "default";
  const theta = field(rope, "rope_theta", base, null) ?? given;
  checkRope(rope, type);
  if (type === "default") return plainRope(headWidth, theta);
  const factor = field(rope, "factor", factorRange);
  if (type === "linear") return { frequencies: rotaryFrequencies(headWidth, theta, { type, factor }), factor: 1 };
  const original =
    field(config, "original_max_position_embeddings", nullable(positionCount), null) ??
    field(rope, "original_max_position_embeddings", positionCount, positions);
  if (type === "llama3") {
    const low = field(rope, "low_freq_factor", number(1e-6, 1e6));
    const high = field(rope, "high_freq_factor", number(1e-6, 1e6));
    return { frequencies: rotaryFrequencies(headWidth, theta, { type, factor, low, high, original }), factor: 1 };
  }
  const frequencies = rotaryFrequencies(headWidth, theta, {
    type: "yarn",
    factor,
    fast: field(rope, "beta_fast", nullable(factorRange), null) ?? 32,
    slow: field(rope, "beta_slow", nullable(number(1e-6, 1e6)), null) ?? 1,
    original,
    whole: field(rope, "truncate", flag, true),
  });
  return { frequencies, factor: yarnFactor(rope, factor) };
}

/** YaRN's factor of cos and sin: as given, else 0.1·ln(factor) + 1, or the ratio of two such sums. */
function yarnFactor(rope: Config, factor: number): number {
  const given = field(rope, "attention_factor", nullable(number(1e-6, 1e6)), null);
  if (given !== null) return given;
  const sum = (times: number) => (factor <= 1 ? 1 : 0.1 * times * Math.log(factor) + 1);
  const [one, all] = (["mscale", "mscale_all_dim"] as const).map((name) =>
    field(rope, name, nullable(number(0, 1e6)), null),
  );
  return one && all ? sum(one) / sum(all) : sum(1);
}

function checkRope(rope: Config, type: string): void {
  const known = [...shared, ...(entriesOf[type] ?? llama3)];
  const odd = Object.keys(rope.entries).find((name) => !known.includes(name) && rope.entries[name] !== null);
  const part = (field(rope, "partial_rotary_factor", nullable(number(0, 1)), null) ?? 1) !== 1;
  if ((type === "default" || Object.hasOwn(entriesOf, type)) && odd === undefined && !part) return;
  throw new ConcordError("E_MODEL", {
    operation: "read config",
    problem: "this rotary scaling is not covered",
    expected: "default, linear, llama3 or yarn, over the whole head",
    got: odd === undefined ? type : odd,
    path: rope.path,
  });
}
