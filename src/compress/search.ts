// The search for a compression that reaches a target: every candidate is written, timed and scored on validation rows; test rows stay
// for the audit of the one that is chosen.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError, isConcordError } from "../base/index.ts";
import type { CompressSettings } from "../recipe/index.ts";
import { interrupted, openAnyModel } from "../stages/index.ts";
import { type Applied, type AppliedStep, applied } from "./applied.ts";
import { type Candidate, mixedOf, storingCandidates, trainedCandidates, unstored, variantsOf } from "./candidates.ts";
import { dropOf, type MainScore, mainScore } from "./main-score.ts";
import { latencyChange } from "./reaudit/latency.ts";
import type { Side } from "./reaudit/sides.ts";
import type { StepContext } from "./step.ts";
import { fewestObserved } from "./steps/index.ts";
import { weightBytes, writeModel, writeRecord } from "./write-compressed.ts";

/** The model that is compressed. */
export interface Searched {
  readonly before: Side;
  /** Its weights, in bytes. */
  readonly bytes: number;
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
  /** Ways that train and were not tried, where the recipe names no candidates. */
  readonly left?: readonly LeftOut[];
  /** Lists of steps that were tried before the weights were stored, by the names that candidates begin with. */
  readonly variants: readonly { readonly name: string; readonly steps: readonly AppliedStep[] }[];
  readonly candidates: readonly Tried[];
}

/** A way that was not tried: its training would have taken too long, the model does not allow it, or the run was private. */
export interface LeftOut {
  readonly name: string;
  readonly why: "time" | "model" | "private";
}

type Measured = Omit<Tried, "pareto" | "chosen"> & { readonly made: Applied };

/** Validation rows that are timed. */
const timedRows = 8;

interface Asked {
  readonly target: Search["target"];
  /** Lists of steps, each tried besides none. Default ways that train, as far as time allows. */
  readonly candidates: CompressSettings["candidates"];
  /** Time in which ways that train by default must be trained; storing and scoring the ways before counts. */
  readonly minutes: number;
  /** Speed of the run's own training; unknown, nothing is trained by default. */
  readonly examplesPerSecond?: number;
  readonly context: StepContext;
}

/**
 * Makes a model by each list of steps once, tries ways to store it, and picks the fastest that reaches the target; of equally fast ones within
 * 2 % the smaller.
 * @param own the model after the recipe's own steps @param compressed the model before them
 * @returns the one that was picked, and what was tried
 * @throws E_DATA without validation rows; E_GATE where nothing reaches the target, naming the nearest; what a step throws
 */
export async function searched(
  own: Applied,
  compressed: Searched,
  { candidates, ...asked }: Asked,
): Promise<Applied & { readonly search: Search }> {
  const { target, context } = asked;
  const reference = await mainScore(context, compressed.before);
  const all: Measured[] = [];
  const variants: Search["variants"][number][] = [];
  const trying = { ...asked, reference };
  /** Makes the model by the steps, and stores it in every way; steps that store it themselves are a way by themselves. */
  const explore = async ({ name, steps }: Candidate, at: number) => {
    const within = { ...context, keep: join(context.keep, `variant-${at}`) };
    if (steps.at(-1)?.quantise) {
      all.push(await tried({ name, steps }, own, compressed, { ...trying, context: within }));
      return;
    }
    const start = await applied(own.result, steps, within);
    if (steps.length > 0) variants.push({ name, steps: start.steps });
    all.push(...(await stored(name, { ...start, steps: [...own.steps, ...start.steps] }, compressed, trying)));
  };
  await explore({ name: "", steps: [] }, 0);
  for (const [i, variant] of variantsOf(candidates ?? []).entries()) await explore(variant, i + 1);
  const left = candidates ? undefined : await exploreTrained(own, asked, explore);
  const fronted = all.map((one) => ({ ...one, pareto: !all.some((other) => dominates(other, one)) }));
  const reaching = fronted.filter((one) => excess(one, target) === 0);
  const best = reaching.reduce<(typeof fronted)[number] | undefined>(
    (a, b) => (a && !isPreferred(b, a) ? a : b),
    undefined,
  );
  if (!best) throw unreached(all, target, reference.name);
  const { dev } = context.rows;
  const shown = fronted.map(({ made: _, ...one }) => ({ ...one, chosen: one.name === best.name }));
  const search = {
    target,
    score: reference.name,
    validationRows: dev.length,
    variants,
    candidates: shown,
    ...(left && { left }),
  };
  return { ...best.made, search };
}

