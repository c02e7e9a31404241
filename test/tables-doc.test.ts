// docs/tables.md and its Chinese twin name what there is: keys, encodings, checks, words for parts; what they show is how it is read.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { acceptable, labelsIn, splitNamed, textIn } from "../src/data/index.ts";
import { recipeJsonSchema } from "../src/recipe/recipe.ts";
import { encodings } from "../src/tables/index.ts";
import { formatOf } from "../src/tables/node/index.ts";
import { concord } from "./command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-tables-doc-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const schema = recipeJsonSchema() as { properties: { data: { properties: Record<string, { properties?: object }> } } };
const keys = schema.properties.data.properties;

describe.each(["tables.md", "zh/tables.md"])("docs/%s", (name) => {
  const text = readFileSync(join("docs", name), "utf8");

  test("names keys that a recipe has, and every encoding and check", () => {
    const named = [...text.matchAll(/data\.([a-zA-Z]+)(?:\.([a-z]+))?/g)].filter(
      ([whole]) => !/data\.(report|key)/.test(whole),
    );
    expect(named.length).toBeGreaterThan(15);
    for (const [whole, key, inner] of named) {
      expect(keys, whole).toHaveProperty(key!);
      if (inner && key === "split") expect(Object.keys(keys.split!.properties!)).toContain(inner);
    }
    for (const word of [...encodings, ...acceptable]) expect(text).toContain(`\`${word}\``);
  });

  test("gives endings that are read, and words that name parts", () => {
    const table = text.slice(text.indexOf("|---|---|"), text.indexOf("**"));
    const endings = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [
      ...cell!.matchAll(/`(\.[a-z0-9]+)`/g),
    ]);
    expect(endings.length).toBeGreaterThan(10);
    for (const [, ending] of endings)
      if (ending !== ".gz" && ending !== ".txt") expect(formatOf(`table${ending}`), ending).toBeDefined();
    expect(formatOf("table.csv.gz")).toBe("csv");
    const parts = /train[,、].*testing/.exec(text)![0].split(/[,;、；] ?/);
    for (const part of parts) expect(splitNamed(part), part).toBeDefined();
  });
});

test("both languages have the same sections and tables", () => {
  const shape = (name: string) =>
    readFileSync(join("docs", name), "utf8")
      .split("\n")
      .flatMap((line) => (/^(#|\||```)/.test(line) ? [line.slice(0, 1)] : []));
  expect(shape("zh/tables.md")).toEqual(shape("tables.md"));
});

test("labels and texts are read as the page shows", () => {
  const several = { separator: ";" };
  expect(labelsIn("billing;urgent", several)).toEqual(labelsIn("billing；urgent", several));
  expect(labelsIn("billing;urgent", {})).toEqual({ names: ["billing;urgent"] });
  expect(labelsIn("[0, 1, 0]", several)).toEqual({ reason: "unnamed-vector" });
  expect(labelsIn("[0, 1, 0]", { ...several, names: ["billing", "delivery", "quality"] })).toMatchObject({
    names: ["delivery"],
  });
  expect(textIn([{ role: "user", content: "hi" }])).toBe("user: hi");
});

test("the commands of the page do what it says", async () => {
  const stances = ["FAVOR", "AGAINST", "NA"];
  const rows = Array.from({ length: 60 }, (_, i) => `a message with number ${i} in it,${stances[i % 3]}`);
  const file = join(home, "messages.csv");
  writeFileSync(file, `text,stance\n${rows.join("\n")}\n`);
  const asked = await concord(["init", file, "--yes", "--out", join(home, "a.yaml")]);
  expect(asked.err).toMatch(/stance contains "NA" 20, which are read as ordinary values/);
  const told = [
    "init",
    file,
    "--yes",
    "--label",
    "stance",
    "--set",
    "data.missing=[NA]",
    "--out",
    join(home, "b.yaml"),
  ];
  expect((await concord(told)).err).toMatch(/20 of 60 rows cannot be used; 20 because the label is missing/);
  const excluded = [...told.slice(0, 5), "--set", "data.exclude=[NA]", "--out", join(home, "c.yaml")];
  expect((await concord(excluded)).code).toBe(0);
  expect(readFileSync(join(home, "c.yaml"), "utf8")).toMatch(/^ {2}exclude: \[NA\]/m);
  expect((await concord(["inspect", file])).out).toMatch(/AGAINST 20, FAVOR 20, NA 20/);
});
