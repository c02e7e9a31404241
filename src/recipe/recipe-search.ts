// The recipe's part on searching for settings: which keys vary over which ranges, how points are chosen, and when to stop.
import { z } from "zod";
import type { Parameter, Value } from "../search/index.ts";
import { count } from "./recipe-data.ts";

const bounds = z.tuple([z.number(), z.number()]);
const value: z.ZodType<Value> = z.json();

/** Keys that a search may vary: all others would change what is measured, or on what. */
export const searchedSections = ["model", "pretrain", "adapt"] as const;

const range = z
  .strictObject({
    choice: z.array(value).optional().describe("One of these values. null takes the key away."),
    uniform: bounds.optional().describe("A number between two bounds."),
    log: bounds.optional().describe("A number between two bounds, even in its logarithm: learning rates."),
    integer: bounds.optional().describe("A whole number; both bounds are included."),
    logInteger: bounds.optional().describe("A whole number, even in its logarithm: ranks."),
    when: z
      .record(z.string(), z.union([z.array(value), value]))
      .optional()
      .describe("The key varies only where other keys of the space have one of these values."),
  })
  .refine(({ when: _, ...kinds }) => Object.values(kinds).filter((given) => given !== undefined).length === 1, {
    message: "one of: choice, uniform, log, integer, logInteger",
  });

export const searchSchema = z
  .strictObject({
    space: z
      .record(z.string(), range)
      .describe("Keys of the recipe with their ranges, such as adapt.learningRate: { log: [1e-5, 1e-2] }."),
    sampler: z
      .enum(["tpe", "gaussian-process", "random", "grid"])
      .default("tpe")
      .describe(
        "How settings are chosen. tpe: tree-structured Parzen estimator. gaussian-process: expected improvement of the first objective, for few keys and trials. grid: every combination.",
      ),
    startup: count.default(10).describe("tpe, gaussian-process: trials at random before the first that is modelled."),
    gridValues: z.int().min(1).max(1000).default(5).describe("grid: values of each numeric key."),
    pruner: z
      .enum(["none", "median", "halving", "hyperband"])
      .default("none")
      .describe(
        "When a trial stops after an epoch. median: below the median of earlier trials. halving: not among the best third at epochs 1, 3, 9 … hyperband: several such races.",
      ),
    objectives: z
      .array(z.enum(["score", "size", "latency", "gap"]))
      .min(1)
      .refine((all) => new Set(all).size === all.length, { message: "each objective once" })
      .default(["score"])
      .describe(
        "What is wanted, on validation rows. score: the task's main score. size: bytes of the weights. latency: milliseconds for one row. gap: largest difference of the score between groups. The winner is best in the first; several give a Pareto front.",
      ),
    trials: count.max(100_000).default(20).describe("Number of settings that are tried."),
    minutes: z
      .number()
      .positive()
      .optional()
      .describe(
        "Time after which no further trial starts, in minutes, all sessions of the study together. Default none.",
      ),
    parallel: count
      .max(256)
      .default(1)
      .describe("Trials at the same time, each in a process, as far as memory allows."),
    seeds: count
      .max(100)
      .default(1)
      .describe("Trainings of each trial, with seeds seed, seed + 1, …; their mean counts."),
    first: z
      .array(z.record(z.string(), value))
      .default([])
      .describe("Settings that are tried first: values for all keys of the space that exist beside them."),
  })
  .superRefine(({ space, pruner, seeds, first, sampler }, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    for (const name of Object.keys(space)) {
      const [section, ...rest] = name.split(".");
      if (!searchedSections.some((one) => one === section) || rest.length === 0)
        refuse(["space", name], `a key of ${searchedSections.join(", ")}: others change what is measured`);
      if (/^adapt\.privacy\b/.test(name)) refuse(["space", name], "a search does not choose how private training is");
    }
    if (pruner !== "none" && "adapt.epochs" in space)
      refuse(["pruner"], "epochs of trainings of different length cannot be compared: none, or adapt.epochs fixed");
    if (pruner !== "none" && seeds > 1) refuse(["pruner"], "trials of several seeds are not stopped early: none");
    if (sampler === "grid" && first.length > 0) refuse(["first"], "a grid tries every combination: leave it out");
  })
  .describe("Search for settings (concord tune). concord run leaves it aside.");

/** What a recipe says of its search, defaults filled in. */
export type SearchSection = z.output<typeof searchSchema>;

/** The parameters of a section. They are checked by `checkedSpace`. */
export const parametersOf = ({ space }: Pick<SearchSection, "space">): Parameter[] =>
  Object.entries(space).map(([name, { when, ...range }]) => ({
    name,
    range: rangeOf(range),
    ...(when && {
      when: Object.entries(when).map(([parameter, values]) => ({
        parameter,
        values: Array.isArray(values) ? (values as Value[]) : [values],
      })),
    }),
  }));

function rangeOf({ choice, uniform, log, integer, logInteger }: Omit<SearchSection["space"][string], "when">) {
  if (choice) return { kind: "choice", values: choice } as const;
  const [low, high] = (uniform ?? log ?? integer ?? logInteger)!;
  return {
    kind: uniform || log ? "number" : "integer",
    low,
    high,
    log: log !== undefined || logInteger !== undefined,
  } as const;
}
