// Compresses the model of a finished run: by settings given here, or by those of its recipe.

import { join, resolve } from "node:path";
import { artifacts, isCompressedFolder, openRunFolder } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { lockFolder } from "../formats/node/index.ts";
import type { Language } from "../messages/index.ts";
import type { Measured } from "../passport/index.ts";
import { reportStage, stages } from "../pipeline/index.ts";
import { compressSchema, hasTestSplit, type Recipe } from "../recipe/index.ts";
import { execute, type RunEvent } from "../stages/index.ts";

export interface CompressRunOptions {
  /** As `compress` in recipes: steps, tolerances. Default the recipe's own; int8 where it has none. */
  readonly settings?: unknown;
  readonly language?: Language;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** A compressed model and what it changed. */
export interface CompressedRun {
  /** Its model folder. */
  readonly folder: string;
  /** Numbers by the names that policies give them: `compression.accuracy.change`. */
  readonly values: Readonly<Record<string, Measured>>;
  readonly seconds: number;
}

/**
 * Makes `<run>/compressed`, measures what that changed, writes audit/compression.json and makes report.html anew. The run's own model
 * stays as it is.
 * @throws E_MODEL for a model that is compressed already; E_IO when the run is not evaluated, E_CONFIG for wrong settings, E_GATE where a tolerance is exceeded, E_LOCKED
 * @example
 * const { values } = await compressRun("runs/disease", { settings: { steps: [{ quantise: "int8" }] } });
 * values["compression.accuracy.change"]; // { value: -0.002, low: -0.006, high: 0.002 }
 */
export async function compressRun(
  folder: string,
  { settings, language = "en", signal, onEvent = () => {} }: CompressRunOptions = {},
): Promise<CompressedRun> {
  const run = resolve(folder);
  if (isCompressedFolder(run))
    throw new ConcordError("E_MODEL", {
      operation: "compress",
      problem: "the model is compressed already: what was stored in fewer bits cannot be stored again",
      expected: "the run that it was made of",
      hint: "compress the run's own model in another way: its compressed model is then replaced",
      path: run,
    });
  const { recipe: saved, home } = await openRunFolder(run);
  const recipe: Recipe = { ...saved, compress: asked(settings, saved) };
  const lock = await lockFolder(run);
  try {
    const folders = { home, run, language };
    const before = await execute(stages, { recipe: saved, ...folders, only: [] });
    if (!before.evaluate || !hasTestSplit(saved))
      throw new ConcordError("E_IO", {
        operation: "compress",
        problem: "the run is not evaluated: there is nothing to compare a compressed model with",
        expected: "a run that got past its stage evaluate",
        hint: hasTestSplit(saved) ? `concord resume ${run}` : "set data.split.test in the recipe, and run it again",
        path: run,
      });
    const emit = (event: RunEvent) => {
      if (event.kind !== "stage") onEvent(event);
    };
    const records = await execute(stages, { recipe, ...folders, only: ["compress"], again: true, signal, emit });
    await execute(stages, { recipe: saved, ...folders, only: [reportStage.name], again: true, signal });
    const { values } = await artifacts.compression.read(run);
    return { folder: join(run, artifacts.compressed.path), values, seconds: records.compress!.seconds };
  } finally {
    await lock.release();
  }
}

/** @throws E_CONFIG */
function asked(settings: unknown, { compress }: Recipe): Recipe["compress"] {
  if (settings === undefined) return compress ?? compressSchema.parse({ steps: [{ quantise: "int8" }] });
  const found = compressSchema.safeParse(settings);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new ConcordError("E_CONFIG", {
    operation: "compress",
    problem: issue!.message,
    got: JSON.stringify(settings).slice(0, 200),
    path: ["compress", ...issue!.path].join("."),
  });
}
