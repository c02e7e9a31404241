// What the options of concord compress ask for, as `compress` in a recipe has it. Runs nothing; the schema of recipes checks keys and values.
import { argumentError } from "./context.ts";

/** The command's options as they are given. */
export interface CompressOptions {
  readonly to?: string;
  readonly activations?: string;
  readonly calibration?: string;
  readonly drop?: number;
  readonly training?: string;
  readonly prune?: string;
  readonly trim?: boolean;
  readonly distil?: string;
  readonly factorise?: string;
  readonly target?: string;
  readonly minutes?: number;
  readonly tolerance?: readonly string[];
}

/**
 * Settings as a recipe has them; undefined where nothing was said.
 * @throws E_ARGUMENT for options that do not go together
 * @example compressSettings({ distil: "layers=3", to: "int8" }) // { steps: [{ distil: { layers: 3 } }, { quantise: { to: "int8" } }], … }
 */
export function compressSettings(options: CompressOptions): unknown {
  const { to, target, minutes, tolerance = [] } = options;
  const tolerances = Object.fromEntries(tolerance.map((text) => limitIn(text, "--tolerance")));
  const steps = smallerSteps(options);
  const { activations, calibration, drop, training } = options;
  if (target !== undefined) {
    refuseGiven(
      { to, activations, calibration, drop, training },
      "a target chooses how weights are stored",
      "--target",
    );
    const limits = Object.fromEntries(target.split(",").map((text) => limitIn(text.trim(), "--target")));
    return { steps, target: limits, tolerances, ...(minutes !== undefined && { minutes }) };
  }
  refuseGiven({ minutes }, "limits a search, and there is none", "--target size=0.3,drop=0.01");
  if (to === undefined) {
    const toWhat = "--to int8, int8-weights, int4 or fp16";
    refuseGiven({ activations, calibration, drop, training }, "says how, and nothing says to what", toWhat);
    if (steps.length) return { steps, tolerances };
    refuseGiven({ tolerance: tolerance[0] }, "says how, and nothing says to what", toWhat);
    return undefined;
  }
  if (to !== "int8") refuseGiven({ activations, calibration }, `has no meaning for --to ${to}`, "--to int8");
  const quantise = {
    to,
    ...(activations && { activations }),
    ...(calibration && { calibration }),
    ...(drop !== undefined && { sensitivity: { drop } }),
    ...(training !== undefined && { training: keysIn(training, "--training") }),
  };
  return { steps: [...steps, { quantise }], tolerances };
}

/** Steps that make the model itself smaller, in the order in which they are applied. */
function smallerSteps({ prune, trim, distil, factorise }: CompressOptions): unknown[] {
  return [
    ...(prune === undefined ? [] : [{ prune: keysIn(prune, "--prune") }]),
    ...(trim ? [{ trim: {} }] : []),
    ...(distil === undefined ? [] : [{ distil: keysIn(distil, "--distil") }]),
    ...(factorise === undefined ? [] : [{ factorise: keysIn(factorise, "--factorise") }]),
  ];
}

/** @throws E_ARGUMENT where one of the options is given */
function refuseGiven(options: Readonly<Record<string, unknown>>, problem: string, expected: string): void {
  const given = Object.entries(options).find(([, value]) => value !== undefined);
  if (given) throw argumentError(`--${given[0]}`, { problem, expected });
}

/**
 * Keys of a recipe and their values. A key alone stands for its defaults, dots lead into a key of keys.
 * @example keysIn("heads=0.5,recovery.epochs=2", "--prune") // { heads: 0.5, recovery: { epochs: 2 } }
 */
function keysIn(text: string, option: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const part of text.split(",")) {
    const [, path, value] = /^([a-z]+(?:\.[a-z]+)*)(?:=([\w.-]+))?$/i.exec(part.trim()) ?? [];
    if (!path) throw argumentError(option, { problem: "not a key and its value", expected: "epochs=3", got: part });
    const names = path.split(".");
    let at = found;
    for (const name of names.slice(0, -1)) {
      if (!Object.hasOwn(at, name)) at[name] = {};
      at = at[name] as Record<string, unknown>;
    }
    const isNumber = value !== undefined && Number.isFinite(Number(value));
    at[names.at(-1)!] = value === undefined ? {} : isNumber ? Number(value) : value;
  }
  return found;
}

function limitIn(text: string, option: "--tolerance" | "--target"): [string, number] {
  const [, name, limit] = /^([^=]+)=([\d.]+(?:e-?\d+)?)$/i.exec(text) ?? [];
  if (name && Number.isFinite(Number(limit))) return [name, Number(limit)];
  throw argumentError(option, {
    problem: "not a name and its limit",
    expected: option === "--target" ? "size=0.3,latency=0.6,drop=0.01" : "accuracy=0.01",
    got: text,
  });
}
