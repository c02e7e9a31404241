// Whether a table's truth and answers can be compared at all: written alike, answers among the truth's values, scores on both sides of the
// threshold. What cannot be compared would read as an accuracy of 0, or as no gap.
import { ConcordError, groupBy, nearestName } from "../base/index.ts";
import { numberSpelling } from "../data/index.ts";

const fault = (problem: string, expected: string, got: string, hint: string, path: string) =>
  new ConcordError("E_DATA", { operation: "audit", problem, expected, got, hint, path });

/** A column of labels and its name. */
export interface LabelColumn {
  readonly name: string;
  readonly values: readonly string[];
}

const isYes = (text: string) => /^([+]?1(\.0*)?|true|yes)$/i.test(text);
const isNo = (text: string) => /^([+-]?0(\.0*)?|false|no)$/i.test(text);

/** Columns in which one label has one spelling, and the labels that had several. */
export interface OneSpelling {
  readonly columns: readonly LabelColumn[];
  /** Other spellings by the one that stands for them. */
  readonly spellings: Readonly<Record<string, readonly string[]>>;
  /** Whether all labels are 1, true, yes or 0, false, no; then they are 1 and 0 now. */
  readonly yesNo: boolean;
}

/** Labels with each number in its usual spelling (`1.0` is `1`) where all labels of all columns are numbers; and yes and no as 1 and 0. */
export function inOneSpelling(columns: readonly LabelColumn[]): OneSpelling {
  const labels = [...new Set(columns.flatMap(({ values }) => [...new Set(values)]))];
  const yesNo = labels.every((label) => isYes(label) || isNo(label));
  if (!yesNo && labels.some((label) => numberSpelling(label) === undefined)) return { columns, spellings: {}, yesNo };
  const spell = (label: string) => (yesNo ? String(Number(isYes(label))) : numberSpelling(label)!);
  const several: Record<string, string[]> = Object.create(null);
  for (const label of labels) several[spell(label)] = [...(several[spell(label)] ?? []), label];
  return {
    columns: columns.map(({ name, values }) => ({ name, values: values.map(spell) })),
    spellings: Object.fromEntries(Object.entries(several).filter(([, all]) => all.length > 1)),
    yesNo,
  };
}

