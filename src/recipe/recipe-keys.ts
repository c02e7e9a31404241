// Where a recipe has the setting that somebody gives under another spelling: `--epochs`, `--batch-size`, `lr`.
import { recipeJsonSchema } from "./recipe.ts";

interface Node {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;

/** Names of other tools. */
const otherNames: Readonly<Record<string, string>> = {
  lr: "learningrate",
  bs: "batchsize",
  batch: "batchsize",
  perdevicetrainbatchsize: "batchsize",
  numtrainepochs: "epochs",
  numepochs: "epochs",
  warmup: "warmupratio",
  decay: "weightdecay",
  maxlen: "maxlength",
  maxseqlength: "maxlength",
  modelnameorpath: "from",
  model: "from",
  trainfile: "file",
  textcolumn: "text",
  labelcolumn: "label",
};

/** Sections in which a name is looked for first: what one changes most often. */
const firstSections = ["adapt", "model", "data"];

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/**
 * The key of a recipe that a name means; undefined where there is none. Keys of few levels come first, then those of `adapt`, `model`, `data`.
 *
 * @example keyNamed("batch-size") // "adapt.batchSize"
 */
export function keyNamed(name: string): string | undefined {
  const wanted = otherNames[plain(name)] ?? plain(name);
  const found: string[][] = [];
  const walk = (node: unknown, path: readonly string[]): void => {
    if (!isNode(node)) return;
    for (const inner of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) walk(inner, path);
    for (const [key, inner] of Object.entries(node.properties ?? {})) {
      if (plain(key) === wanted) found.push([...path, key]);
      walk(inner, [...path, key]);
    }
  };
  walk(recipeJsonSchema(), []);
  const rank = (path: readonly string[]): number => {
    const section = firstSections.indexOf(path[0]!);
    return path.length * 10 + (section < 0 ? firstSections.length : section);
  };
  return found.sort((a, b) => rank(a) - rank(b))[0]?.join(".");
}
