// concord inspect: what a run folder, a model folder or a table holds. Changes nothing.
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { isRunFolder, openRunFolder } from "../../artifacts/index.ts";
import { ConcordError } from "../../base/index.ts";
import { tableFormats } from "../../data/index.ts";
import { configOf, modelFiles } from "../../formats/index.ts";
import { ioError, openModelFolder } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { modelOf } from "../../models/index.ts";
import { stagesOf } from "../../pipeline/index.ts";
import { distinctLimit, lookAtTable } from "../../recipe/index.ts";
import { finishedStage } from "../../store/index.ts";
import { formatOf, tablesIn } from "../../tables/node/index.ts";
import { openTokenizer } from "../../tokenizers/node/index.ts";
import { inLanguage } from "../../translations/index.ts";
import { type CommandContext, writeResult } from "../context.ts";
import { inspectPassport, passportAt } from "../inspect-passport.ts";
import { balance, bytes, table } from "../sizes.ts";

/** @throws E_IO when nothing is there; E_ARGUMENT for what is neither run, model nor table; what reading it throws */
export async function inspect(
  path: string,
  { sheet }: { readonly sheet?: string },
  context: CommandContext,
): Promise<void> {
  const about = await stat(path).catch((cause: unknown) => {
    throw ioError(cause, "inspect", path);
  });
  const passport = isRunFolder(path) ? undefined : passportAt(path); // a passport is JSON, as a table may be
  if (passport) return await inspectPassport(passport, context);
  if (about.isFile() && isTable(path)) return await inspectTable(path, sheet, context);
  if (isRunFolder(path)) return await inspectRun(path, context);
  if (existsSync(join(path, modelFiles.config))) return await inspectModel(path, context);
  if (about.isDirectory() && tablesIn(await readdir(path)).length) return await inspectTable(path, sheet, context);
  throw new ConcordError("E_ARGUMENT", {
    operation: "inspect",
    problem: "neither a run, a model, a release nor a table",
    expected: `a folder with run.json, config.json or passport.json, or a table (${tableFormats.map((f) => `.${f}`).join(", ")})`,
    got: about.isFile() ? extname(path) || "a file" : "a folder",
    path,
  });
}

/** By its name; a text or a workbook may be one, or says what to do. */
const isTable = (path: string): boolean => formatOf(path) !== undefined || /\.(txt|xlsx?|gz)$/i.test(path);

async function inspectRun(run: string, context: CommandContext): Promise<void> {
  const { language } = context;
  const { recipe } = await openRunFolder(run);
  const records = await Promise.all(
    stagesOf(recipe).map(async (stage) => ({ stage, record: await finishedStage(run, stage) })),
  );
  const stages = records.map(({ stage, record }) => ({ stage, finished: record?.finished, seconds: record?.seconds }));
  const model = existsSync(join(run, "model", modelFiles.config)) ? await modelFacts(join(run, "model")) : undefined;
  const scores = records.find((r) => r.stage === "evaluate")?.record?.summary;
  const sizes = await folderSizes(run);
  writeResult(context, { kind: "run", path: resolve(run), recipe, stages, model, scores, sizes }, () =>
    [
      say(language, "inspect.run", { name: recipe.name }),
      table([
        [say(language, "inspect.task"), recipe.task],
        ...stages.map(({ stage, finished, seconds }): [string, string] => [
          stage,
          finished === undefined
            ? say(language, "inspect.open")
            : say(language, "inspect.done", { when: finished.slice(0, 19), seconds: seconds!.toFixed(1) }),
        ]),
        ...(scores ? [[say(language, "inspect.scores"), scoresText(scores)] as [string, string]] : []),
        ...(model ? modelRows(model, context) : []),
        [say(language, "inspect.sizes"), sizesText(sizes)],
      ]),
    ].join("\n"),
  );
}

/** The numbers of a summary, intervals included. */
function scoresText(scores: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(scores).flatMap(([name, score]) => {
    if (typeof score === "number") return [`${name} ${score.toFixed(3)}`];
    const { value, low, high } = (score ?? {}) as Partial<Record<"value" | "low" | "high", number>>;
    return value === undefined || low === undefined || high === undefined
      ? []
      : [`${name} ${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`];
  });
  return shown.join(", ");
}

