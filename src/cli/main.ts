#!/usr/bin/env node
// The command line: parses arguments, loads one command's file, turns errors into words and exit codes.
import { Command } from "commander";
import { type ConcordError, errorCodes, isConcordError } from "../base/index.ts";
import type { CommonOptions } from "./options.ts";

const program = new Command("concord")
  .description("Train, adapt and evaluate foundation models from one recipe.")
  .showHelpAfterError()
  .option("--json", "print results and errors as JSON, one object a line", false)
  .option("--quiet", "print nothing but results and errors", false);

const common = (): CommonOptions => program.opts<CommonOptions>();

program
  .command("run")
  .description("carry out a recipe; what has not changed is not repeated")
  .argument("[recipe]", "recipe file", "recipe.yaml")
  .option("--set <key=value...>", "override a key of the recipe")
  .option("--out <folder>", "run folder (default: runs/<name>)")
  .option("--dry-run", "show what would run, and why", false)
  .action(async (recipe, options) => (await import("./commands/run.ts")).run(recipe, options, common()));

program
  .command("resume")
  .description("go on with a run that was interrupted")
  .argument("<run>", "run folder")
  .action(async (folder) => (await import("./commands/run.ts")).resume(folder, common()));

program
  .command("predict")
  .description("answer texts with a run's model")
  .argument("<run>", "run folder, or a model folder")
  .argument("[text...]", "texts; without any, one is read from each line of standard input")
  .option("--abstain <probability>", "say nothing below this probability, 0 … 1", Number)
  .option("--top <count>", "labels to show with their probabilities", Number, 1)
  .action(async (folder, texts, options) =>
    (await import("./commands/predict.ts")).predict(folder, texts, options, common()),
  );

/** Runs the command line. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(["node", "concord", ...args]);
    return 0;
  } catch (error) {
    const { json } = common();
    if (!isConcordError(error)) throw error;
    process.stderr.write(json ? `${JSON.stringify(error)}\n` : `${error.message}\n`);
    return exitCode(error);
  }
}

const exitCode = (error: ConcordError): number => errorCodes[error.code].exit;

process.exitCode = await main(process.argv.slice(2));
