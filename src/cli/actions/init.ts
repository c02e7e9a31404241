// concord init: looks at a table, asks or takes flags, and writes a commented recipe that runs. Never replaces a file.
import { existsSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { checkModelFolder } from "../../artifacts/index.ts";
import { ConcordError, isConcordError, nearestName, visible } from "../../base/index.ts";
import { packageRoot, writeFileAtomically } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { embeddedFolder } from "../../models/node/index.ts";
import {
  likelyTask,
  lookAtTable,
  otherReading,
  type Recipe,
  readingOf,
  readRecipe,
  recipeText,
  type TableFacts,
} from "../../recipe/index.ts";
import { type LinearLook, linearLook, sufficientScore } from "../../runs/index.ts";
import { checkedRows } from "../../stages/index.ts";
import { formatOf, guessedEncoding, sheetsOf } from "../../tables/node/index.ts";
import { type Task, type TaskName, taskNames, taskOf, tasks } from "../../tasks/index.ts";
import { inLanguage } from "../../translations/index.ts";
import { asCalled } from "../as-called.ts";
import { type AskAt, askOne, askSeveral, askText } from "../ask.ts";
import { composeRecipe, type RecipeChoices } from "../compose-recipe.ts";
import { argumentError, type CommandContext, rawOf, writeResult } from "../context.ts";
import { notesOf, nothingWords } from "../init-notes.ts";
import { defaultEncoder, pretrainingAdvice, startsFromEncoder } from "../pretraining-advice.ts";
import { balance } from "../sizes.ts";

export interface InitCommandOptions {
  readonly out?: string;
  readonly name?: string;
  readonly text?: string;
  readonly label?: string;
  readonly group?: string;
  readonly attributes?: string;
  readonly task?: string;
  readonly model?: string;
  /** Table of texts without labels. */
  readonly unlabelled?: string;
  /** Keys of data: `data.key=value`. */
  readonly set?: readonly string[];
  readonly yes?: boolean;
}

/** What --model says of a model that is made anew. */
const scratch = "scratch";

type Roles = Omit<
  RecipeChoices,
  | "given"
  | "task"
  | "separator"
  | "decimal"
  | "accept"
  | "scheme"
  | "advice"
  | "pretrain"
  | "name"
  | "file"
  | "schema"
  | "recipe"
>;

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
  const at = { input: stdin as Readable, output: rawOf(stdout) as unknown as Writable };
  const file = given ?? (asks ? await askText(say(language, "init.which"), at) : undefined);
  if (!file) {
    if (asks) throw cancelled(context);
    throw argumentError("init", { problem: "no table is named", expected: "concord init <file>" });
  }
  const { facts, data, keys } = await lookedAt(file, options.set ?? [], asks ? at : undefined, context);
  const found = rolesGiven(facts, options, file);
  if (!quiet && !json) stderr.write(`${describe(facts, language)}\n`);
  const roles = asks ? await askRoles(facts, found, options, context, at) : found;
  if (roles.model !== undefined && roles.model !== scratch)
    await checkModelFolder(embeddedFolder(roles.model) ?? roles.model, roles.model);
  const free = await freeTexts(options.unlabelled, roles, facts, data);
  const choices = { ...choicesOf(file, out, roles, facts, options, free), given: keys };
  if (!quiet && !json) for (const text of notesOf(choices, facts, language)) stderr.write(`${visible(text)}\n`);
  const text = composeRecipe(choices, facts, language);
  const [recipe, home] = [readRecipe(text, out), dirname(resolve(out))];
  const odd = (await checkRuns(recipe, home)).map((text) => inLanguage(language, text));
  if (!quiet && !json) for (const text of odd) stderr.write(`${visible(say(language, "init.odd", { text }))}\n`);
  if (asks && odd.length) await askToGoOn(context, at);
  const linear = await linearLook(recipe, home);
  if (linear && !quiet && !json) stderr.write(`${linearText(linear, language)}\n`);
  await writeFileAtomically(out, [new TextEncoder().encode(text)]);
  writeResult(context, { rows: facts.rows, ...choices, linear }, () =>
    asCalled(say(language, "init.written", { path: out }), context.env),
  );
}

