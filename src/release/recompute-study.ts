// A study's numbers again, from members' tables: with those of all who were counted, the scores of the whole; with some, their sites' own.
import { join, resolve } from "node:path";
import { ConcordError } from "../base/index.ts";
import type { Measured, Passport } from "../passport/index.ts";
import { readRecipe } from "../recipe/index.ts";
import { recountStudy, studyMetrics, studyRecipe } from "../studies/index.ts";
import { metricValues } from "./study-release.ts";

export interface StudyAgain {
  readonly found: Readonly<Record<string, Measured>>;
  /** Test rows of all tables. */
  readonly rows: number;
}

/**
 * Values that the tables give.
 * @param folder of the release
 * @param tables by member
 * @throws E_ARGUMENT for a table of no member, or tables that nothing in the passport is about; E_DATA where rows are missing or added
 */
export async function studyAgain(
  folder: string,
  { recipe: text, together, model, rows, values }: Passport,
  tables: Readonly<Record<string, string>>,
  onWarning: (text: string) => void,
): Promise<StudyAgain> {
  const recipe = studyRecipe(readRecipe(text, join(folder, "recipe.yaml")));
  const names = Object.keys(tables);
  const members = together!.members.map(({ name }) => name);
  const strange = names.find((name) => !members.includes(name));
  if (strange !== undefined || names.length === 0)
    throw wrong(
      "a table of no participant",
      `NAME=TABLE, NAME being one of ${members.join(", ")}`,
      strange ?? "no name",
    );
  const counted = together!.rounds.at(-1)!.survivors;
  const isWhole = rows.test !== undefined && counted.every((name) => names.includes(name));
  if (!isWhole && !names.some((name) => `sites.${name}.accuracy` in values))
    throw wrong(
      "nothing in the passport can be computed from these tables",
      `the tables of all whose rows were counted (${counted.join(", ")}), or of a participant that shows its own values`,
      names.join(", "),
    );
  const places = new Map(names.map((name) => [name, resolve(tables[name]!)]));
  const again = await recountStudy(recipe, join(folder, "model"), places, onWarning);
  const found: Record<string, Measured> = {};
  for (const [name, scored] of again)
    for (const [value, number] of Object.entries(scored.values)) found[`sites.${name}.${value}`] = { value: number };
  const tested = [...again.values()].reduce((sum, scored) => sum + scored.rows, 0);
  if (!isWhole) return { found, rows: tested };
  const those = counted.map((name) => again.get(name)!);
  const examples = those.reduce((sum, site) => sum + site.rows, 0);
  if (examples !== rows.test)
    throw new ConcordError("E_DATA", {
      operation: "recompute",
      problem: "these tables do not have the test rows that the study counted",
      expected: `${rows.test} test rows of ${counted.join(", ")}`,
      got: `${examples}`,
      path: names.map((name) => tables[name]!).join(", "),
    });
  const last = { round: 0, task: "evaluate", survivors: counted, examples, model: together!.weights } as const;
  const counts = Object.fromEntries(
    Object.keys(those[0]!.counts).map((part) => [part, summed(those.map((site) => site.counts[part]!))]),
  );
  const metrics = studyMetrics({ recipe }, model.labels, [{ ...last, counts }]);
  return { found: { ...found, ...metricValues(metrics) }, rows: tested };
}

const summed = (all: readonly (readonly number[])[]): number[] =>
  all[0]!.map((_, i) => all.reduce((sum, one) => sum + one[i]!, 0));

const wrong = (problem: string, expected: string, got: string) =>
  new ConcordError("E_ARGUMENT", { operation: "recompute", problem, expected, got, path: "--recompute" });
