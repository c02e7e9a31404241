// A study: trials of a recipe's search until its budget is spent, then the winner as an ordinary run. One process holds the study; a study
// that was stopped or killed goes on with the trials that it would have had.
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ConcordError, canonicalJson } from "../base/index.ts";
import { openDatabase } from "../database/index.ts";
import { makeFolder, writeFileAtomically } from "../formats/node/index.ts";
import type { Language } from "../messages/index.ts";
import { parametersOf, type Recipe, type SearchSection } from "../recipe/index.ts";
import { runRecipe } from "../runs/index.ts";
import { bestOf, checkedPoint, checkedSpace, type Space, suggest } from "../search/index.ts";
import { prepare, type RunEvent } from "../stages/index.ts";
import { hashOf, lockFolder } from "../store/index.ts";
import { taskOf } from "../tasks/index.ts";
import { admit } from "./admission.ts";
import type { TuneEvent } from "./events.ts";
import { leaseMs } from "./leases.ts";
import { prunerOf, samplerOf } from "./methods.ts";
import { csvFile, pageFile, storeOf, studyFile, trialName, winnerFolder } from "./places.ts";
import { runTrial } from "./run-trial.ts";
import { type StudyPageInput, studyCsv, studyPage } from "./study-page.ts";
import { openStudyStore, type StudyStore, type StudyTrial } from "./study-store.ts";
import { type TrialContext, trialOf } from "./trial.ts";
import { runTrialInProcess } from "./trial-process.ts";
import { checkCorners, trialRecipe } from "./trial-recipe.ts";

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
  /** Goes on with trials that lie in the folder. Default they are refused. */
  readonly resume?: boolean;
  readonly language?: Language;
  /** Aborting saves what can be saved. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TuneEvent) => void;
  /** Events of the winner's run. */
  readonly onRun?: (event: RunEvent) => void;
}

