// concord run, concord resume: a recipe, a run folder, progress; Ctrl-C saves.
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { openRunFolder } from "../../artifacts/index.ts";
import { padded } from "../../base/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { type Recipe, readRecipe } from "../../recipe/index.ts";
import { planRecipe, runRecipe } from "../../runs/index.ts";
import type { ChargeLogOptions } from "../../stages/index.ts";
import { storeBeside } from "../../store/index.ts";
import { afterRun } from "../after-run.ts";
import { asCalled } from "../as-called.ts";
import { type CommandContext, needed, writeResult } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { showRun } from "../show-run.ts";

interface Where {
  readonly home: string;
  readonly folder: string;
  readonly until?: string;
  readonly store?: string;
  readonly chargeLog?: ChargeLogOptions;
}

/** Where charges are signed into, if anywhere. @throws E_ARGUMENT for a log without a key, or a key without a log */
function chargeLogOf(
  { log, key }: Pick<RunCommandOptions, "log" | "key">,
  { env }: CommandContext,
): ChargeLogOptions | undefined {
  if (log === undefined && key === undefined) return undefined;
  return {
    folder: resolve(needed(log, "--log", "--log with the folder of the log that the release will be put into")),
    key: needed(key, "--key", "--key with the private key that signs the charges"),
    passphrase: env.CONCORD_PASSPHRASE,
  };
}

export interface RunCommandOptions {
  readonly set?: readonly string[];
  readonly out?: string;
  readonly until?: string;
  readonly store?: boolean;
  readonly dryRun?: boolean;
  readonly log?: string;
  readonly key?: string;
}

export async function run(
  file = "recipe.yaml",
  { set = [], out, until, store: shares = true, dryRun = false, ...logged }: RunCommandOptions,
  context: CommandContext,
): Promise<void> {
  const chargeLog = chargeLogOf(logged, context);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read recipe", file);
  });
  const recipe = readRecipe(text, file, set);
  const home = dirname(resolve(file));
  const folder = resolve(out ?? join("runs", recipe.name));
  const store = shares ? storeBeside(folder) : undefined;
  if (!dryRun) return await runToEnd(recipe, { home, folder, until, store, chargeLog }, context);
  const { language } = context;
  for (const planned of await planRecipe(recipe, { home, folder, until, store, language }))
    writeResult(context, planned, () =>
      [planned.stage.padEnd(18), padded(say(language, `run.does.${planned.does}`), 5), planned.why].join(" "),
    );
}

export async function resume(
  folder: string,
  { store: shares = true, ...logged }: Pick<RunCommandOptions, "store" | "log" | "key">,
  context: CommandContext,
): Promise<void> {
  const chargeLog = chargeLogOf(logged, context);
  const { recipe, home } = await openRunFolder(folder);
  await runToEnd(
    recipe,
    { home, folder: resolve(folder), store: shares ? storeBeside(resolve(folder)) : undefined, chargeLog },
    context,
  );
}

async function runToEnd(recipe: Recipe, where: Where, context: CommandContext): Promise<void> {
  const { language, json, quiet, stderr, env } = context;
  const { show, stopping } = showRun(context);
  await untilInterrupted(
    context,
    (signal) => runRecipe(recipe, { ...where, language, signal, onEvent: show }),
    stopping,
  );
  if (json || quiet) return;
  const lines = await afterRun(recipe, where.folder, language);
  stderr.write(`${asCalled(lines.join("\n"), env)}\n`);
}
