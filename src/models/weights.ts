// Which weight of a file is which parameter of a model: prefixes, old spellings, and what may be missing. Names only, no files.
import { ConcordError } from "../base/index.ts";
import type { Model } from "./model.ts";

/** How a file's weights meet a model's parameters. */
export interface WeightMatch {
  /** Parameter → name in the file. */
  readonly found: ReadonlyMap<string, string>;
  /** Head parameters that the file lacks: they start fresh. */
  readonly fresh: readonly string[];
  /** Names in the file that the model does not use. */
  readonly unused: readonly string[];
}

interface NamedShape {
  readonly shape: readonly number[];
}

/** TensorFlow-era names of norm weights. */
const oldSpelling = (name: string): string =>
  name.replace(/LayerNorm\.weight$/, "LayerNorm.gamma").replace(/LayerNorm\.bias$/, "LayerNorm.beta");

/**
 * Matches a file to a model.
 * @param entries names and shapes in the file
 * @param where what errors call the file
 * @throws E_MODEL when an encoder weight is missing, or a shape is not what the config says (names both)
 */
export function matchWeights(model: Model, entries: ReadonlyMap<string, NamedShape>, where: string): WeightMatch {
  const found = new Map<string, string>();
  const fresh: string[] = [];
  for (const { name, shape, head } of model.parameters) {
    const match = spellings(model, name).find((candidate) => entries.has(candidate));
    const stored = match === undefined ? undefined : entries.get(match)!.shape;
    if (match !== undefined && String(stored) === String(shape)) found.set(name, match);
    else if (head)
      fresh.push(name); // another task's head has other sizes
    else
      throw new ConcordError("E_MODEL", {
        operation: "load weights",
        problem: stored ? `${match} does not have the shape that config.json gives it` : `${name} is missing`,
        expected: `${name} [${shape}]`,
        got: stored ? `[${stored}]` : [...entries.keys()].slice(0, 4).join(", "),
        hint: stored ? "config.json belongs to another model" : undefined,
        path: where,
      });
  }
  const used = new Set(found.values());
  return { found, fresh, unused: [...entries.keys()].filter((name) => !used.has(name)) };
}

/** The names under which a parameter may be stored: its own, without or with the encoder's prefix, and old spellings. */
function spellings(model: Model, name: string): string[] {
  const { prefix, type } = model;
  const bare = prefix && name.startsWith(prefix) ? [name.slice(prefix.length)] : [];
  const prefixed = prefix ? [] : [`${type}.${name}`, ...(type === "gpt2" ? [`transformer.${name}`] : [])];
  return [name, ...bare, ...prefixed].flatMap((n) => [n, oldSpelling(n)]);
}
