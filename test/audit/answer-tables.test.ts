// concord audit answers.csv: tables in other encodings, with other delimiters and decimal commas; what is undefined is called so.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { concord } from "../command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-answer-tables-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a table is given plainly, in another encoding, between semicolons and with decimal commas; what is undefined says why", async () => {
  const file = join(folder, "german.csv");
  const lines = Array.from({ length: 800 }, (_, i) => {
    const place = i % 4 === 0 ? "Köln" : "Münster";
    const truth = place === "Köln" ? 0 : (i % 3) % 2;
    const p = 0.25 + ((i * 7) % 10) / 20;
    return `${truth};${String(p).replace(".", ",")};${place};${20 + (i % 60)},5`;
  });
  writeFileSync(file, Buffer.from(`y;score;city;age\n${lines.join("\n")}\n`, "latin1"));
  const args = ["--truth", "y", "--score", "score", "--resamples", "20", "--no-pairs", "--attributes"];
  const refused = await concord(["audit", file, ...args, "city"]);
  expect([refused.code, refused.err]).toEqual([65, expect.stringMatching(/no finite number[\s\S]*--decimal/)]);
  const { code, out, err } = await concord(["audit", file, ...args, "city,age", "--decimal", ",", "--lang", "en"]);
  expect(code, err).toBe(0);
  expect(out).toMatch(/read as windows-1252, because .*--encoding/);
  expect(out).toMatch(/^ {2}city +rows +accuracy\n {2}Köln +200 {2}/m);
  expect(out).toMatch(/true positive rate no value/);
  expect(out).toMatch(
    /^ {2}no value: true positive rate of Köln: none or fewer than \d+ rows have the positive label/m,
  );
  expect(out).toMatch(/^age is numeric\. It is cut at its quintiles/m);
  const named = await concord([
    "audit",
    file,
    ...args,
    "city",
    "--decimal",
    ",",
    "--encoding",
    "latin1",
    "--delimiter",
    ";",
  ]);
  expect(named.out).not.toMatch(/read as/);
  expect((await concord(["audit", file, ...args, "city", "--delimiter", ","])).err).toMatch(
    /another number of fields|no column/,
  );
  for (const [option, value] of [
    ["--encoding", "utf8"],
    ["--delimiter", ";;"],
    ["--decimal", "comma"],
  ])
    expect((await concord(["audit", file, ...args, "city", option!, value!])).code).toBe(64);
  expect((await concord(["audit", file, "--predictions", file, ...args, "city"])).err).toMatch(/two tables/);
});
