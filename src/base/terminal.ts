// Text in the columns of a terminal: Chinese characters and emoji take two, marks that join others none. Knows no command.

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const joined = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Columns that a text takes (Unicode Annex 11, wide and full-width characters). @example terminalWidth("flu 流感") // 8 */
export const terminalWidth = (text: string): number =>
  [...text].reduce((n, c) => n + (joined.test(c) ? 0 : wide.test(c) ? 2 : 1), 0);

/** Fills a text with spaces up to a width in columns; one that is wider stays. @example padded("流感", 6) // "流感  " */
export function padded(text: string, width: number, side: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, width - terminalWidth(text)));
  return side === "left" ? `${text}${space}` : `${space}${text}`;
}

/**
 * Lines of a table, two spaces between columns.
 * @param rows the first says how many columns there are; a row of fewer is a remark, which widens none
 * @param sides of each column: where its text stands; default left. The last one given holds for the rest
 * @example alignedColumns([["group", "rows"], ["f", "120"]], ["left", "right"]) // ["group  rows", "f       120"]
 */
export function alignedColumns(
  rows: readonly (readonly string[])[],
  sides: readonly ("left" | "right")[] = ["left"],
): string[] {
  const columns = rows[0]?.length ?? 0;
  const full = rows.filter((row) => row.length >= columns);
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...full.map((row) => terminalWidth(row[i]!))));
  return rows.map((row) =>
    row
      .map((text, i) => padded(text, widths[i] ?? 0, sides[i] ?? sides.at(-1)))
      .join("  ")
      .trimEnd(),
  );
}
