// Reads the benches' own CSV files (RFC 4180: quoted fields, doubled quotes). The product's reader comes with its prepare stage.

/** Rows as records by the header's names. */
export function readCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  const field = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/gy;
  for (let match = field.exec(text); match && field.lastIndex <= text.length; match = field.exec(text)) {
    // both groups take part in every match
    const [, value, end] = match as unknown as [string, string, string];
    rows.at(-1)!.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === "") break;
    if (end !== ",") rows.push([]);
  }
  const [header, ...body] = rows.filter((row) => row.length > 1 || row[0] !== "");
  return body.map((row) => Object.fromEntries(header!.map((name, i) => [name, row[i] ?? ""])));
}