/** What remains of a label where spelling is careless: no case (but of single letters), no quotes, no full stop behind it, no blanks, 1 for 1.0. */
export function careless(label: string): string {
  const bare = label
    .normalize("NFKC")
    .replace(/[\p{Cf}\p{Cc}]/gu, "")
    .replace(/^[\s"'`“”‘’]+|[\s"'`“”‘’.,;:。]+$/gu, "")
    .replace(/(?<=\p{L})[\s_-]+(?=[\p{L}\p{N}])|(?<=\p{N})[\s_-]+(?=\p{L})/gu, "")
    .replace(/(?<!\p{N})\s+|\s+(?!\p{N})/gu, "");
  const name = bare || label;
  return numberSpelling(name) ?? ([...name].length > 1 ? name.toLowerCase() : name);
}

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
  const [actual, answered] = [counted(truth.values), counted(answers?.values ?? [])];
  const times = (label: string) => (actual.get(label) ?? 0) + (answered.get(label) ?? 0);
  const alike = groupBy(new Set([...actual.keys(), ...answered.keys()]), careless);
  const faults = [...alike.values()]
    .filter((all) => all.length > 1 && !all.every((label) => actual.has(label) && answered.has(label)))
    .map((all) => [...all].sort((a, b) => times(b) - times(a)));
  if (faults.length === 0) return;
  const shown = faults.slice(0, 4);
  throw fault(
    "two values look like two spellings of one",
    `each value of ${truth.name}${answers ? ` and ${answers.name}` : ""} in one spelling`,
    shown.map((all) => all.map((label) => `${label} (${times(label)} times)`).join(", ")).join("; "),
    `write them alike: ${shown.flatMap(([first, ...rest]) => rest.map((label) => `${label} as ${first}`)).join(", ")}`,
    path,
  );
}

/** Answers that no row has as its truth, and truths that no row has as its answer, with their rows. */
export interface Unmatched {
  readonly strange: ReadonlyMap<string, number>;
  readonly never: ReadonlyMap<string, number>;
}

/** Words that mean that nothing is there, in some tables. */
const nothingWord = /^(nan|null|none|na|n\/a|#n\/a|nil|\?|无)$/i;

const isNumber = (label: string) => isYes(label) || isNo(label) || numberSpelling(label) !== undefined;

/** A word that differs in a letter or two, or the number inside `LABEL_1`. Words that differ in digits only are different. */
function meant(label: string, known: readonly string[]): string | undefined {
  const number = (text: string) => /^\D+[_\s-]?(\d+)$/.exec(text)?.[1];
  const same = known.find((name) => number(label) === name || number(name) === label);
  if (same !== undefined) return same;
  const near = [...label].length < 4 ? undefined : nearestName(label, known);
  const bare = (text: string) => text.replace(/\d+/g, "#");
  return near !== undefined && bare(near) === bare(label) ? undefined : near;
}

/**
 * Compares the values of two columns of labels.
 * @param yesNo whether all are yes and no: then nothing is misspelt, and truth or answers may have one of them only
 * @throws E_DATA where the answers are probabilities; where at least half of the rows have an answer that no row has as its truth; where
 * an unmatched answer is nearly an unmatched truth; where a word for nothing (NA) is a truth among numbers, and no answer
 */
export function compareLabels(path: string, truth: LabelColumn, answers: LabelColumn, yesNo: boolean): Unmatched {
  checkSpellings(path, truth, answers);
  const [actual, answered] = [counted(truth.values), counted(answers.values)];
  const strange = new Map([...answered].filter(([label]) => !actual.has(label)));
  const never = new Map([...actual].filter(([label]) => !answered.has(label)));
  const fractions = (labels: Iterable<string>) => [...labels].some((label) => /^[-+]?\d*\.\d*[1-9]/.test(label));
  if (fractions(strange.keys()) && fractions(actual.keys()))
    throw fault(
      `${truth.name} and ${answers.name} hold fractions that do not match: these are numbers, not classes`,
      `values of ${truth.name}: ${list(actual.keys())}`,
      list(strange.keys()),
      "compare them as numbers: --numbers",
      path,
    );
  if (fractions(strange.keys()))
    throw fault(
      `${answers.name} holds fractions, and ${truth.name} none: these are scores, not predictions`,
      `values of ${truth.name}: ${list(actual.keys())}`,
      list(strange.keys()),
      `name them as scores: --score ${answers.name}`,
      path,
    );
  const nothing = [...never.keys()].find((label) => nothingWord.test(label));
  if (
    nothing !== undefined &&
    [...actual.keys(), ...answered.keys()].every((label) => label === nothing || isNumber(label))
  )
    throw fault(
      `${truth.name} holds a word that may mean that nothing is there, and no prediction is it`,
      "rows with a true label, and predictions among its values",
      `${nothing} (${never.get(nothing)} times)`,
      `leave such rows out: --missing ${nothing}`,
      path,
    );
  const rows = [...strange.values()].reduce((a, b) => a + b, 0);
  const near = [...strange.keys()].flatMap((label) => {
    const other = meant(label, [...never.keys()]);
    return other === undefined ? [] : [`${label} as ${other}`];
  });
  if (yesNo || (2 * rows < answers.values.length && near.length === 0)) return { strange, never };
  throw fault(
    `${rows} of ${answers.values.length} rows have a prediction that is the label of no row`,
    `values of ${truth.name}: ${list(actual.keys())}`,
    `values of ${answers.name}: ${list(answered.keys())}`,
    near.length
      ? `if they are the same labels, write them alike: ${near.slice(0, 6).join(", ")}`
      : "name the columns of the same labels",
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
      "give the score above which a prediction is positive: --threshold",
      path,
    );
  const used = threshold ?? 0.5;
  if (low > used || high <= used)
    throw fault(
      low > used
        ? `all scores of ${name} lie above the threshold ${used}: every row has the same prediction`
        : `all scores of ${name} lie at or below the threshold ${used}: every row has the same prediction`,
      "a threshold between the scores",
      range,
      "name another: --threshold",
      path,
    );
  return used;
}