/** The table's facts; a person is asked whether a first line that looks like a row is one. @throws as lookAtTable; E_DATA, E_INTERRUPTED */
async function lookedAt(
  file: string,
  set: readonly string[],
  at: AskAt | undefined,
  context: CommandContext,
): Promise<{ readonly facts: TableFacts; readonly data: Recipe["data"]; readonly keys: [string, string][] }> {
  const look = async (set: readonly string[]) => {
    const { data } = readRecipe(bareRecipe(file), "--set", set);
    return {
      data,
      keys: givenKeys(set),
      facts: await lookAtTable(file, { ...readingOf(data), decimal: data.decimal }),
    };
  };
  const sheets =
    at && formatOf(file) === "xlsx" && !set.some((key) => key.startsWith("data.sheet=")) ? await sheetsOf(file) : [];
  if (at && sheets.length > 1) {
    const sheet = await askOne(
      say(context.language, "init.sheet"),
      sheets.map((value) => ({ value })),
      sheets[0],
      at,
    );
    if (sheet === undefined) throw cancelled(context);
    return await lookedAt(file, [...set, `data.sheet=${JSON.stringify(sheet)}`], at, context);
  }
  const named = set.some((key) => key.startsWith("data.encoding="));
  const guess = named ? undefined : await guessedEncoding(file);
  const looked = await look(set); // says what was guessed, and why
  const found = guess ? { ...looked, keys: [...looked.keys, ["encoding", guess] satisfies [string, string]] } : looked;
  const { headless, rows, columns, roles } = found.facts;
  if (!headless || !at || rows === 0) {
    checkFacts(found.facts, file);
    return found;
  }
  const { language } = context;
  const line = columns.map(({ name }) => name.slice(0, 40)).join(" | ");
  const [row, names] = [say(language, "init.firstLine.row"), say(language, "init.firstLine.names")];
  const question = say(language, "init.firstLine", { line: visible(line) });
  const answer = await askOne(question, [{ value: row }, { value: names }], row, at);
  if (answer === undefined) throw cancelled(context);
  if (answer === names) return { ...found, facts: { ...found.facts, headless: false } };
  const columnNames = columns.map(({ name }, i) =>
    name === roles.text ? "text" : name === roles.label ? "label" : `column${i + 1}`,
  );
  return await look([...set, `data.columns=[${columnNames.join(",")}]`]);
}

/** Asks whether a recipe is to be written though its table is odd. @throws E_INTERRUPTED */
async function askToGoOn(context: CommandContext, at: AskAt): Promise<void> {
  const { language } = context;
  const [yes, no] = [say(language, "init.goOn.yes"), say(language, "init.goOn.no")];
  if ((await askOne(say(language, "init.goOn"), [{ value: yes }, { value: no }], yes, at)) !== yes)
    throw cancelled(context);
}

/** What the simple model reaches, and whether that may be enough. */
function linearText(look: LinearLook, language: CommandContext["language"]): string {
  const enough = look.linear >= sufficientScore ? "init.linear.enough" : "init.linear.beat";
  const { fitted, heldOut } = look;
  const [linear, majority] = [look.linear, look.majority].map((x) => x.toFixed(3));
  const score = say(language, `baseline.score.${look.score}` as const);
  const [model, simplest] = [
    say(language, look.score === "r2" ? "baseline.ridge" : "baseline.linear"),
    say(language, look.score === "r2" ? "baseline.mean" : "baseline.majority"),
  ];
  const facts = { model, score, linear: linear!, simplest, majority: majority!, fitted, heldOut };
  return `${say(language, "init.linear", facts)} ${say(language, enough)}`;
}

/** The shortest recipe that names a table, for how it is read. */
const bareRecipe = (file: string): string =>
  recipeText({ version: 1, name: "init", data: { file: resolve(file) }, model: { scratch: {} } });

