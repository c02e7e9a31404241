// A study: trials of a recipe's search until its budget is spent, then the winner as an ordinary run. One process holds the study; a study
// that was stopped or killed goes on with the trials that it would have had.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConcordError } from "../base/index.ts";
import { openDatabase } from "../database/index.ts";
import { lockFolder, makeFolder, writeFileAtomically } from "../formats/node/index.ts";
import type { Language } from "../messages/index.ts";
import { parametersOf, type Recipe, type SearchSection } from "../recipe/index.ts";
import { runRecipe } from "../runs/index.ts";
import { bestOf, checkedPoint, checkedSpace } from "../search/index.ts";
import type { RunEvent } from "../stages/index.ts";
import { isAnswering, taskOf } from "../tasks/index.ts";
import type { TuneEvent } from "./events.ts";
import { nothingFinished, type SearchContext, searched } from "./loop.ts";
import type { StudyTrials } from "./optuna-trials.ts";
import { type Placement, placed } from "./placed.ts";
import { csvFile, pageFile, storeOf, studyFile, winnerFolder } from "./places.ts";
import { identityOf, withDefaults } from "./study-identity.ts";
import { type StudyPageInput, studyPage } from "./study-page.ts";
import { openStudyStore, type StudyStore, type StudyTrial } from "./study-store.ts";
import { checkCorners, trialRecipe } from "./trial-recipe.ts";
import { trialsCsv } from "./trials-csv.ts";

export interface TuneOptions {
  /** Folder that relative paths of the recipe start from. */
  readonly home: string;
  /** Folder of the study; made if absent. */
  readonly folder: string;
  /** Instead of the recipe's `search.trials`. */
  readonly trials?: number;
  /** Instead of the recipe's `search.minutes`. */
  readonly minutes?: number;
  /** Instead of the recipe's `search.parallel`. */
  readonly parallel?: number;
  /** Goes on with trials that are there. Default they are refused. */
  readonly resume?: boolean;
  /** PostgreSQL that holds the trials, `postgres://…`, under the recipe's name; others may work on them too. Default a file in the folder. */
  readonly database?: string;
  /** With a database: workers run as jobs of a cluster, and none here. Default trials run here. */
  readonly placement?: Placement;
  readonly language?: Language;
  /** Aborting saves what can be saved. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TuneEvent) => void;
  /** Events of the winner's run. */
  readonly onRun?: (event: RunEvent) => void;
}

/** What a study found. */
export interface Study extends StudyTrials {
  readonly folder: string;
  /** The trial of the best first objective. */
  readonly best: StudyTrial;
}

/** PostgreSQL: lock of whoever writes trials. */
const use = { operation: "open study", lock: 6_207_432 };

/**
 * Searches for settings by the recipe's section `search`, then trains, evaluates and audits the best as an ordinary run in `winner/`.
 * Trials are compared on validation rows; no test row is scored before the winner is known.
 * @throws E_CONFIG for a recipe without search, a space that is empty or has a hole, and a study that was begun with other settings;
 * E_LOCKED when another process holds the study; E_ARGUMENT for trials that lie there already; E_DATA without validation rows, or when no
 * trial finished; E_INTERRUPTED after an abort
 * @example const { best } = await tune(readRecipe(text, "recipe.yaml"), { home: ".", folder: "studies/disease" });
 */
export const tune = (recipe: Recipe, options: TuneOptions): Promise<Study> =>
  inStudy(recipe, options, async (context) => {
    const { search, space, store, study, signal, language } = context;
    await checkFresh(store, options.resume === true, study);
    if (options.database === undefined) await store.releaseAll(); // the folder's lock says that nobody works on them
    await (options.placement ? placed(context, options.placement) : searched(context));
    const trials = await store.trials();
    if (signal.aborted) throw stopped(study);
    const best = bestOf(trials);
    if (!best) throw nothingFinished(trials, study);
    await writeStudy({ recipe, search, space, trials, best }, study, language);
    const winner = join(study, winnerFolder);
    context.emit({ kind: "winner", number: best.number, settings: best.point, folder: winner });
    await runRecipe(trialRecipe(recipe, best.point, { tried: trials.length }), {
      home: options.home,
      folder: winner,
      store: storeOf(study),
      language,
      signal,
      onEvent: options.onRun,
    });
    return { folder: study, recipe, search, space, trials, best };
  });

/**
 * Works on the trials of a study in a database until none is left; the process that calls {@link tune} with the same database runs the
 * winner. Any number of processes on any number of machines may do so, each in a folder of its own, with the same recipe and table.
 * @returns all trials
 * @throws as {@link tune}
 * @example await workOnStudy(recipe, { home: ".", folder: "work", database: "postgres://concord@db/studies" });
 */
export const workOnStudy = (
  recipe: Recipe,
  options: TuneOptions & { readonly database: string },
): Promise<readonly StudyTrial[]> =>
  inStudy(recipe, options, async (context) => {
    await searched(context);
    if (context.signal.aborted) throw stopped(context.study);
    return await context.store.trials();
  });

