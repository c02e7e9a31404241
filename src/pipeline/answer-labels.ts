// Whether a table's truth and answers can be compared at all: written alike, answers among the truth's values, scores on both sides of the
// threshold. What cannot be compared would read as an accuracy of 0, or as no gap.
import { ConcordError, nearestName } from "../base/index.ts";
import { numberSpelling } from "../data/index.ts";

const fault = (problem: string, expected: string, got: string, hint: string, path: string) =>
  new ConcordError("E_DATA", { operation: "audit", problem, expected, got, hint, path });

/** A column of labels and its name. */
export interface LabelColumn {
  readonly name: string;
  readonly values: readonly string[];
}

/** Labels with each number in its usual spelling (`1.0` is `1`), where all labels of all columns are numbers. */
export function inOneSpelling(columns: readonly LabelColumn[]): LabelColumn[] {
  const spelled = columns.map(({ values }) => values.map(numberSpelling));
  if (spelled.some((own) => own.includes(undefined))) return [...columns];
  return columns.map(({ name }, c) => ({ name, values: spelled[c] as string[] }));
}

/** What remains of a label where spelling is careless: no case, no quotes, no full stop behind it, one kind of space. */
const careless = (label: string): string =>
  label
    .normalize("NFKC")
    .toLowerCase()
    .replace(/^["'`\s]+|["'`\s.,;:]+$/g, "")
    .replace(/(?<=\p{L})[-_\s]+(?=\p{L})/gu, " ");

const counted = (values: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};
const list = (names: Iterable<string>): string => [...names].slice(0, 6).join(", ");

/**
 * Throws where two values look like two spellings of one, and one of the columns lacks one of them.
 * @param truth of the rows
 * @param answers undefined where scores stand for them
 * @throws E_DATA
 */
export function checkSpellings(path: string, truth: LabelColumn, answers?: LabelColumn): void {
  const [own, said] = [counted(truth.values), counted(answers?.values ?? [])];
  const first = new Map<string, string>();
  for (const label of new Set([...own.keys(), ...said.keys()])) {
    const other = first.get(careless(label));
    if (other === undefined) first.set(careless(label), label);
    else if (![label, other].every((one) => own.has(one) && said.has(one)))
      throw fault(
        "two values look like two spellings of one",
        `each value of ${truth.name}${answers ? ` and ${answers.name}` : ""} in one spelling`,
        [other, label].map((one) => `${one} (${(own.get(one) ?? 0) + (said.get(one) ?? 0)} times)`).join(", "),
        "write them alike",
        path,
      );
  }
}

/**
 * Compares the values of two columns of labels.
 * @returns answers that no row has as its truth, with their rows
 * @throws E_DATA where the answers are probabilities, or where at least half of the rows have an answer that no row has as its truth
 */
export function strangeAnswers(path: string, truth: LabelColumn, answers: LabelColumn): ReadonlyMap<string, number> {
  checkSpellings(path, truth, answers);
  const [own, said] = [counted(truth.values), counted(answers.values)];
  const strange = new Map([...said].filter(([label]) => !own.has(label)));
  const fractions = (labels: Iterable<string>) => [...labels].some((label) => /^[-+]?\d*\.\d*[1-9]/.test(label));
  if (fractions(strange.keys()) && !fractions(own.keys()))
    throw fault(
      `${answers.name} holds fractions, and ${truth.name} none: these are scores, not answers`,
      `values of ${truth.name}: ${list(own.keys())}`,
      list(strange.keys()),
      `name them as scores: --score ${answers.name}`,
      path,
    );
  const rows = [...strange.values()].reduce((a, b) => a + b, 0);
  if (2 * rows < answers.values.length) return strange;
  const [example] = strange.keys();
  const near = nearestName(example!, own.keys());
  throw fault(
    `${rows} of ${answers.values.length} rows have an answer that is the truth of no row`,
    `values of ${truth.name}: ${list(own.keys())}`,
    `values of ${answers.name}: ${list(said.keys())}`,
    near ? `write them alike: is ${example} the same as ${near}?` : "name the columns of the same labels",
    path,
  );
}

/**
 * Throws unless a threshold tells scores apart.
 * @param threshold undefined: 0.5, which only scores from 0 to 1 have for a middle
 * @returns the threshold
 * @throws E_DATA
 */
export function checkThreshold(path: string, name: string, scores: readonly number[], threshold?: number): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const score of scores) [low, high] = [Math.min(low, score), Math.max(high, score)];
  const range = `scores from ${low} to ${high}`;
  if (threshold === undefined && (low < 0 || high > 1))
    throw fault(
      `${name} holds no probabilities, and no threshold is given`,
      "scores from 0 to 1, whose threshold is 0.5, or a threshold",
      range,
      "name the score above which the answer is positive: --threshold",
      path,
    );
  const used = threshold ?? 0.5;
  if (low > used || high <= used)
    throw fault(
      `all scores of ${name} lie ${low > used ? "above" : "at or below"} the threshold ${used}: every row has the same answer`,
      "a threshold between the scores",
      range,
      "name another: --threshold",
      path,
    );
  return used;
}
