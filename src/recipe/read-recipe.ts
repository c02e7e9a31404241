// From the text of recipe.yaml to a checked recipe: every fault named with its key, unknown keys with the nearest known one.
import { type Document, isMap, isScalar, LineCounter, parseDocument, stringify } from "yaml";
import type { z } from "zod";
import { ConcordError, nearestName } from "../base/index.ts";
import { type Recipe, recipeSchema } from "./recipe.ts";
import { expectedOf, plainIssue, valueAt } from "./recipe-fault.ts";

/**
 * Reads a recipe.
 * @param text YAML (JSON is YAML too)
 * @param path for errors
 * @param overrides `adapt.learningRate=1e-4`; values are YAML; `null` takes a key away
 * @throws E_CONFIG with path and key; E_VERSION for a recipe of a newer version
 * @example const recipe = readRecipe(await readFile("recipe.yaml", "utf8"), "recipe.yaml", ["adapt.epochs=3"]);
 */
export function readRecipe(text: string, path: string, overrides: readonly string[] = []): Recipe {
  const tab = text.search(/^ *\t/m);
  if (tab >= 0) {
    const line = text.slice(0, tab).split("\n").length;
    throw fault(`${path}:${line}`, "a tab stands at the beginning of a line", {
      expected: "spaces: YAML does not indent with tabs",
      got: JSON.stringify(text.split("\n")[line - 1]!.slice(0, 60)),
      hint: "replace the tab by two spaces",
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: true, lineCounter: lines });
  const [wrong] = document.errors;
  if (wrong)
    throw fault(`${path}:${wrong.linePos?.[0].line ?? 1}`, `not YAML: ${wrong.message.split("\n")[0]}`, {
      got: text.split("\n")[(wrong.linePos?.[0].line ?? 1) - 1]?.slice(0, 80),
    });
  const value: unknown = plainValue(document, path);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw fault(path, "a recipe is a list of keys and values", {
      expected: "version: 1, name: …",
      got: JSON.stringify(value)?.slice(0, 60),
    });
  for (const override of overrides) setKey(value as Record<string, unknown>, override, path);
  const { version } = value as { version?: unknown };
  if (typeof version === "number" && version > 1)
    throw new ConcordError("E_VERSION", {
      operation: "read recipe",
      problem: "the recipe is of a newer version",
      expected: "version: 1",
      got: `version: ${version}`,
      hint: "use a newer Concord",
      path,
    });
  const checked = recipeSchema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = plainIssue(checked.error.issues[0]!, value);
  throw rendered(issue, value, `${path}${lineOf(document, lines, issue)}`);
}

/** `:line` of the entry that an issue is about; nothing for one that the text does not have. */
function lineOf(document: Document, lines: LineCounter, issue: z.core.$ZodIssue): string {
  const keys = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0]!] : issue.path;
  for (let depth = keys.length; depth > 0; depth--) {
    const parent = depth === 1 ? document.contents : document.getIn(keys.slice(0, depth - 1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && item.key.value === keys[depth - 1])
      : undefined;
    const start = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
    if (start !== undefined) return `:${lines.linePos(start).line}`;
  }
  return "";
}

/** A recipe, or one value of it, as YAML: {@link readRecipe} reads the same recipe back. */
export const recipeText = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

/** The document as plain values; aliases that multiply are refused. */
function plainValue(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (cause) {
    throw fault(path, (cause as Error).message);
  }
}

function setKey(into: Record<string, unknown>, override: string, path: string): void {
  const match = /^([\w-]+(?:\.[\w-]+)*)=(.*)$/s.exec(override);
  const keys = (match?.[1] ?? "").split(".");
  if (!match || keys.some((key) => key === "__proto__" || key === "constructor" || key === "prototype"))
    throw new ConcordError("E_ARGUMENT", {
      operation: "--set",
      problem: "not an override",
      expected: "key.key=value",
      got: override.slice(0, 80),
      hint: "name the recipe before --set",
      path: "--set",
    });
  let at = into;
  for (const key of keys.slice(0, -1)) {
    if (typeof at[key] !== "object" || at[key] === null) at[key] = {};
    at = at[key] as Record<string, unknown>;
  }
  const document = parseDocument(match[2]!);
  if (document.errors.length)
    throw fault(path, `--set ${keys.join(".")}: not a YAML value`, { got: match[2]!.slice(0, 60) });
  const set: unknown = document.toJS();
  if (set === null) delete at[keys.at(-1)!];
  else at[keys.at(-1)!] = set;
}

/** One zod issue in our words. */
function rendered(issue: z.core.$ZodIssue, value: unknown, path: string): ConcordError {
  const key = issue.path.join(".");
  const got = valueAt(value, issue.path);
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys[0]!;
    const known = keysAt(issue.path);
    const near = nearestName(unknown, known);
    const gpu = /^(device|gpu|cuda|accelerator)$/i.test(unknown);
    return fault(path, `${[key, unknown].filter(Boolean).join(".")}: there is no such key`, {
      expected: known.join(", "),
      got: unknown,
      hint: gpu
        ? "training runs on the CPU; a GPU can predict: concord predict --device gpu"
        : near
          ? `did you mean ${near}?`
          : undefined,
    });
  }
  const missing = got === undefined && issue.code === "invalid_type";
  return fault(path, `${key || "recipe"}: ${missing ? "the key is missing" : "the value is wrong"}`, {
    expected: expectedOf(issue),
    got: got === undefined ? "nothing" : JSON.stringify(got)?.slice(0, 80),
  });
}

/** Keys that the schema has at a place. */
function keysAt(place: readonly PropertyKey[]): string[] {
  let schema: unknown = recipeSchema;
  const inner = (s: unknown): unknown => {
    const definition = (s as { def?: { innerType?: unknown; options?: unknown[] } } | undefined)?.def;
    if (definition?.innerType) return inner(definition.innerType);
    return definition?.options?.map(inner).find((option) => (option as { shape?: object }).shape) ?? s;
  };
  const shapeOf = (s: unknown) => (inner(s) as { shape?: Record<PropertyKey, unknown> } | undefined)?.shape;
  for (const key of place) schema = shapeOf(schema)?.[key];
  return Object.keys(shapeOf(schema) ?? {});
}

const fault = (
  path: string,
  problem: string,
  more: { expected?: string; got?: string; hint?: string } = {},
): ConcordError => new ConcordError("E_CONFIG", { operation: "read recipe", problem, ...more, path });
