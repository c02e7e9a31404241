// The converter of examples/symptoms: every row gets its part, or is named.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeWithParts } from "../../examples/symptoms/table.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-parts-"));
const [table, out] = [join(folder, "table.csv"), join(folder, "out.csv")];
writeFileSync(table, ',label,text\n0,Flu,"hot, and ""cold"""\n1,Gout,toe\n2,Flu,cough\n');
const split = (parts: Record<string, number[]>) => {
  const path = join(folder, "split.json");
  writeFileSync(path, JSON.stringify(parts));
  return path;
};

test("each row gets the part that the split lists it in", async () => {
  expect(await writeWithParts(table, split({ train: [0, 2], dev: [], test: [1] }), out)).toEqual({ train: 2, test: 1 });
  expect(readFileSync(out, "utf8")).toBe(
    'label,text,part\n"Flu","hot, and ""cold""","train"\n"Gout","toe","test"\n"Flu","cough","train"\n',
  );
});

test("a row in no part or in two is named", async () => {
  await expect(writeWithParts(table, split({ train: [0], test: [1] }), out)).rejects.toThrow(/no part[\s\S]*row 2/);
  await expect(writeWithParts(table, split({ train: [0, 1, 2], test: [1] }), out)).rejects.toThrow(
    /two parts[\s\S]*row 1/,
  );
});
