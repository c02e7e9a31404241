// Runs the stages of a recipe in a folder, under its lock and with its log.
import { resolve } from "node:path";
import { checkModelFolder, type StageRecords, writeRunFiles } from "../artifacts/index.ts";
import { isConcordError } from "../base/index.ts";
import { lockFolder, makeFolder } from "../formats/node/index.ts";
import type { Language } from "../messages/index.ts";
import { stages } from "../pipeline/index.ts";
import type { Recipe } from "../recipe/index.ts";
import {
  type ChargeLogOptions,
  execute,
  openChargeLog,
  type PlannedStage,
  plan,
  type RunEvent,
  startFolder,
} from "../stages/index.ts";
import { collectShared, openRunLog } from "../store/index.ts";

export interface RunOptions {
  /** Folder that relative paths of the recipe start from. */
  readonly home: string;
  /** The run folder; made if absent. */
  readonly folder: string;
  readonly onEvent?: (event: RunEvent) => void;
  /** Aborting saves what can be saved; running again goes on from there. */
  readonly signal?: AbortSignal;
  /** Name of the last stage that runs. Default all. */
  readonly until?: string;
  /** Folder of the results that runs of a workspace share; afterwards it holds none that no run has. Default none are shared. */
  readonly store?: string;
  /** Signs each charge of private training into a log before its steps run: the log's folder, and a private key file. Default none is logged. */
  readonly chargeLog?: ChargeLogOptions;
  /** Of the events' text. Default English. */
  readonly language?: Language;
}

/**
 * Runs a recipe.
 * @returns the record of each stage
 * @throws E_LOCKED when another run works in the folder; E_INTERRUPTED after an abort; what the stages throw
 * @example await runRecipe(readRecipe(text, "recipe.yaml"), { home: ".", folder: "runs/disease" });
 */
export async function runRecipe(
  recipe: Recipe,
  { home, folder, onEvent, signal, until, store, chargeLog: logged, language = "en" }: RunOptions,
): Promise<StageRecords> {
  const run = resolve(folder);
  const chargeLog = logged && (await openChargeLog(recipe, logged));
  await makeFolder(run, 0o700); // rows, texts and models of its owner
  const lock = await lockFolder(run);
  let log: ReturnType<typeof openRunLog> | undefined;
  try {
    const write = openRunLog(run);
    log = write;
    const emit = (event: RunEvent) => {
      if (event.kind !== "progress") write({ ...event });
      onEvent?.(event);
    };
    await writeRunFiles(run, recipe, resolve(home));
    const start = until === "prepare" ? undefined : startFolder(recipe, resolve(home));
    if (start !== undefined) await checkModelFolder(start, recipe.model.from); // before a stage works for nothing
    const around = { home: resolve(home), run, language, until, store, signal, emit, chargeLog };
    const records = await execute(stages, { recipe, ...around });
    if (store !== undefined) await collectShared(store);
    return records;
  } catch (fault) {
    const { operation = "run", problem } = isConcordError(fault) ? fault.facts : {};
    log?.({ kind: "failed", code: isConcordError(fault) ? fault.code : String(fault), operation, problem });
    throw fault;
  } finally {
    await lock.release();
  }
}

/** What {@link runRecipe} would do; changes nothing. */
export const planRecipe = (
  recipe: Recipe,
  { home, folder, language, until, store }: Pick<RunOptions, "home" | "folder" | "language" | "until" | "store">,
): Promise<PlannedStage[]> =>
  plan(stages, { recipe, home: resolve(home), run: resolve(folder), language, until, store });
