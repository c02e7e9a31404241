// Fills in and checks the settings of an adapter. Knows the kinds only by what they say they read.
import { ConcordError, unknownName } from "../../base/index.ts";
import type { AdapterKind } from "./kind.ts";
import { kinds } from "./kinds.ts";
import { type AdapterOptions, type AdapterSettings, adapterNames } from "./options.ts";

const defaults = {
  rank: 8,
  dropout: 0,
  rankStabilised: false,
  rateRatio: 1,
  feedForward: [] as readonly string[],
  width: 16,
  tokens: 16,
  widths: [] as readonly number[],
} satisfies Partial<AdapterOptions>;

type Range = readonly [least: number, most: number, kind: "whole" | "real"];
const ranges: Partial<Record<keyof AdapterOptions, Range>> = {
  rank: [1, 2 ** 16, "whole"],
  alpha: [0, 1e6, "real"],
  dropout: [0, 1, "real"],
  rateRatio: [0, 1e4, "real"],
  width: [1, 2 ** 16, "whole"],
  tokens: [1, 4096, "whole"],
};

const common = ["kind", "targets", "trainWhole", "kept"];

/** Fills in the defaults. @throws E_ARGUMENT for a kind that is not known, a setting out of range, or one that the kind does not read */
export function adapterOptions(given: AdapterSettings): AdapterOptions {
  const kind = given.kind ?? "lora";
  if (!Object.hasOwn(kinds, kind))
    throw unknownName("E_ARGUMENT", { operation: "adapter", problem: "this kind is not known" }, kind, adapterNames);
  const { reads }: AdapterKind = kinds[kind];
  const bad = (problem: string, expected: string, got: unknown): never => {
    throw new ConcordError("E_ARGUMENT", { operation: `adapter ${kind}`, problem, expected, got: String(got) });
  };
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && !common.includes(name) && !(reads as readonly string[]).includes(name))
      bad(`it has no ${name}`, reads.join(", ") || "no settings of its own", value);
  const rank = given.rank ?? defaults.rank;
  const all: Partial<AdapterOptions> = { ...defaults, alpha: 2 * rank, ...given };
  for (const name of reads) {
    const range = ranges[name];
    const value = all[name];
    if (!range || (typeof value === "number" && fits(value, range) && !(name === "dropout" && value === 1))) continue;
    bad(
      `${name} is wrong`,
      `a ${range[2] === "whole" ? "whole number" : "number"} from ${range[0]} to ${range[1]}`,
      value,
    );
  }
  const own = Object.fromEntries(reads.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
  const kept = given.kept && { kept: given.kept };
  return { kind, targets: given.targets, trainWhole: given.trainWhole ?? [], ...kept, ...own } as AdapterOptions;
}

const fits = (value: number, [least, most, kind]: Range): boolean =>
  value >= least && value <= most && (kind === "real" || Number.isInteger(value));