async function inspectModel(folder: string, context: CommandContext): Promise<void> {
  const facts = await modelFacts(folder);
  const sizes = await folderSizes(folder);
  writeResult(context, { kind: "model", path: resolve(folder), ...facts, sizes }, () =>
    [
      say(context.language, "inspect.model", { path: folder }),
      table([
        [say(context.language, "inspect.task"), facts.task],
        ...modelRows(facts, context),
        [say(context.language, "inspect.sizes"), sizesText(sizes)],
      ]),
    ].join("\n"),
  );
}

interface ModelFacts {
  readonly architecture: string;
  readonly task: string;
  readonly parameters: number;
  readonly labels: readonly string[];
  readonly longest?: number;
  readonly tokenizer?: { readonly tokens: number; readonly type: string };
}

/** From config.json, the heads of the weight files and the tokenizer; no weight is read. */
async function modelFacts(path: string): Promise<ModelFacts> {
  const folder = await openModelFolder(path);
  try {
    const model = modelOf(configOf(folder.config, join(path, modelFiles.config)));
    const sizes = [...folder.entries.values()].map((entry) => entry.shape.reduce((a, b) => a * b, 1));
    const tokenized = [modelFiles.tokenizer, "vocab.txt", "vocab.json"].some((name) => existsSync(join(path, name)));
    const tokenizer = tokenized ? await openTokenizer(path) : undefined;
    return {
      architecture: model.architecture,
      task: model.task,
      parameters: sizes.reduce((a, b) => a + b, 0),
      labels: model.labels?.names ?? [],
      longest: model.tokens?.maxLength,
      tokenizer: tokenizer && { tokens: tokenizer.vocabSize, type: tokenizer.source.model.type },
    };
  } finally {
    await folder.close();
  }
}

function modelRows(
  { architecture, parameters, labels, longest, tokenizer }: ModelFacts,
  { language }: CommandContext,
): [string, string][] {
  const none = say(language, "inspect.none");
  const shown = `${labels.slice(0, 20).join(", ")}${labels.length > 20 ? " …" : ""}`;
  return [
    [say(language, "inspect.architecture"), architecture],
    [say(language, "inspect.parameters"), parameters.toLocaleString("en")],
    [say(language, "inspect.labels"), labels.length ? `${labels.length}: ${shown}` : none],
    [
      say(language, "inspect.tokenizer"),
      tokenizer
        ? `${tokenizer.type}, ${say(language, "inspect.tokens", { count: tokenizer.tokens, length: longest ?? "?" })}`
        : none,
    ],
  ];
}

async function inspectTable(file: string, sheet: string | undefined, context: CommandContext): Promise<void> {
  const { language } = context;
  const facts = await lookAtTable(file, { sheet });
  writeResult(context, { kind: "table", path: resolve(file), ...facts }, () =>
    [
      say(language, "inspect.table", { path: basename(file) }),
      ...(facts.headless ? [say(language, "inspect.headless")] : []),
      ...facts.guesses.map((guess) => inLanguage(language, guess)),
      table([
        [say(language, "inspect.rows"), facts.rows.toLocaleString("en")],
        ...facts.columns.map(({ name, filled, distinct, characters, values, unreadable }): [string, string] => [
          name,
          unreadable !== undefined
            ? say(language, "inspect.unreadable", { kind: unreadable })
            : say(language, "inspect.column", {
                filled: (100 * filled).toFixed(0),
                distinct:
                  distinct < distinctLimit ? distinct : say(language, "inspect.atLeast", { count: distinctLimit }),
                characters: characters.toFixed(0),
              }) + (values.length && values.length <= 30 ? `: ${balance(values)}` : ""),
        ]),
      ]),
    ].join("\n"),
  );
}

/** Bytes of each file and folder directly below, without hidden ones. */
async function folderSizes(folder: string): Promise<Record<string, number>> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith(".")).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await sizeOf(join(folder, name))])));
}

async function sizeOf(path: string): Promise<number> {
  const about = await stat(path);
  if (!about.isDirectory()) return about.size;
  const inside = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return inside.reduce((a, b) => a + b, 0);
}

const sizesText = (sizes: Readonly<Record<string, number>>): string =>
  Object.entries(sizes)
    .map(([name, size]) => `${name} ${bytes(size)}`)
    .join(", ");
