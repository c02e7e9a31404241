// What a user meant who typed a command or an option that Concord does not have.
import { keyNamed } from "../recipe/index.ts";
import type { Command, CommandGroup } from "./command.ts";

/** Commands of other tools, and the command of Concord that does this. */
const otherNames: Readonly<Record<string, string>> = {
  train: "run",
  fit: "run",
  finetune: "run",
  "fine-tune": "run",
  start: "run",
  continue: "resume",
  infer: "predict",
  inference: "predict",
  classify: "predict",
  label: "predict",
  score: "evaluate",
  eval: "evaluate",
  test: "evaluate",
  fairness: "audit",
  new: "init",
  create: "init",
  show: "inspect",
  info: "inspect",
  describe: "inspect",
  list: "runs",
  ls: "runs",
  publish: "release",
  check: "verify",
  validate: "verify",
  keygen: "keys",
};

/** The command that the arguments name, if there is one. */
function commandOf(args: readonly string[], list: readonly (Command | CommandGroup)[]): Command | undefined {
  const [first, second] = args.filter((arg) => !arg.startsWith("-"));
  const found = list.find(({ name }) => name === first);
  if (!found || !("commands" in found)) return found;
  const named = (name: string | undefined) => found.commands.find((command) => command.name === name);
  return named(second) ?? named(found.usual);
}

/**
 * A hint for a usage error; undefined where none is known.
 * @example usageHint(error, ["train", "recipe.yaml"], commands) // "did you mean run?"
 */
export function usageHint(
  { code, message }: { readonly code: string; readonly message: string },
  args: readonly string[],
  list: readonly (Command | CommandGroup)[],
): string | undefined {
  const name = /'([^']+)'/.exec(message)?.[1] ?? "";
  if (code === "commander.unknownCommand") {
    const meant = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
    return list.some((command) => command.name === meant) ? `did you mean ${meant}?` : undefined;
  }
  if (code !== "commander.unknownOption") return undefined;
  const command = commandOf(args, list);
  if (command?.options?.["--set <key=value...>"] === undefined) return undefined;
  const [option = "", joined] = name.split("=");
  const key = keyNamed(option);
  if (key === undefined || (command.name === "init" && !key.startsWith("data."))) return undefined;
  const after = args[args.indexOf(name) + 1];
  const value = joined ?? (after === undefined || after.startsWith("-") ? "…" : after);
  return `did you mean --set ${key}=${value}?`;
}