/** @throws E_ARGUMENT for keys that are not of data, or that another flag gives */
function givenKeys(overrides: readonly string[]): [key: string, value: string][] {
  return overrides.map((override) => {
    const found = /^data\.(\w+)=(.*)$/s.exec(override);
    const flag = ["text", "label", "group", "attributes", "file"].find((name) => name === found?.[1]);
    if (found && flag === undefined) return [found[1]!, found[2]!];
    throw argumentError("--set", {
      problem: flag ? `data.${flag} has an option of its own` : "init takes keys of data only",
      expected: flag ? (flag === "file" ? "concord init <file>" : `--${flag} <column>`) : "data.key=value",
      got: override.slice(0, 80),
      hint: flag ? undefined : "change other keys in the recipe, or with concord run --set",
    });
  });
}

function checkFacts({ rows, headless, columns }: TableFacts, path: string): void {
  if (rows === 0)
    throw new ConcordError("E_DATA", {
      operation: "init",
      problem: "the table has no rows",
      got: "a header only",
      hint: "add rows below the header",
      path,
    });
  if (!headless) return;
  const names = columns.map((c) => JSON.stringify(c.name.slice(0, 40)));
  throw new ConcordError("E_DATA", {
    operation: "init",
    problem: "the first line looks like a row, and not like names of columns",
    expected: "a first line such as: text, label",
    got: names.slice(0, 6).join(", "),
    hint: `add a line of names, or give them: --set data.columns=[${columns.length === 2 ? "text,label" : columns.map((_, i) => `column${i + 1}`).join(",")}]`,
    path,
  });
}

/** What init writes has to run. @returns what is odd about the table @throws as the run would, with how to tell init */
async function checkRuns(recipe: Recipe, home: string): Promise<string[]> {
  return await checkedRows(recipe, home).catch((error: unknown) => {
    if (!isConcordError(error)) throw error;
    const { hint } = error.facts;
    const more = hint?.includes("data.") ? `${hint}; init takes such keys too: --set data.key=value` : hint;
    throw new ConcordError(error.code, { ...error.facts, hint: more });
  });
}