/**
 * The trials of a study as they are now, also while it runs.
 * @throws E_CONFIG as {@link tune}; E_ARGUMENT where there are none
 * @example await writeOptuna(await readStudy(recipe, { home: ".", folder: "studies/disease" }), "study.db");
 */
export async function readStudy(
  recipe: Recipe,
  options: Pick<TuneOptions, "home" | "folder" | "database">,
): Promise<StudyTrials> {
  const { search, space } = checkedSearch(recipe, {});
  const trials =
    options.database === undefined && !existsSync(join(options.folder, studyFile))
      ? []
      : await withStore(recipe, search, options, (store) => store.trials());
  if (trials.length > 0) return { recipe, search, space, trials };
  throw new ConcordError("E_ARGUMENT", {
    operation: "search",
    problem: "the study has no trials",
    hint: "name its folder with --out, or its database with --database",
    path: resolve(options.folder),
  });
}

/** A recipe's search and its space. @throws E_CONFIG as {@link tune} */
function checkedSearch(recipe: Recipe, given: Partial<TuneOptions>): Pick<StudyTrials, "search" | "space"> {
  const search = sectionOf(recipe, given);
  const space = checkedSpace(parametersOf(search));
  for (const point of search.first) checkedPoint(space, point);
  checkCorners(recipe, space);
  checkObjectives(recipe, search);
  return { search, space };
}

/** Opens the trials of a study while something is done. @throws E_CONFIG when it was begun with other settings */
async function withStore<T>(
  recipe: Recipe,
  search: SearchSection,
  { home, folder, database }: Pick<TuneOptions, "home" | "folder" | "database">,
  work: (store: StudyStore) => Promise<T>,
): Promise<T> {
  const settings = await identityOf(recipe, search, resolve(home));
  const sql = await openDatabase(database ?? join(resolve(folder), studyFile), use);
  const store = await openStudyStore(sql, database === undefined ? "study" : recipe.name, settings, (kept) =>
    withDefaults(recipe, kept),
  );
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Checks a search, holds its folder and opens its trials while something is done. */
async function inStudy<T>(
  recipe: Recipe,
  options: TuneOptions,
  work: (context: SearchContext) => Promise<T>,
): Promise<T> {
  const { search, space } = checkedSearch(recipe, options);
  const { language = "en", signal = new AbortController().signal, onEvent: emit = () => {} } = options;
  const [study, home] = [resolve(options.folder), resolve(options.home)];
  await makeFolder(study, 0o700);
  const lock = await lockFolder(study);
  try {
    return await withStore(recipe, search, options, (store) =>
      work({ recipe, search, study, home, language, signal, store, space, emit }),
    );
  } finally {
    await lock.release();
  }
}

/** The page of a study and its trials as CSV, in its folder. */
async function writeStudy(input: StudyPageInput, study: string, language: Language): Promise<void> {
  const write = (name: string, text: string) =>
    writeFileAtomically(join(study, name), [new TextEncoder().encode(text)]);
  await write(pageFile, await studyPage(input, language));
  await write(csvFile, trialsCsv(input));
}

function sectionOf(recipe: Recipe, { trials, minutes, parallel }: Partial<TuneOptions>): SearchSection {
  if (!recipe.search)
    throw new ConcordError("E_CONFIG", {
      operation: "search",
      problem: "the recipe has no section search",
      expected: "search: { space: { adapt.learningRate: { log: [1e-5, 1e-2] } } }",
      path: "search",
    });
  return {
    ...recipe.search,
    ...(trials !== undefined && { trials }),
    ...(minutes !== undefined && { minutes }),
    ...(parallel !== undefined && { parallel }),
  };
}

/** @throws E_CONFIG for an objective that the recipe's data or task does not have */
function checkObjectives({ data, task }: Recipe, { objectives }: SearchSection): void {
  const refuse = (problem: string, expected: string) => {
    throw new ConcordError("E_CONFIG", { operation: "search", problem, expected, path: "search.objectives" });
  };
  if (objectives.includes("gap") && data.attributes.length === 0)
    refuse("a gap is between groups, and the recipe has none", "columns in data.attributes");
  if (objectives.includes("latency") && !isAnswering(taskOf(task)) && !taskOf(task).ranks && !taskOf(task).several)
    refuse(
      "the time of one row is not measured of a model that writes, chooses or makes vectors",
      "score, size or gap",
    );
}

async function checkFresh(store: StudyStore, resume: boolean, study: string): Promise<void> {
  const { length } = await store.trials();
  if (length === 0 || resume) return;
  throw new ConcordError("E_ARGUMENT", {
    operation: "search",
    problem: "the study has trials already",
    got: `${length} trials`,
    hint: "go on with --resume, or name another folder with --out",
    path: study,
  });
}

const stopped = (study: string): ConcordError =>
  new ConcordError("E_INTERRUPTED", {
    operation: "search",
    problem: "stopped; what was done is saved",
    hint: "concord tune --resume goes on from there",
    path: study,
  });
