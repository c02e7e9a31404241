// Decisions from records of a table: numbers as they are in units of their deviation, words as columns of 0 and 1, and a 1. Knows no file.
import { ConcordError, numberIn } from "../base/index.ts";
import type { LoggedDecision } from "./decision.ts";

/** Which fields of a record are what. */
export interface DecisionColumns {
  readonly context: readonly string[];
  readonly action: string;
  readonly reward: string;
  /** Probability of the action. Default: each action is taken to have been as likely as it is frequent. */
  readonly propensity?: string;
}

/** How one column is read. */
type ColumnReading =
  | { readonly name: string; readonly mean: number; readonly deviation: number }
  | { readonly name: string; readonly levels: readonly string[] };

/** How contexts and actions are read: plain data, kept with a policy. */
export interface DecisionReader {
  readonly columns: readonly ColumnReading[];
  readonly actions: readonly string[];
}

/** A record with its place in the file. */
export interface ReadDecision {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly place: string;
}

const fault = (problem: string, place: string, facts: { expected?: string; got?: string; hint?: string } = {}) =>
  new ConcordError("E_DATA", { operation: "bandit", problem, ...facts, path: place });

/** Most values of a column of words: more are names, which say nothing of the next row. */
const mostLevels = 50;

/**
 * Learns from records how they are read.
 * @throws E_DATA for a column that is not there, more than 50 different words, or fewer than two actions
 */
export function decisionReader(records: readonly ReadDecision[], columns: DecisionColumns): DecisionReader {
  const { context, action } = columns;
  const [first] = records;
  if (!first)
    throw new ConcordError("E_DATA", { operation: "bandit", problem: "there are no decisions to learn from" });
  for (const name of [...context, action, columns.reward, ...(columns.propensity ? [columns.propensity] : [])])
    if (!(name in first.fields))
      throw fault("the table has no such column", first.place, {
        expected: Object.keys(first.fields).join(", "),
        got: name,
      });
  const actions = [...new Set(records.map(({ fields }) => String(fields[action])))].sort();
  if (actions.length < 2)
    throw fault("there is one action only", first.place, { expected: "two actions or more", got: actions.join(", ") });
  return { actions, columns: context.map((name) => columnReading(name, records)) };
}

function columnReading(name: string, records: readonly ReadDecision[]): ColumnReading {
  const numbers = records.map(({ fields }) => numberIn(fields[name]));
  if (numbers.every((x) => x !== undefined)) {
    const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    const deviation = Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length) || 1;
    return { name, mean, deviation };
  }
  const levels = [...new Set(records.map(({ fields }) => String(fields[name] ?? "")))].sort();
  if (levels.length <= mostLevels) return { name, levels };
  throw fault(`the column ${name} has too many different words`, records[0]!.place, {
    expected: `at most ${mostLevels}, or numbers`,
    got: `${levels.length}`,
    hint: "leave out names and numbers that are words; group rare values",
  });
}

/** The numbers of a context; a word that was not there before is none of the known. @throws E_DATA for a missing or broken number */
export function contextOf({ columns }: DecisionReader, { fields, place }: ReadDecision): Float64Array {
  const parts = columns.flatMap((column): number[] => {
    const value = fields[column.name];
    if ("levels" in column) return column.levels.map((level) => Number(String(value ?? "") === level));
    const number = numberIn(value);
    if (number === undefined) throw fault(`${column.name} is no number`, place, { got: String(value) });
    return [(number - column.mean) / column.deviation];
  });
  return Float64Array.from([...parts, 1]);
}

/** Records as decisions. @throws E_DATA naming the row of a reward or propensity that is none, or an action that is not known */
export function loggedDecisions(
  reader: DecisionReader,
  records: readonly ReadDecision[],
  { action, reward, propensity }: DecisionColumns,
): LoggedDecision[] {
  const shares = new Map<string, number>();
  for (const { fields } of records) {
    const name = String(fields[action]);
    shares.set(name, (shares.get(name) ?? 0) + 1 / records.length);
  }
  return records.map((record) => {
    const { fields, place } = record;
    const name = String(fields[action]);
    const at = reader.actions.indexOf(name);
    if (at === -1)
      throw fault("an action is not among the actions", place, { expected: reader.actions.join(", "), got: name });
    const gained = numberIn(fields[reward]);
    if (gained === undefined) throw fault("the reward is no number", place, { got: String(fields[reward]) });
    const chance = propensity === undefined ? shares.get(name)! : numberIn(fields[propensity]);
    if (chance === undefined || !(chance > 0 && chance <= 1))
      throw fault("the propensity is no probability above 0", place, {
        expected: "the probability with which the action was chosen: above 0 and up to 1",
        got: String(fields[propensity!]),
        hint: "an action that cannot be chosen cannot be judged; log the probability when the choice is made",
      });
    return { context: contextOf(reader, record), action: at, reward: gained, propensity: chance };
  });
}