function describe({ rows, columns, guesses }: TableFacts, language: CommandContext["language"]): string {
  const names = columns.map((c) => c.name).join(", ");
  return visible(
    [
      say(language, "init.found", { rows, columns: columns.length, names }),
      ...guesses.map((guess) => inLanguage(language, guess)),
    ].join("\n"),
  );
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
  const text = needed("text");
  const labels = options.label === undefined && options.task === undefined ? roles.labels : undefined;
  const label = labels ? undefined : needed("label");
  const pair = roles.text === text && roles.pair !== label ? roles.pair : undefined;
  const taken = new Set([text, label, pair]);
  const group = options.group === "none" ? undefined : options.group ? checked("group", options.group) : roles.group;
  const attributes =
    options.attributes === "none"
      ? []
      : (options.attributes?.split(",").map((name) => checked("attributes", name.trim())) ?? roles.attributes);
  return {
    text,
    pair: checkedTask(options.task)?.words ? undefined : pair,
    label,
    labels,
    part: roles.part === text || roles.part === label ? undefined : roles.part,
    group: group !== undefined && taken.has(group) ? undefined : group,
    attributes: attributes.filter((name) => !taken.has(name)),
    missing: [],
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
  const pair = found.text === text && found.pair !== label ? found.pair : undefined;
  const rest = others.filter((c) => c.value !== label && c.value !== pair);
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
  const words = nothingWords(columns, [text, pair, label, group, ...attributes]).flatMap((c) => c.words);
  const missing = words.length
    ? answered(
        await askSeveral(
          say(language, "init.whichNothing"),
          words.map(([value, n]) => ({ value, hint: `${n}` })),
          [],
          at,
        ),
      )
    : [];
  return { text, pair, label, part: found.part, group, attributes, missing, model };
}

function choicesOf(
  file: string,
  out: string,
  roles: Roles,
  facts: TableFacts,
  options: InitCommandOptions,
  free: FreeTexts,
): Omit<RecipeChoices, "given"> {
  const home = dirname(resolve(out));
  const schema = relative(home, join(packageRoot()!, "schema", "recipe.schema.json")); // a command line lies in its package
  const column = facts.columns.find((c) => c.name === roles.label);
  const task = checkedTask(options.task) ?? taskOf(likelyTask(column, facts.rows).task);
  const separator = column?.separator;
  const labelled = Math.round(facts.rows * (column?.filled ?? 1));
  const english = facts.columns.find((c) => c.name === roles.text)?.english ?? 0;
  const texts = {
    task: task.name,
    pair: roles.pair !== undefined,
    labelled,
    unlabelled: free.rows,
    grouped: free.group !== undefined,
  };
  const model = roles.model ?? (startsFromEncoder({ ...texts, english }) ? defaultEncoder : scratch);
  const advice = pretrainingAdvice({ ...texts, given: model !== scratch });
  const stem = basename(file, extname(file)).replace(/[^\p{L}\p{N} ._-]/gu, "-");
  return {
    ...roles,
    accept: labelled < facts.rows / 2 ? ["unlabelled"] : [],
    scheme: task.words && likelyTask(column, facts.rows).why === "words" ? "none" : undefined,
    advice,
    pretrain: { file: free.rows ? fromHome(home, options.unlabelled ?? file) : undefined, group: free.group },
    name: options.name ?? (/^[\p{L}\p{N}]/u.test(stem) ? stem.slice(0, 64) : "run"),
    task: task.name,
    separator: task.separated && separator !== ";" && separator !== "；" ? separator : undefined,
    decimal: decimalOf(facts, [task.numeric ? roles.label : undefined, ...roles.attributes]),
    file: fromHome(home, file),
    model: model === scratch ? undefined : embeddedFolder(model) ? model : fromHome(home, model),
    schema: isAbsolute(schema) ? `file://${schema}` : schema,
    recipe: out,
  };
}

/** Texts without labels, and the column that groups them. */
interface FreeTexts {
  readonly rows: number;
  readonly group?: string;
}

/** Those of another table, or the rows of the table that have no label. @throws as lookAtTable; E_ARGUMENT without the text's column */
async function freeTexts(
  file: string | undefined,
  { text, label, group }: Roles,
  facts: TableFacts,
  data: Recipe["data"],
): Promise<FreeTexts> {
  if (file === undefined) {
    const filled = facts.columns.find((c) => c.name === label)?.filled ?? 1;
    return { rows: filled < 0.5 ? Math.round(facts.rows * (1 - filled)) : 0, group };
  }
  const { rows, columns } = await lookAtTable(file, otherReading(file, data, data));
  const names = columns.map((c) => c.name);
  if (names.includes(text)) return { rows, group: names.find((name) => name === group) };
  throw argumentError("--unlabelled", {
    problem: `there is no column ${text}`,
    expected: names.slice(0, 12).join(", "),
    hint: "name its text column as the table does, or write the section pretrain yourself: pretrain.text",
    path: file,
  });
}

/** The mark that begins a fraction in columns of numbers that cannot be read otherwise; none where columns differ. */
function decimalOf({ columns }: TableFacts, used: readonly (string | undefined)[]): RecipeChoices["decimal"] {
  const usedColumns = columns.filter((c) => used.includes(c.name));
  const marks = new Set(usedColumns.flatMap(({ decimal }) => decimal ?? []));
  const points = usedColumns.some((c) => c.numeric > 0.99 && c.whole < 1); // 2.35, as it stands
  const [mark] = marks;
  return marks.size === 1 && !(mark === "," && points) ? mark : undefined;
}

/** A path below the recipe's folder stays relative; any other is written in full. */
function fromHome(home: string, path: string): string {
  const below = relative(home, resolve(path));
  return below.startsWith("..") || isAbsolute(below) ? resolve(path) : below.replaceAll("\\", "/");
}

function checkedTask(task: string | undefined): Task<TaskName> | undefined {
  const known = tasks.find(({ name }) => name === task);
  if (known || task === undefined) return known;
  throw argumentError("--task", {
    problem: "there is no task of this name",
    expected: taskNames.join(", "),
    got: task,
  });
}
