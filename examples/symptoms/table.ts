// Adds the column `part` to a table, from a JSON file that lists the row numbers of each part.
// node dist/examples/symptoms/table.js TABLE.csv SPLIT.json OUT.csv
import { readFile } from "node:fs/promises";
import { ConcordError } from "../../src/base/index.ts";
import { writeFileAtomically } from "../../src/formats/node/index.ts";
import { readRows } from "../../src/tables/node/index.ts";

/** Writes label, text and part of each row. @returns the rows of each part @throws E_DATA when a row is in no part or in two */
export async function writeWithParts(table: string, split: string, out: string): Promise<Record<string, number>> {
  const parts = JSON.parse(await readFile(split, "utf8")) as Record<string, number[]>;
  const partOf = new Map<number, string>();
  const fail = (problem: string, row: number) =>
    new ConcordError("E_DATA", { operation: "split", problem, got: `row ${row}`, path: split });
  for (const part of ["train", "dev", "test"])
    for (const row of parts[part] ?? []) {
      if (partOf.has(row)) throw fail("a row is in two parts", row);
      partOf.set(row, part);
    }
  const quoted = (text: unknown) => `"${String(text).replaceAll('"', '""')}"`;
  const lines = ["label,text,part"];
  const counts: Record<string, number> = {};
  for await (const { fields } of readRows(table)) {
    const row = lines.length - 1;
    const part = partOf.get(row);
    if (part === undefined) throw fail("a row is in no part", row);
    counts[part] = (counts[part] ?? 0) + 1;
    lines.push([fields.label, fields.text, part].map(quoted).join(","));
  }
  await writeFileAtomically(out, [new TextEncoder().encode(`${lines.join("\n")}\n`)]);
  return counts;
}

const [table, split, out] = process.argv.slice(2);
if (import.meta.filename === process.argv[1] && table && split && out)
  console.log(`${JSON.stringify(await writeWithParts(table, split, out))} in ${out}`);
