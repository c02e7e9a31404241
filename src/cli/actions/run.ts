// concord run, concord resume: a recipe, a run folder, progress; Ctrl-C saves.
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { openRunFolder } from "../../artifacts/index.ts";
import { padded } from "../../base/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { type Recipe, readRecipe } from "../../recipe/index.ts";
import { planRecipe, runRecipe } from "../../runs/index.ts";
import { storeBeside } from "../../store/index.ts";
import { afterRun } from "../after-run.ts";
import { asCalled } from "../as-called.ts";
import { type CommandContext, writeResult } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { showRun } from "../show-run.ts";

interface Where {
  readonly home: string;
  readonly folder: string;
  readonly until?: string;
  readonly store?: string;
}

export interface RunCommandOptions {
  readonly set?: readonly string[];
  readonly out?: string;
  readonly until?: string;
  readonly store?: boolean;
  readonly dryRun?: boolean;
}

export async function run(
  file = "recipe.yaml",
  { set = [], out, until, store: shares = true, dryRun = false }: RunCommandOptions,
  context: CommandContext,
): Promise<void> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read recipe", file);
  });
  const recipe = readRecipe(text, file, set);
  const home = dirname(resolve(file));
  const folder = resolve(out ?? join("runs", recipe.name));
  const store = shares ? storeBeside(folder) : undefined;
  if (!dryRun) return await runToEnd(recipe, { home, folder, until, store }, context);
  const { language } = context;
  for (const planned of await planRecipe(recipe, { home, folder, until, store, language }))
    writeResult(context, planned, () =>
      [planned.stage.padEnd(18), padded(say(language, `run.does.${planned.does}`), 5), planned.why].join(" "),
    );
}

export async function resume(
  folder: string,
  { store: shares = true }: Pick<RunCommandOptions, "store">,
  context: CommandContext,
): Promise<void> {
  const { recipe, home } = await openRunFolder(folder);
  await runToEnd(
    recipe,
    { home, folder: resolve(folder), store: shares ? storeBeside(resolve(folder)) : undefined },
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
