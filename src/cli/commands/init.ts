// concord init: looks at a table, asks or takes flags, and writes a commented recipe that runs. Never replaces a file.
import { existsSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { ConcordError, nearestName } from "../../base/index.ts";
import { writeFileAtomically } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { lookAtTable, readRecipe, recipeTasks, type TableFacts } from "../../pipeline/index.ts";
import { type AskAt, askOne, askSeveral, askText } from "../ask.ts";
import { composeRecipe, type RecipeChoices } from "../compose-recipe.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";
import { packageRoot } from "../package-root.ts";
import { balance, visible } from "../sizes.ts";

export interface InitCommandOptions {
  readonly out?: string;
  readonly name?: string;
  readonly text?: string;
  readonly label?: string;
  readonly group?: string;
  readonly attributes?: string;
  readonly task?: string;
  readonly model?: string;
  readonly yes?: boolean;
}

type Roles = Pick<RecipeChoices, "text" | "label" | "group" | "attributes" | "model">;

/** A user who leaves a question unanswered. */
const cancelled = (context: CommandContext) =>
  new ConcordError("E_INTERRUPTED", {
    operation: "init",
    problem: say(context.language, "init.cancelled"),
    hint: "concord init",
  });

export async function init(
  given: string | undefined,
  options: InitCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { language, stdin, stdout, stderr, quiet, json } = context;
  const out = options.out ?? "recipe.yaml";
  if (existsSync(out))
    throw new ConcordError("E_IO", {
      operation: "init",
      problem: "a recipe is there already, and is not replaced",
      hint: "remove it, or name another with --out",
      path: out,
    });
  const asks = !options.yes && Boolean(stdin.isTTY && stdout.isTTY);
  const at = { input: stdin as Readable, output: stdout as unknown as Writable };
  const file = given ?? (asks ? await askText(say(language, "init.which"), at) : undefined);
  if (!file) {
    if (asks) throw cancelled(context);
    throw argumentError("init", { problem: "no table is named", expected: "concord init <file>" });
  }
  const facts = await lookAtTable(file);
  if (facts.rows === 0)
    throw new ConcordError("E_DATA", {
      operation: "init",
      problem: "the table has no rows",
      got: "a header only",
      path: file,
    });
  const found = rolesGiven(facts, options, file);
  if (!quiet && !json) stderr.write(`${describe(facts, language)}\n`);
  const roles = asks ? await askRoles(facts, found, options, context, at) : found;
  const choices = choicesOf(file, out, roles, facts, options);
  const text = composeRecipe(choices, facts, language);
  readRecipe(text, out); // what init writes has to run
  await writeFileAtomically(out, [new TextEncoder().encode(text)]);
  if (!asks && !quiet && !json)
    for (const role of ["text", "label", "group"] as const)
      if (roles[role]) stderr.write(`${say(language, "init.role", { role, column: roles[role] })}\n`);
  writeResult(context, { rows: facts.rows, ...choices }, () => say(language, "init.written", { path: out }));
}

function describe({ rows, columns, guesses }: TableFacts, language: CommandContext["language"]): string {
  const names = columns.map((c) => c.name).join(", ");
  return visible([say(language, "init.found", { rows, columns: columns.length, names }), ...guesses].join("\n"));
}

/** Roles by flags, else by looking. @throws E_ARGUMENT for a column that is not there, or when none can be told */
function rolesGiven({ columns, roles }: TableFacts, options: InitCommandOptions, path: string): Roles {
  const names = columns.map((c) => c.name);
  const checked = (flag: string, name: string): string => {
    if (names.includes(name)) return name;
    const near = nearestName(name, names);
    throw argumentError(`--${flag}`, {
      problem: `there is no column ${name}`,
      expected: names.slice(0, 12).join(", "),
      got: name,
      hint: near ? `did you mean ${near}?` : undefined,
      path: `${path}:1`,
    });
  };
  const needed = (flag: "text" | "label"): string => {
    const name = options[flag] ?? roles[flag];
    if (name !== undefined) return checked(flag, name);
    throw argumentError("init", {
      problem: `no column looks like the ${flag}`,
      expected: names.slice(0, 12).join(", "),
      hint: `name it: --${flag} <column>`,
      path,
    });
  };
  const [text, label] = [needed("text"), needed("label")];
  const taken = new Set([text, label]);
  const group = options.group === "none" ? undefined : options.group ? checked("group", options.group) : roles.group;
  const attributes =
    options.attributes === "none"
      ? []
      : (options.attributes?.split(",").map((name) => checked("attributes", name.trim())) ?? roles.attributes);
  return {
    text,
    label,
    group: group !== undefined && taken.has(group) ? undefined : group,
    attributes: attributes.filter((name) => !taken.has(name)),
    model: options.model,
  };
}

/** Asks what no flag said. @throws E_INTERRUPTED when the user leaves */
async function askRoles(
  { columns }: TableFacts,
  found: Roles,
  options: InitCommandOptions,
  context: CommandContext,
  at: AskAt,
): Promise<Roles> {
  const { language } = context;
  const answered = <T>(answer: T | undefined): T => {
    if (answer === undefined) throw cancelled(context);
    return answer;
  };
  const choices = columns.map((c) => ({ value: c.name, hint: c.values.length ? balance(c.values) : undefined }));
  const text = options.text ?? answered(await askOne(say(language, "init.text"), choices, found.text, at));
  const others = choices.filter((c) => c.value !== text);
  const label = options.label ?? answered(await askOne(say(language, "init.label"), others, found.label, at));
  const rest = others.filter((c) => c.value !== label);
  const none = { value: "", hint: say(language, "init.none") };
  const group =
    options.group !== undefined || rest.length === 0
      ? found.group
      : answered(await askOne(say(language, "init.group"), [none, ...rest], found.group ?? "", at)) || undefined;
  const attributes =
    options.attributes !== undefined || rest.length === 0
      ? found.attributes
      : answered(await askSeveral(say(language, "init.attributes"), rest, found.attributes, at));
  const model = options.model ?? (answered(await askText(say(language, "init.model"), at)) || undefined);
  return { text, label, group, attributes, model };
}

function choicesOf(
  file: string,
  out: string,
  roles: Roles,
  facts: TableFacts,
  options: InitCommandOptions,
): RecipeChoices {
  const home = dirname(resolve(out));
  const schema = relative(home, join(packageRoot(), "schema", "recipe.schema.json"));
  const stem = basename(file, extname(file)).replace(/[^\p{L}\p{N} ._-]/gu, "-");
  return {
    ...roles,
    name: options.name ?? (/^[\p{L}\p{N}]/u.test(stem) ? stem.slice(0, 64) : "run"),
    task: checkedTask(options.task) ?? likelyTask(roles.label, facts),
    file: fromHome(home, file),
    model: roles.model === undefined ? undefined : fromHome(home, roles.model),
    schema: isAbsolute(schema) ? `file://${schema}` : schema,
    recipe: out,
  };
}

/** A path below the recipe's folder stays relative; any other is written in full. */
function fromHome(home: string, path: string): string {
  const below = relative(home, resolve(path));
  return below.startsWith("..") || isAbsolute(below) ? resolve(path) : below.replaceAll("\\", "/");
}

function checkedTask(task: string | undefined): RecipeChoices["task"] | undefined {
  const known = recipeTasks.find((name) => name === task);
  if (known || task === undefined) return known;
  throw argumentError("--task", {
    problem: "there is no task of this name",
    expected: recipeTasks.join(", "),
    got: task,
  });
}

/** Many different numbers are a regression, fields with `;` or lists are several labels, tags and places in the text are entities. */
function likelyTask(label: string, { columns }: TableFacts): RecipeChoices["task"] {
  const column = columns.find((c) => c.name === label)!;
  if (column.entities > 0.9) return "entities";
  if (column.numeric > 0.99 && column.distinct > 20) return "regression";
  return column.values.some(([value]) => /^\[|[^;];[^;]/.test(value)) ? "multi-label" : "single-label";
}
