// What a recipe's mitigation does to training rows and examples: texts about somebody else, rows repeated, weights, groups.

import { ConcordError, groupBy, random } from "../base/index.ts";
import { counterfactuals, rewording, type Wording } from "../counterfactual/index.ts";
import type { Row, TextRow } from "../data/index.ts";
import { noValue } from "../fairness/index.ts";
import { reweighing } from "../mitigation/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { type ReadRowsOptions, readRows } from "../tables/node/index.ts";
import { taskOf } from "../tasks/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import type { Example, TrainingJob } from "../train/index.ts";

type Rows = readonly TextRow[];

const groupIn = (row: Row, attribute: string) => row.attributes[attribute] || noValue;

/**
 * Phrases and a group's own words for them, from a table with columns `from` and `to`.
 * @param reading encoding, delimiter and quotes, as the recipe's tables have them. Default found
 * @throws E_IO, E_DATA as readRows
 */
export async function readWordings(
  file: string,
  { encoding, delimiter, quotes }: Pick<ReadRowsOptions, "encoding" | "delimiter" | "quotes"> = {},
): Promise<Wording[]> {
  const list: Wording[] = [];
  for await (const { line, fields } of readRows(file, { encoding, delimiter, quotes })) {
    const { from, to } = fields;
    if (typeof from !== "string" || typeof to !== "string" || from === "" || to === "")
      throw new ConcordError("E_DATA", {
        operation: "read words",
        problem: "a row does not say what is put how",
        expected: "columns from and to, both with a text",
        got: Object.keys(fields).slice(0, 8).join(", "),
        path: `${file}:${line}`,
      });
    list.push({ from, to });
  }
  return list;
}

/**
 * Rows to learn: the given ones, texts about somebody else, texts in a group's words, and rows of smaller groups again, all by the
 * recipe's seed.
 */
export function mitigatedRows<R extends Row>(recipe: Recipe, rows: readonly R[], words: readonly Wording[] = []): R[] {
  const { attribute, weighting, augment } = recipe.adapt.mitigation;
  const all: readonly R[] = areTexts(rows) && (augment || words.length) ? otherTexts(recipe, rows, words) : rows;
  return weighting === "resampling" && attribute !== undefined ? repeated(recipe, all, attribute) : [...all];
}

const areTexts = <R extends Row>(rows: readonly R[]): rows is readonly (R & TextRow)[] =>
  rows.every((row) => "text" in row);

/** Each text, the same about somebody else, and in a group's own words. */
function otherTexts<R extends TextRow>({ seed, adapt }: Recipe, rows: readonly R[], words: readonly Wording[]): R[] {
  const reword = rewording(words);
  const rng = random(`${seed} words`);
  const reworded = (row: R): R[] => {
    const text = reword(row.text, rng);
    return text === undefined ? [] : [{ ...row, text }];
  };
  return rows.flatMap((row) => [row, ...(adapt.mitigation.augment ? aboutOthers(row) : []), ...reworded(row)]);
}

/** The row about somebody else, where its text names anybody by gender. */
const aboutOthers = <R extends TextRow>(row: R): R[] =>
  counterfactuals(row.text, ["gender"]).map(({ text }) => ({ ...row, text }));

/** Each group is drawn from until it has n·(largest / n)^strength rows: its own first, then random ones of its own again. */
function repeated<R extends Row>(recipe: Recipe, rows: readonly R[], attribute: string): R[] {
  const groups = groupBy(rows, (row) => groupIn(row, attribute));
  const largest = Math.max(...[...groups.values()].map((group) => group.length));
  const again = [...groups].flatMap(([name, group]) => {
    const rng = random(`${recipe.seed} resampling ${name}`);
    const wanted = Math.round(group.length * (largest / group.length) ** recipe.adapt.mitigation.strength);
    return Array.from({ length: wanted - group.length }, () => group[rng.int(group.length)]!);
  });
  return [...rows, ...again];
}

/** Examples with the weights or groups that the recipe asks for. @param rows as {@link mitigatedRows} gave them, one an example */
export function mitigatedExamples(
  { task, adapt }: Recipe,
  rows: readonly Row[],
  examples: readonly Example[],
): Example[] {
  const { attribute, weighting, strength } = adapt.mitigation;
  if (attribute === undefined || weighting === "none" || weighting === "resampling") return [...examples];
  const group = rows.map((row) => groupIn(row, attribute));
  if (weighting === "group-robust") {
    const number = new Map([...new Set(group)].sort().map((name, g) => [name, g]));
    return examples.map((example, i) => ({ ...example, group: number.get(group[i]!)! }));
  }
  const labels = rows.map((row) => (taskOf(task).numeric ? "" : row.labels.join("\n")));
  const weights = weighting === "reweighing" ? reweighing(group, labels) : balanced(group, strength);
  return examples.map((example, i) => ({ ...example, weight: (example.weight ?? 1) * weights[i]! }));
}

/** What a recipe's model learns from its labels; undefined for the targets alone. */
export function objectiveFor({ adapt }: Recipe): TrainingJob["objective"] {
  const { pairing: strength } = adapt.mitigation;
  return strength > 0 ? { name: "pairing", settings: { strength } } : undefined;
}

/**
 * Examples with their texts about somebody else, where the recipe asks for logit pairing.
 * @param rows as {@link mitigatedRows} gave them, one an example
 */
export async function pairedExamples(
  { adapt, model }: Recipe,
  tokenizer: Tokenizer,
  rows: Rows,
  examples: readonly Example[],
): Promise<Example[]> {
  if (adapt.mitigation.pairing === 0) return [...examples];
  const others = rows.map((row) => counterfactuals(row.text).map(({ text }) => text));
  const truncation = { maxLength: model.maxLength };
  const encodings = await tokenizer.encodeBatch(others.flat(), { truncation });
  let next = 0;
  return examples.map((example, i) => {
    const counterparts = others[i]!.map(() => ({ ids: Int32Array.from(encodings[next++]!.ids) }));
    return counterparts.length ? { ...example, counterparts } : example;
  });
}

/** (mean rows of a group / rows of its own)^strength, scaled to a mean of 1. */
function balanced(group: readonly string[], strength: number): Float64Array {
  const counts = new Map<string, number>();
  for (const name of group) counts.set(name, (counts.get(name) ?? 0) + 1);
  const raw = Float64Array.from(group, (name) => (group.length / counts.size / counts.get(name)!) ** strength);
  const mean = raw.reduce((a, b) => a + b, 0) / raw.length;
  return raw.map((w) => w / mean);
}
