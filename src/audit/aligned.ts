// Lines of a table for a terminal: columns side by side, the first to the left, the others to the right.

/** Places that a text takes in a terminal: a Chinese character takes two. */
const width = (text: string): number =>
  [...text].reduce((n, c) => n + (/[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(c) ? 2 : 1), 0);

/** @example aligned([["group", "rows"], ["f", "120"]]) // ["group  rows", "f       120"] */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ""))));
  return rows.map((row) =>
    row
      .map((text, column) => {
        const space = " ".repeat(widths[column]! - width(text));
        return column === 0 ? `${text}${space}` : `${space}${text}`;
      })
      .join("  "),
  );
}
