// Which weight of a file is which parameter of a model: prefixes, old spellings, and what may be missing. Names only, no files.
import { ConcordError } from "../base/index.ts";
import type { Model } from "./model.ts";

/** How a file's weights meet a model's parameters. */
export interface WeightMatch {
  /** Parameter → name in the file. */
  readonly found: ReadonlyMap<string, string>;
  /** Head parameters that the file lacks: they start fresh. */
  readonly fresh: readonly string[];
  /** Parameter → a second name of it in the file, where both must hold the same numbers. */
  readonly tied: ReadonlyMap<string, string>;
  /** Names in the file that the model does not use. */
  readonly unused: readonly string[];
}

interface NamedShape {
  readonly shape: readonly number[];
}

/** TensorFlow-era names of norm weights. */
const oldSpelling = (name: string): string =>
  name.replace(/LayerNorm\.weight$/, "LayerNorm.gamma").replace(/LayerNorm\.bias$/, "LayerNorm.beta");

/** Names that wrappers put before all of a model's own: torch.compile, DataParallel and FSDP. */
const wrappers = ["_orig_mod.", "module.", "_fsdp_wrapped_module."];

/**
 * Matches a file to a model.
 * @param entries names and shapes in the file
 * @param where what errors call the file
 * @throws E_MODEL when an encoder weight is missing, or a shape is not what the config says (names both)
 */
export function matchWeights(model: Model, entries: ReadonlyMap<string, NamedShape>, where: string): WeightMatch {
  checkWrapped(entries, where);
  const found = new Map<string, string>();
  const fresh: string[] = [];
  const tied = new Map<string, string>();
  for (const { name, shape, head } of model.parameters) {
    const [match, ...others] = spellings(model, name).filter((candidate) => entries.has(candidate));
    const stored = match === undefined ? undefined : entries.get(match)!.shape;
    if (match !== undefined && String(stored) === String(shape)) {
      found.set(name, match);
      const double = others.find((other) => String(entries.get(other)!.shape) === String(shape));
      if (double !== undefined && otherNames(model, name).length) tied.set(name, double);
    } else if (head)
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
  const used = new Set([...found.values(), ...tied.values()]);
  return { found, fresh, tied, unused: [...entries.keys()].filter((name) => !used.has(name)) };
}

/** @throws E_MODEL for a file saved from a wrapped model, with the line that saves it bare */
function checkWrapped(entries: ReadonlyMap<string, NamedShape>, where: string): void {
  const [first, ...names] = entries.keys();
  const wrapper = wrappers.find((w) => [first, ...names].every((name) => name?.startsWith(w)));
  if (wrapper === undefined) return;
  throw new ConcordError("E_MODEL", {
    operation: "load weights",
    problem: `every weight is named ${wrapper}…: the file was saved from a wrapped model`,
    expected: "the model's own names",
    got: first,
    hint: "save the model inside in Python: (model._orig_mod or model.module).save_pretrained(folder)",
    path: where,
  });
}

/** Other names of a parameter that the output layer shares: a file may hold both, or one of them alone. */
function otherNames({ output, config, tokens }: Model, name: string): readonly string[] {
  if (output?.biases && Object.hasOwn(output.biases, name)) return [output.biases[name]!];
  if (!output || name !== tokens?.tableNames.words) return [];
  return (config.tie_word_embeddings ?? output.tied ?? !output.mayDiffer) === true ? output.names : [];
}

/** The names under which a parameter may be stored: its own, without or with the encoder's prefix, and old spellings. */
function spellings(model: Model, name: string): string[] {
  const { prefix, basePrefix } = model;
  const bare = prefix && name.startsWith(prefix) ? [name.slice(prefix.length)] : [];
  const prefixed = prefix ? [] : [`${basePrefix}${name}`];
  return [name, ...bare, ...prefixed, ...otherNames(model, name)].flatMap((n) => [n, oldSpelling(n)]).filter(isFirst);
}

const isFirst = (name: string, at: number, names: readonly string[]): boolean => names.indexOf(name) === at;