/** Distillation asks a teacher too: so much longer than the run's own training. */
const taughtCost = 1.5;

/** Tries the ways that train, each if it is foretold to be trained before the minutes are over. @returns those that were not tried */
async function exploreTrained(
  own: Applied,
  { context, minutes, examplesPerSecond }: Omit<Asked, "candidates">,
  explore: (way: Candidate, at: number) => Promise<void>,
): Promise<LeftOut[]> {
  const left: LeftOut[] = [];
  const end = performance.now() + 60_000 * minutes;
  for (const [i, way] of trainedCandidates(own.result.model).entries()) {
    const takesMs = (1000 * taughtCost * way.epochs * context.rows.train.length) / (examplesPerSecond ?? 0);
    if (context.recipe.adapt.privacy) left.push({ name: way.name, why: "private" });
    else if (performance.now() + takesMs > end) left.push({ name: way.name, why: "time" });
    else
      try {
        await explore(way, i + 1);
      } catch (fault) {
        if (!isConcordError(fault, "E_MODEL") && !isConcordError(fault, "E_DATA")) throw fault;
        left.push({ name: way.name, why: "model" });
      }
  }
  return left;
}

interface Trying extends Omit<Asked, "candidates"> {
  readonly reference: MainScore;
}

/** The ways to store one model; where one loses too much, also with its most sensitive matrices kept. */
async function stored(variant: string, start: Applied, compressed: Searched, trying: Trying): Promise<Measured[]> {
  const { context, target } = trying;
  const ways = [
    ...(start.steps.length ? [unstored] : []),
    ...storingCandidates(context.rows.dev.length >= fewestObserved),
  ];
  const found: Measured[] = [];
  const trial = async (way: Candidate) => {
    const { signal, run } = context;
    if (signal?.aborted) throw interrupted("compress", run);
    const name = variant === "" ? way.name : `${variant}, ${way.name}`;
    found.push(await tried({ ...way, name }, start, compressed, trying));
    return found.at(-1)!;
  };
  for (const [i, way] of ways.entries()) {
    context.emit({ kind: "progress", stage: "compress", done: i, total: ways.length, values: {} });
    const { drop } = await trial(way);
    const whole = start.steps.length ? found[0]!.drop : 0; // of this model before its weights are stored
    const left = target.drop === undefined ? Number.POSITIVE_INFINITY : target.drop - whole;
    const mixed = left >= 0 && drop - whole > left ? mixedOf(way, left) : undefined;
    if (!mixed) continue;
    await trial(mixed).catch((fault: unknown) => {
      if (!isConcordError(fault, "E_GATE")) throw fault; // however many matrices are kept: no candidate
    });
  }
  return found;
}

/** Writes a candidate into a folder that is removed, and measures it. */
async function tried(
  { name, steps }: Candidate,
  start: Applied,
  { before, bytes: whole }: Searched,
  { reference, context }: Trying,
): Promise<Measured> {
  const { rows, keep, rowsHome, from } = context;
  const folder = join(keep, "candidate");
  const last = await applied(start.result, steps, { ...context, emit: () => {} });
  const made = { result: last.result, steps: [...start.steps, ...last.steps] };
  try {
    await writeModel(folder, from, made.result);
    const bytes = await weightBytes(folder);
    const { stored: file } = made.result;
    const size = { before: whole, after: bytes };
    await writeRecord(folder, {
      steps: [...made.steps],
      size,
      temperatureApplied: false,
      ...(file && { onnx: file.name }),
    });
    const { predictor, processor } = await openAnyModel(folder, { home: rowsHome });
    try {
      const drop = dropOf(reference, await mainScore(context, { predictor, processor }));
      const times = await latencyChange(before.processor, before.predictor, predictor, rows.dev.slice(0, timedRows));
      return { name, size: bytes / whole, latency: times.after.value / times.before.value, drop, made };
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
