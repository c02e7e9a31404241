// A member's own rows, prepared as in a run of its own: its table, its quarantine, its split. Nothing of them leaves this process.
import { ConcordError } from "../base/index.ts";
import type { splitNames, TextRow } from "../data/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { preparedTexts } from "../stages/index.ts";

/** A study's recipe on a member's own table. */
export const ofTable = (recipe: Recipe, table: string): Recipe => ({
  ...recipe,
  data: { ...recipe.data, file: table },
});

export type MemberRows = Readonly<Record<(typeof splitNames)[number], readonly TextRow[]>>;

/**
 * Rows by part.
 * @param labels of the study's head
 * @throws E_IO, E_DATA for a table that cannot be used, or a row whose label the study does not have
 */
export async function memberRows(
  recipe: Recipe,
  table: string,
  labels: readonly string[],
  onWarning: (text: string) => void,
): Promise<MemberRows> {
  const { rows, parts } = await preparedTexts(ofTable(recipe, table), ".", onWarning);
  const strange = rows.find((row) => !labels.includes(row.labels[0]!));
  if (strange)
    throw new ConcordError("E_DATA", {
      operation: "take part in a study",
      problem: "a row has a label that the study does not have",
      expected: labels.slice(0, 12).join(", ") + (labels.length > 12 ? ", …" : ""),
      got: JSON.stringify(strange.labels[0]),
      hint: "rename it in data.rename of the proposal, or take the row out",
      path: strange.place,
    });
  const of = (part: string) => rows.filter((_, i) => parts[i] === part);
  if (of("train").length === 0)
    throw new ConcordError("E_DATA", {
      operation: "take part in a study",
      problem: "no row is left for training",
      path: table,
    });
  return { train: of("train"), dev: of("dev"), test: of("test") };
}