/** What a study found. */
export interface Study {
  readonly folder: string;
  readonly recipe: Recipe;
  readonly search: SearchSection;
  readonly space: Space;
  readonly trials: readonly StudyTrial[];
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
export async function tune(
  recipe: Recipe,
  { home, folder, resume = false, language = "en", signal = new AbortController().signal, ...rest }: TuneOptions,
): Promise<Study> {
  const search = sectionOf(recipe, rest);
  const space = checkedSpace(parametersOf(search));
  for (const point of search.first) checkedPoint(space, point);
  checkCorners(recipe, space);
  checkObjectives(recipe, search);
  const study = resolve(folder);
  await makeFolder(study);
  const lock = await lockFolder(study);
  try {
    const settings = await identityOf(recipe, search, resolve(home));
    const store = await openStudyStore(await openDatabase(join(study, studyFile), use), "study", settings);
    try {
      await checkFresh(store, resume, study);
      await store.releaseAll(); // the lock says that nobody works on them
      const { onEvent = () => {}, onRun } = rest;
      const context = { recipe, search, study, home: resolve(home), language, signal, store, space, emit: onEvent };
      await searched(context);
      const trials = await store.trials();
      if (signal.aborted) throw stopped(study);
      const best = bestOf(trials);
      if (!best) throw nothingFinished(trials, study);
      await writeStudy({ recipe, search, space, trials, best }, study, language);
      const winner = join(study, winnerFolder);
      onEvent({ kind: "winner", number: best.number, settings: best.point, folder: winner });
      await runRecipe(trialRecipe(recipe, best.point, { tried: trials.length }), {
        home,
        folder: winner,
        store: storeOf(study),
        language,
        signal,
        onEvent: onRun,
      });
      return { folder: study, recipe, search, space, trials, best };
    } finally {
      await store.releaseAll().catch(() => undefined); // of a database that is gone the first fault tells
      await store.close();
    }
  } finally {
    await lock.release();
  }
}

/** The page of a study and its trials as CSV, in its folder. */
async function writeStudy(input: StudyPageInput, study: string, language: Language): Promise<void> {
  const write = (name: string, text: string) =>
    writeFileAtomically(join(study, name), [new TextEncoder().encode(text)]);
  await write(pageFile, await studyPage(input, language));
  await write(csvFile, studyCsv(input));
}

/** Runs trials until the budget is spent or the signal aborts. @throws what stops a study */
async function searched(context: Omit<TrialContext, "run" | "admission" | "pruner">): Promise<void> {
  const { recipe, search, space, store, signal } = context;
  const admission = admit();
  const broken = new AbortController();
  const trialContext: TrialContext = {
    ...context,
    signal: AbortSignal.any([signal, broken.signal]),
    admission,
    pruner: prunerOf(search, recipe.adapt.epochs),
    run: search.parallel > 1 ? runTrialInProcess : runTrial,
  };
  const sampler = samplerOf(search);
  const inTime = await timer(store, search.minutes);
  const worker = async (id: number): Promise<void> => {
    for (;;) {
      if (!(await admission.enter(trialContext.signal))) return;
      try {
        if (!(await inTime())) return;
        const claim = await store.claim({
          worker: `${process.pid}-${id}`,
          leaseMs,
          most: search.trials,
          suggest: (history) => suggest({ space, sampler, seed: recipe.seed, first: search.first }, history),
        });
        if (!claim) return;
        await trialOf(claim, trialContext);
        await tidied(context);
      } finally {
        admission.leave();
      }
    }
  };
  const workers = Array.from({ length: search.parallel }, (_, id) =>
    worker(id).catch((fault: unknown) => {
      broken.abort();
      throw fault;
    }),
  );
  const ended = await Promise.allSettled(workers);
  await inTime();
  const fault = ended.find((end) => end.status === "rejected");
  if (fault && !signal.aborted) throw fault.reason;
}

/** Says whether the time of a study is left, and keeps what it has taken. */
async function timer(store: StudyStore, minutes: number | undefined): Promise<() => Promise<boolean>> {
  let mark = performance.now();
  return async () => {
    const now = performance.now();
    const spent = await store.spend(now - mark);
    mark = now;
    return minutes === undefined || spent < minutes * 60_000;
  };
}

/** Removes the folders of trials that ended and are not the best: their numbers are in the database. @throws E_DATA when the first three failed */
async function tidied({ store, study, search }: Pick<TrialContext, "store" | "study" | "search">): Promise<void> {
  const trials = await store.trials();
  const ended = trials.filter(({ state }) => state !== "running");
  if (ended.length >= 3 && ended.every(({ state }) => state === "failed")) throw nothingFinished(trials, study);
  const best = bestOf(trials);
  for (const { number } of ended)
    if (number !== best?.number)
      for (let seed = 0; seed < search.seeds; seed++)
        await rm(join(study, trialName(number, seed)), { recursive: true, force: true });
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
  if (objectives.includes("latency") && taskOf(task).writes)
    refuse("the time of one row is not measured of a model that writes", "score, size or gap");
}

/** What determines a study's suggestions and scores; its budgets may change. */
async function identityOf(recipe: Recipe, search: SearchSection, home: string): Promise<string> {
  const { space, sampler, startup, gridValues, pruner, objectives, seeds, first } = search;
  const { model, pretrain, adapt, seed, task, modality } = recipe;
  const rows = hashOf(await prepare.settings(recipe, home));
  const kept = { model, pretrain, adapt, seed, task, modality, rows };
  return canonicalJson(
    JSON.parse(
      JSON.stringify({ ...kept, search: { space, sampler, startup, gridValues, pruner, objectives, seeds, first } }),
    ),
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

function nothingFinished(trials: readonly StudyTrial[], study: string): ConcordError {
  const last = trials.findLast(({ problem }) => problem !== undefined);
  return new ConcordError("E_DATA", {
    operation: "search",
    problem: trials.length === 0 ? "no trial was run" : "no trial finished",
    got: last?.problem,
    hint:
      trials.length === 0
        ? "allow more trials or more time"
        : "narrow the ranges of the space, or run the recipe by itself",
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
