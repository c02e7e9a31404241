// Adapters joined: into their base, as a model folder that opens everywhere, or into one adapter beside it.
import { existsSync, readdirSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { isRunFolder, model as modelArtifact } from "../artifacts/index.ts";
import { ConcordError, random } from "../base/index.ts";
import { modelFiles } from "../formats/index.ts";
import { makeNewFolder } from "../formats/node/index.ts";
import { modalityReadBy } from "../modalities/node/index.ts";
import { adaptedModel, headFactsOf, type Model, modelOf } from "../models/index.ts";
import { loadAdapter, loadModel, saveAdapter, saveModel } from "../models/node/index.ts";
import { adapterLayout, type Combination, combineAdapters } from "../nn/index.ts";
import { adapterFolder, generationRecord, modelIn } from "../stages/index.ts";
import { folderOf } from "./whole-model.ts";

export interface MergeAdaptersOptions {
  /** Folder that is written; it has to be empty or absent. */
  readonly to: string;
  /** Factor on what each adapter adds, in their order. Default equal shares that add up to 1. */
  readonly weights?: readonly number[];
  /** How several become one: see `CombineOptions`. Default `cat`, the exact sum. */
  readonly by?: Combination;
  /** Share of entries that is kept by `ties`, `dare_…` and `magnitude_prune`. Default 0.5. */
  readonly density?: number;
  /** Rank of `svd`. Default the largest of the adapters. */
  readonly rank?: number;
  /** Of `dare_…`. Default 0. */
  readonly seed?: number;
  /** Which adapter's head and other modules trained whole are kept: its path, as it is given. Needed where several have some. */
  readonly head?: string;
  /** `model`: a model folder with the adapters in it. `adapter`: one adapter in PEFT's layout. Default `model`. */
  readonly as?: "model" | "adapter";
}

export interface MergedAdapters {
  readonly folder: string;
  readonly adapters: readonly { readonly path: string; readonly weight: number }[];
  /** Of the combined adapter; absent where one adapter was merged as it is. */
  readonly rank?: number;
  /** True where the adapter is no change of a weight: the model folder keeps it beside its matrices. */
  readonly kept: boolean;
}

/**
 * Merges adapters of one base. A base without a head gets that of the first adapter that is a run.
 * @param base run folder or model folder @param paths run folders of adapters, or folders in PEFT's layout
 * @throws E_MODEL for an adapter of another base (both hashes are named); E_ARGUMENT for adapters that cannot be combined so, and for a folder
 * that is not empty; E_IO. All or nothing is written
 * @example await mergeAdapters("models/base", ["runs/a", "runs/b"], { to: "models/both", weights: [0.7, 0.3], head: "runs/a" });
 */
export async function mergeAdapters(
  base: string,
  paths: readonly string[],
  options: MergeAdaptersOptions,
): Promise<MergedAdapters> {
  const { to, as = "model", by = "cat", density, rank, seed = 0 } = options;
  checkFolder(to);
  const factors = factorsOf(paths, options.weights);
  const folder = folderOf(base);
  const { model, weights } = await loadModel(folder, await headFrom(folder, paths));
  const members = await Promise.all(
    paths.map(async (path, i) => {
      const { layout, weights: own } = await loadAdapter(adapterFolder(path), model, weights);
      return { name: path, layout, weight: factors[i]!, own, read: (name: string) => own.get(name)! };
    }),
  );
  const [first] = members as [(typeof members)[number]];
  const isPlain = members.length === 1 && first.weight === 1;
  const { layout: joined, weights: product } = isPlain
    ? { layout: first.layout, weights: first.own }
    : combineAdapters(model.parameters, members, { by, density, rank, rng: random(seed) });
  const head = isPlain ? first : headOf(members, model, options.head);
  const { trainWhole, kept } = head?.layout.options ?? { trainWhole: [] };
  const layout = adapterLayout(model.parameters, { ...joined.options, trainWhole, kept }, model.transposedWeights);
  const whole = [...(head?.own ?? [])].filter(([name]) => weights.has(name));
  const all = new Map([...weights, ...whole, ...product]);
  if (existsSync(to)) await rmdir(to); // it is empty
  await makeNewFolder(to, "merge adapters", async (partial) => {
    if (as === "adapter") return await saveAdapter(partial, model, layout, all, base);
    const adapted = adaptedModel(model, layout, all, modelOf);
    const processor = await modalityReadBy(model).open(folder, model, { home: "." });
    const written = await generationRecord(folder);
    await saveModel(partial, adapted.model, adapted.weights, {
      ...processor.files(),
      ...(Object.keys(written).length > 0 && { [modelFiles.generation]: written }),
    });
  });
  return {
    folder: to,
    adapters: paths.map((path, i) => ({ path, weight: factors[i]! })),
    ...(!isPlain && { rank: layout.options.rank }),
    kept: as === "model" && layout.kind.merge === undefined,
  };
}

function checkFolder(to: string): void {
  if (!existsSync(to) || readdirSync(to).length === 0) return;
  throw new ConcordError("E_ARGUMENT", {
    operation: "merge adapters",
    problem: "the folder is not empty",
    expected: "a new folder",
    path: to,
  });
}

function factorsOf(paths: readonly string[], weights: readonly number[] | undefined): readonly number[] {
  const factors = weights ?? paths.map(() => 1 / paths.length);
  if (factors.length === paths.length) return factors;
  throw new ConcordError("E_ARGUMENT", {
    operation: "merge adapters",
    problem: "there are not as many weights as adapters",
    expected: `${paths.length} weights`,
    got: `${factors.length}`,
  });
}

/** A bare base is opened with the head of the first run among the adapters. */
async function headFrom(folder: string, paths: readonly string[]): Promise<Parameters<typeof loadModel>[1]> {
  const run = paths.find(isRunFolder);
  if (run === undefined || headFactsOf((await modelIn(folder)).task).of !== "nothing") return undefined;
  const { task, labels, pooling, chained, embedding } = await modelIn(join(run, modelArtifact.path));
  return { head: { task, labels: labels?.names, pooling, ...(chained && { layer: "crf" as const }), embedding } };
}

interface Member {
  readonly name: string;
  readonly own: ReadonlyMap<string, unknown>;
}

/** The member whose modules trained whole are kept. @throws E_ARGUMENT where several have some and none was named */
function headOf<M extends Member>(
  members: readonly M[],
  { parameters }: Model,
  named: string | undefined,
): M | undefined {
  const having = members.filter(({ own }) => parameters.some(({ name }) => own.has(name)));
  if (named === undefined && having.length < 2) return having[0];
  const found = members.find(({ name }) => name === named);
  if (found) return found;
  throw new ConcordError("E_ARGUMENT", {
    operation: "merge adapters",
    problem:
      named === undefined ? "several adapters have a head of their own: say whose is kept" : "no adapter is named so",
    expected: having.map(({ name }) => name).join(", "),
    got: named,
  });
}
