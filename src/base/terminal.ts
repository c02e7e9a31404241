// Text in the columns of a terminal: Chinese characters and emoji take two, marks that join others none. Knows no command.

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Controls but for tab and end of line, marks that turn the direction of text, and Unicode's own ends of lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside without characters that would steer a terminal. @example visible("a\x1b[2Jb") // "a\ufffd[2Jb" */
export const visible = (text: string): string => text.replace(steering, "\ufffd");

/** The same on one line: a name with an end of line cannot look like a line of its own. @example oneLine("a\nVALID") // "a\ufffdVALID" */
export const oneLine = (text: string): string => visible(text).replace(/[\n\t]/g, "\ufffd");

/** Such characters as JSON writes them, so that JSON keeps its meaning. @example escaped("a\x1b[2J") // "a\\u001b[2J" */
export const escaped = (text: string): string =>
  text.replace(steering, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

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
 * Lines of a table, two spaces between columns. No cell steers the terminal or ends a line.
 * @param given rows; the first says how many columns there are; a row of fewer is a remark, which widens none
 * @param sides of each column: where its text stands; default left. The last one given holds for the rest
 * @example alignedColumns([["group", "rows"], ["f", "120"]], ["left", "right"]) // ["group  rows", "f       120"]
 */
export function alignedColumns(
  given: readonly (readonly string[])[],
  sides: readonly ("left" | "right")[] = ["left"],
): string[] {
  const rows = given.map((row) => row.map(oneLine));
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
