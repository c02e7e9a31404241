// What a run folder says of itself: recipe.yaml with every default written out, and where its relative paths start.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ConcordError } from "../base/index.ts";
import { ioError, writeFileAtomically } from "../formats/node/index.ts";
import { type Recipe, readRecipe, recipeText } from "../recipe/index.ts";
import { isCompressedFolder } from "./compression-record.ts";
import { writeJson } from "./files.ts";

/** A run folder's recipe. */
export interface RunFolder {
  readonly recipe: Recipe;
  /** Folder that relative paths of the recipe start from. */
  readonly home: string;
}

const [runName, recipeName] = ["run.json", "recipe.yaml"];

/** Written when a run begins, under its lock. */
export async function writeRunFiles(run: string, recipe: Recipe, home: string): Promise<void> {
  const head =
    "# The recipe of this run, overrides and defaults included. Relative paths start from the home in run.json.\n";
  await writeFileAtomically(join(run, recipeName), [new TextEncoder().encode(head + recipeText(recipe))]);
  await writeJson(join(run, runName), { format: "concord-run", version: 1, home });
}

/** True for a folder that `concord run` made. */
export const isRunFolder = (path: string): boolean => existsSync(join(path, runName));

/** The run that a path belongs to: a run folder itself, or that of its compressed model. Undefined for other folders. */
export function runOf(path: string): string | undefined {
  if (isRunFolder(path)) return path;
  const folder = resolve(path);
  const run = dirname(folder);
  return basename(folder) === "compressed" && isCompressedFolder(folder) && isRunFolder(run) ? run : undefined;
}

/**
 * The recipe that a run folder was made with.
 * @throws E_IO when there is no run; E_FORMAT, E_VERSION for files that are no run's or a newer one's; E_CONFIG
 * @example const { recipe, home } = await openRunFolder("runs/disease");
 */
export async function openRunFolder(run: string): Promise<RunFolder> {
  const path = join(run, runName);
  if (!isRunFolder(run))
    throw new ConcordError("E_IO", {
      operation: "open run",
      problem: "no run is here",
      expected: `a folder with ${runName}, as concord run makes it`,
      got: existsSync(run) ? "another folder" : "no such folder",
      path: run,
    });
  const about = parsed(await readText(path), path);
  const recipePath = join(run, recipeName);
  if (existsSync(recipePath)) return { recipe: readRecipe(await readText(recipePath), recipePath), home: about.home };
  // runs begun before the recipe was kept here name its file instead
  if (about.recipe === undefined) throw ioError({ code: "ENOENT", message: "no recipe.yaml" }, "open run", recipePath);
  return { recipe: readRecipe(await readText(about.recipe), about.recipe, about.set), home: about.home };
}

interface RunFile {
  readonly home: string;
  readonly recipe?: string;
  readonly set?: readonly string[];
}

function parsed(text: string, path: string): RunFile {
  const fault = (problem: string, code: "E_FORMAT" | "E_VERSION" = "E_FORMAT") =>
    new ConcordError(code, { operation: "open run", problem, expected: '"format": "concord-run", "version": 1', path });
  let value: { format?: unknown; version?: unknown } & Partial<RunFile>;
  try {
    value = JSON.parse(text);
  } catch {
    throw fault("not JSON");
  }
  if (value?.format !== "concord-run" || typeof value.home !== "string") throw fault("not a run's file");
  if (typeof value.version !== "number" || value.version > 1)
    throw fault("the run was made by a newer version", "E_VERSION");
  return value as RunFile;
}

const readText = (path: string): Promise<string> =>
  readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "open run", path);
  });
