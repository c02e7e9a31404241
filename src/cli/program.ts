// The command line: parses arguments, runs a command of the list, turns errors into words and exit codes. Knows no command; the door to commander.
import { CommanderError, InvalidArgumentError, Command as Program } from "commander";
import { type ConcordError, errorCodes, isConcordError, numberIn } from "../base/index.ts";
import { ownVersion } from "../formats/node/index.ts";
import { inWords, type Language, type MessageKey, say } from "../messages/index.ts";
import type { Command, CommandGroup } from "./command.ts";
import { commands } from "./commands/index.ts";
import { argumentError, type CommandContext, chosenLanguage, guarded, type Surroundings } from "./context.ts";

/**
 * Runs the command line.
 * @param args without the program's name
 * @param list the commands that there are. Default Concord's own
 * @returns the exit code: 0, an error's own (docs/errors.md), or 1 for a fault of Concord itself
 * @example process.exitCode = await execute(["run", "recipe.yaml"], { ...process, signals: process });
 */
export async function execute(
  args: readonly string[],
  given: Surroundings,
  list: readonly (Command | CommandGroup)[] = commands,
): Promise<number> {
  const around: Surroundings = { ...given, stdout: guarded(given.stdout), stderr: guarded(given.stderr) };
  let language: Language = chosenLanguage(undefined, around.env);
  const json = args.includes("--json");
  try {
    language = chosenLanguage(languageAsked(args), around.env);
    await commandLine(list, around, language).parseAsync(args as string[], { from: "user" as const });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help, --version
    const fault = error instanceof CommanderError ? usageFault(error, await hintOf(error, args, list)) : error;
    if (isConcordError(fault)) {
      const { renderFault } = await import("./render-error.ts"); // with the Chinese of all errors, which help does not need
      const { hint = say(language, `remedy.${fault.code}`), ...facts } = fault.toJSON();
      around.stderr.write(`${json ? JSON.stringify({ ...facts, hint }) : renderFault(fault, language, around.env)}\n`);
      return exitCode(fault);
    }
    around.stderr.write(`${(error as Error)?.stack ?? String(error)}\n${say(language, "error.bug")}\n`);
    return 1;
  }
}

const exitCode = (error: ConcordError): number => errorCodes[error.code].exit;

/** `--lang` before the arguments are parsed: help and usage errors are in that language too. */
function languageAsked(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  if (at < 0) return undefined;
  return args[at] === "--lang" ? (args[at + 1] ?? "") : args[at]!.slice("--lang=".length);
}

/** What the user meant. Recipes, which it asks for the names of their keys, are loaded for errors only. */
const hintOf = async (...given: Parameters<typeof import("./usage-hint.ts").usageHint>) =>
  (await import("./usage-hint.ts")).usageHint(...given);

/** What commander found wrong, as an error of ours. @param hint instead of what commander suggests */
function usageFault({ message }: CommanderError, hint?: string): ConcordError {
  const [problem = "", ...more] = message.replace(/^error: /, "").split("\n");
  const suggested = more.join(" ").replace(/^\(Did|\)$/g, (part) => (part === ")" ? "" : "did"));
  return argumentError("concord", { problem, hint: hint ?? (suggested || undefined) });
}

const titles: Record<string, Extract<MessageKey, `help.${string}`>> = {
  "Usage:": "help.usage",
  "Options:": "help.options",
  "Arguments:": "help.arguments",
  "Commands:": "help.commands",
};

function number(text: string): number {
  const value = numberIn(text);
  if (value === undefined) throw new InvalidArgumentError("Not a number.");
  return value;
}

const parsers = {
  number,
  each: (text: string, before: unknown): unknown[] => [...(Array.isArray(before) ? before : []), text],
};

function commandLine(list: readonly (Command | CommandGroup)[], around: Surroundings, language: Language): Program {
  const program = new Program("concord");
  const context = (): CommandContext => {
    const { json = false, quiet = false } = program.opts<{ json?: boolean; quiet?: boolean }>();
    return { ...around, language, json, quiet };
  };
  program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => around.stdout.write(text),
      writeErr: (text) => around.stderr.write(text),
      outputError: () => {}, // shown by execute
      getOutHelpWidth: () => around.stdout.columns ?? 80,
    })
    .configureHelp({ styleTitle: (title) => (titles[title] ? say(language, titles[title]) : title) })
    .helpOption("-h, --help", say(language, "help.help"))
    .helpCommand("help [command]", say(language, "help.help"))
    .description(say(language, "help.concord"))
    .option("--json", say(language, "help.json"))
    .option("--quiet", say(language, "help.quiet"))
    .option("--lang <en|zh>", say(language, "help.lang"))
    .option("--version", say(language, "help.version"))
    .on("option:version", () => {
      around.stdout.write(`${ownVersion()}\n`);
      throw new CommanderError(0, "version", "");
    });
  for (const command of list) add(program, command, context);
  const shown = list.flatMap((command) =>
    firstCommands.includes(command.name) ? examplesOf(command).slice(0, 1) : [],
  );
  program.addHelpText("after", examplesText(shown, language));
  return program;
}

/** Commands whose examples the help of the program shows: the road of a new user. */
const firstCommands = ["init", "run", "predict", "audit"];

const examplesOf = (command: Command | CommandGroup): readonly string[] =>
  "commands" in command ? command.commands.flatMap(({ examples }) => examples.slice(0, 1)) : command.examples;

const examplesText = (examples: readonly string[], language: Language): string =>
  examples.length === 0 ? "" : ["", say(language, "help.examples"), ...examples.map((line) => `  ${line}`)].join("\n");

/** Adds a command, or a group with all of its own. @param usual whether it is meant where its group is named alone */
function add(parent: Program, command: Command | CommandGroup, context: () => CommandContext, usual = false): void {
  const { language } = context();
  const program = parent.command(command.name, { isDefault: usual }).description(inWords(language, command.about));
  program.addHelpText("after", examplesText(examplesOf(command), language));
  if ("commands" in command) {
    for (const one of command.commands) add(program, one, context, one.name === command.usual);
    return;
  }
  for (const [usage, help] of Object.entries(command.arguments ?? {})) program.argument(usage, inWords(language, help));
  for (const [usage, help] of Object.entries(command.options ?? {}))
    if (help.value) program.option<unknown>(usage, inWords(language, help), parsers[help.value]);
    else program.option(usage, inWords(language, help));
  program.exitOverride((error) => {
    throw error.code === "commander.missingArgument" ? usageFault(error, command.examples[0]) : error;
  });
  program.action(async () => {
    const names = program.registeredArguments.map((argument) => argument.name());
    await command.run(
      Object.fromEntries(names.map((name, i) => [name, program.processedArgs[i]])),
      program.opts(),
      context(),
    );
  });
}
