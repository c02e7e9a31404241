// The search for a compression that reaches a target: every candidate is written, timed and scored on validation rows; test rows stay
// for the audit of the one that is chosen.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../base/index.ts";
import { type CompressSettings, type CompressStepSettings, compressSchema } from "../recipe/index.ts";
import { interrupted, measure, openAnyModel } from "../stages/index.ts";
import { latencyChange } from "./reaudit/latency.ts";
import { lessIsBetter } from "./reaudit/scores.ts";
import type { Side } from "./reaudit/sides.ts";
import type { Compressing, StepContext } from "./step.ts";
import { applyStep, askedStep } from "./steps/index.ts";
import { weightBytes, writeModel, writeRecord } from "./write-compressed.ts";

/** The model that is compressed. */
export interface Searched {
  readonly before: Side;
  /** Its weights, in bytes. */
  readonly bytes: number;
  /** Its folder. */
  readonly from: string;
}

/** What a candidate is tried as. */
interface Candidate {
  readonly name: string;
  readonly steps: readonly CompressStepSettings[];
}

/** A candidate as it was measured. Ratios are to the model that is compressed. */
export interface Tried {
  readonly name: string;
  readonly size: number;
  readonly latency: number;
  /** How much worse the main score of the task is on validation rows; negative where it is better. */
  readonly drop: number;
  /** Whether no other candidate is as good in all three and better in one. */
  readonly pareto: boolean;
  readonly chosen: boolean;
}

/** What a search found. */
export interface Search {
  readonly target: NonNullable<CompressSettings["target"]>;
  /** The score that `drop` is of. */
  readonly score: string;
  readonly validationRows: number;
  readonly candidates: readonly Tried[];
}

const quantised = (name: string, quantise: unknown): Candidate => ({
  name,
  steps: compressSchema.parse({ steps: [{ quantise }] }).steps,
});

/** Ways to store weights, tried after the steps that a recipe names. */
const storing: readonly Candidate[] = [
  quantised("fp16", "fp16"),
  quantised("int8-weights", "int8-weights"),
  quantised("int8, row", { to: "int8", activations: "row" }),
  quantised("int8, static", "int8"),
  quantised("int8, static, smooth 0.7", { to: "int8", smooth: 0.7 }),
  quantised("int4", "int4"),
  quantised("int4, asymmetric", { to: "int4", symmetric: false }),
];

/** Validation rows that are timed. */
const timedRows = 8;

/**
 * Tries ways to store the weights and picks the fastest that reaches the target; of equally fast ones within 2 % the smaller.
 * @param given the model after the recipe's own steps @param compressed the model before them
 * @returns the steps to take, and what was tried
 * @throws E_DATA without validation rows; E_GATE where nothing reaches the target, naming the nearest
 */
export async function searched(
  given: Compressing,
  compressed: Searched,
  { target, context }: { readonly target: Search["target"]; readonly context: StepContext },
): Promise<{ readonly steps: readonly CompressStepSettings[]; readonly search: Search }> {
  const { recipe, rows, language, emit, signal, run } = context;
  if (rows.dev.length < 2)
    throw new ConcordError("E_DATA", {
      operation: "compress",
      problem: "a search scores candidates on validation rows, and there are none",
      expected: "data.split.dev above 0, or steps instead of a target",
      path: "compress.target",
    });
  const reference = mainScore(await measure(recipe, compressed.before, rows.dev, rows.dev, language));
  const measured: Omit<Tried, "pareto" | "chosen">[] = [];
  for (const [i, candidate] of storing.entries()) {
    if (signal?.aborted) throw interrupted("compress", run);
    emit({ kind: "progress", stage: "compress", done: i, total: storing.length, values: {} });
    measured.push(await tried(candidate, given, compressed, { reference, context }));
  }
  const fronted = measured.map((one) => ({ ...one, pareto: !measured.some((other) => dominates(other, one)) }));
  const reaching = fronted.filter((one) => excess(one, target) === 0);
  const best = reaching.reduce<(typeof fronted)[number] | undefined>(
    (a, b) => (a && !isPreferred(b, a) ? a : b),
    undefined,
  );
  if (!best) throw unreached(fronted, target, reference.name);
  const candidates = fronted.map((one) => ({ ...one, chosen: one.name === best.name }));
  const { steps } = storing.find(({ name }) => name === best.name)!;
  return { steps, search: { target, score: reference.name, validationRows: rows.dev.length, candidates } };
}

