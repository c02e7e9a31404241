// concord tune: a study with a line for each trial, a bar with the time left, and the winner's run below.

import { readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { visible } from "../../base/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { type Recipe, readRecipe } from "../../recipe/index.ts";
import { inLanguage } from "../../translations/index.ts";
import {
  pageFile,
  readStudy,
  settingsText,
  studyText,
  type TuneEvent,
  type TuneOptions,
  tune as tuneRecipe,
  valuesText,
  winnerFolder,
  workOnStudy,
  writeOptuna,
} from "../../tune/index.ts";
import { afterRun, typedPath } from "../after-run.ts";
import { asCalled } from "../as-called.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { type Progress, progress } from "../progress.ts";
import { showRun } from "../show-run.ts";
import { wholeNumber } from "../whole-number.ts";
import { databaseOf, type PlaceOptions, placementOf, writeWorkers } from "./place-trials.ts";

export interface TuneCommandOptions extends PlaceOptions {
  readonly out?: string;
  readonly parallel?: number;
  readonly resume?: boolean;
  readonly optuna?: string;
}

export async function tune(file = "recipe.yaml", given: TuneCommandOptions, context: CommandContext): Promise<void> {
  const { set = [], out, trials, for: time, parallel, resume, optuna, worker = false } = given;
  const database = databaseOf(given);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read recipe", file);
  });
  const recipe = readRecipe(text, file, set);
  if (given.kubernetes !== undefined) {
    const files = await writeWorkers(recipe, file, given.kubernetes, given);
    return writeResult(context, { files }, () =>
      say(context.language, "tune.workers", { files: files.map(typedPath).join("\n") }),
    );
  }
  const own = worker ? join("workers", `${hostname()}-${process.pid}`) : "";
  const folder = resolve(out ?? join("studies", recipe.name, own));
  const { language, json, quiet, stderr, env } = context;
  const home = dirname(resolve(file));
  if (optuna !== undefined) {
    const found = await readStudy(recipe, { home, folder, database });
    await writeOptuna(found, optuna);
    const told = { file: typedPath(optuna), trials: found.trials.length };
    return writeResult(context, told, () => say(language, "tune.optuna", told));
  }
  const shown = showTune(context);
  const run = showRun(context);
  const options = {
    home,
    folder,
    trials: wholeNumber("--trials", trials),
    minutes: minutesOf(time),
    parallel: wholeNumber("--parallel", parallel),
    resume,
    database,
    placement: placementOf(file, folder, given),
    language,
    onEvent: shown.show,
    onRun: run.show,
  };
  const stopping = () => {
    shown.end();
    run.stopping();
  };
  const study = await untilInterrupted(
    context,
    async (signal) =>
      worker
        ? void (await worked(recipe, { ...options, database: database!, signal }, out === undefined))
        : await tuneRecipe(recipe, { ...options, signal }),
    stopping,
  );
  shown.end();
  if (!study) return;
  if (json || quiet) return;
  const winner = join(folder, winnerFolder);
  const lines = [
    ...studyText(study, language).map(visible),
    say(language, "tune.page", { path: typedPath(join(study.folder, pageFile)) }),
    ...(await afterRun(recipe, winner, language)),
  ];
  stderr.write(`${asCalled(lines.join("\n"), env)}\n`);
}

/** Lines of trials above a bar; JSON where asked for. */
function showTune({ json, quiet, stdout, stderr, language }: CommandContext) {
  let bar: Progress | undefined;
  let best = say(language, "tune.none");
  const end = () => {
    bar?.end();
    bar = undefined;
  };
  const show = (event: TuneEvent) => {
    if (json) return void stdout.write(`${JSON.stringify(event)}\n`);
    if (event.kind === "epoch") return;
    if (event.kind === "winner") {
      end();
      const { number, settings } = event;
      if (!quiet)
        stderr.write(`${say(language, "tune.winner", { trials: seen, number, settings: settingsText(settings) })}\n`);
      return;
    }
    seen = Math.max(seen, event.done);
    if (event.state === "finished" && event.best === event.number)
      best = say(language, "tune.progress", { values: valuesText(language, event.values!) });
    if (quiet) return;
    bar ??= progress({ total: event.of, label: say(language, "tune.trials"), stream: stderr, language });
    bar.above(`${say(language, "tune.trial", { number: event.number }).padEnd(10)} ${trialText(event, language)}`);
    bar.update(event.done, best);
  };
  let seen = 0;
  return { show, end };
}

function trialText(
  { state, settings, values, problem = "", seconds = 0, best, number }: Extract<TuneEvent, { kind: "trial" }>,
  language: CommandContext["language"],
): string {
  if (state === "started" || state === "resumed")
    return say(language, `tune.${state}`, { settings: settingsText(settings) });
  if (state === "failed") return say(language, "tune.failed", { problem: inLanguage(language, problem) });
  const took = { seconds: seconds.toFixed(1) };
  if (state === "pruned") return say(language, "tune.pruned", took);
  const found = { values: valuesText(language, values!), ...took };
  return say(language, best === number ? "tune.finishedBest" : "tune.finished", found);
}

/** Works on the trials of others. @param isOwn whether the folder is the worker's own: it is removed afterwards */
async function worked(recipe: Recipe, options: TuneOptions & { database: string }, isOwn: boolean): Promise<void> {
  await workOnStudy(recipe, options);
  if (isOwn) await rm(options.folder, { recursive: true, force: true });
}

/** @example minutesOf("2h") // 120 */
function minutesOf(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(time) ?? [];
  const minutes = Number(amount) * (unit === "h" ? 60 : unit === "s" ? 1 / 60 : 1);
  if (minutes > 0) return minutes;
  throw argumentError("--for", { problem: "not a time", expected: "90s, 30m or 2h", got: time });
}