type Measured = Awaited<ReturnType<typeof measure>>;

/** The score that verdicts are about. */
function mainScore({ comparison }: Measured): { readonly name: string; readonly value: number } {
  const [found] = Object.entries(comparison!.scores);
  const [name, of] = found!;
  const { answers } = comparison!;
  return { name, value: of(answers)(Int32Array.from(answers.keys())) };
}

/** Writes a candidate into a folder that is removed, and measures it. */
async function tried(
  { name, steps }: Candidate,
  given: Compressing,
  { before, bytes: whole, from }: Searched,
  { reference, context }: { readonly reference: ReturnType<typeof mainScore>; readonly context: StepContext },
): Promise<Omit<Tried, "pareto" | "chosen">> {
  const { recipe, rows, language, keep, rowsHome } = context;
  const folder = join(keep, "candidate");
  const quiet: StepContext = { ...context, emit: () => {} };
  const { result } = await applyStep(given, steps[0]!, quiet);
  try {
    await writeModel(folder, from, result);
    const bytes = await weightBytes(folder);
    const { name: step, settings } = askedStep(steps[0]!);
    await writeRecord(folder, {
      steps: [{ step, settings: { ...settings } }],
      size: { before: whole, after: bytes },
      temperatureApplied: false,
      ...(result.stored && { onnx: result.stored.name }),
    });
    const { predictor, processor } = await openAnyModel(folder, { home: rowsHome });
    try {
      const { value } = mainScore(await measure(recipe, { predictor, processor }, rows.dev, rows.dev, language));
      const times = await latencyChange(before.processor, before.predictor, predictor, rows.dev.slice(0, timedRows));
      const worse = lessIsBetter.test(reference.name) ? value - reference.value : reference.value - value;
      return { name, size: bytes / whole, latency: times.after.value / times.before.value, drop: worse };
    } finally {
      await predictor.dispose();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Numbers = Pick<Tried, "size" | "latency" | "drop">;
const axes = ["size", "latency", "drop"] as const;

const dominates = (a: Numbers, b: Numbers): boolean =>
  axes.every((axis) => a[axis] <= b[axis]) && axes.some((axis) => a[axis] < b[axis]);

/** Whether a is the better choice: faster, or as fast within 2 % and smaller. */
const isPreferred = (a: Numbers, b: Numbers): boolean =>
  a.latency < 0.98 * b.latency || (a.latency <= 1.02 * b.latency && a.size < b.size);

/** How far a candidate is beyond a target, in shares of each limit; 0 where it reaches it. */
const excess = (one: Numbers, target: Search["target"]): number =>
  axes.reduce((sum, axis) => {
    const limit = target[axis];
    return sum + (limit === undefined ? 0 : Math.max(0, one[axis] - limit) / Math.max(limit, 0.01));
  }, 0);

function unreached(all: readonly (Numbers & { readonly name: string })[], target: Search["target"], score: string) {
  const nearest = all.reduce((a, b) => (excess(b, target) < excess(a, target) ? b : a));
  const text = ({ size, latency, drop }: Partial<Numbers>) =>
    Object.entries({ size, latency, drop })
      .flatMap(([axis, value]) => (value === undefined ? [] : [`${axis} ${Number(value.toPrecision(3))}`]))
      .join(", ");
  return new ConcordError("E_GATE", {
    operation: "compress",
    problem: "nothing that was tried reaches the target",
    expected: text(target),
    got: `nearest: ${nearest.name} (${text(nearest)} of ${score})`,
    details: { nearest, tried: all },
    hint: "raise the limit that the nearest one exceeds",
    path: "compress.target",
  });
}
