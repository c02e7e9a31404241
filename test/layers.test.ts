import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { inspectHouse, type LayerTable } from "../tools/layers.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const json = (name: string) => JSON.parse(readFileSync(join(root, name), "utf8"));
const table: LayerTable = json("layers.json");
const { dependencies: needed, optionalDependencies: wished, peerDependencies: peers } = json("package.json");
const dependencies = Object.keys({ ...needed, ...wished, ...peers });

function filesOnDisk(): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of ["src", "test", "tools", "bench", "examples"])
    for (const name of names(folder))
      if (name.endsWith(".ts")) files.set(name.split(sep).join("/"), readFileSync(join(root, name), "utf8"));
  return files;
}

function names(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => join(folder, name))
      .filter((name) => !name.includes("node_modules") && !name.includes(".next")); // of the example pages
  } catch {
    return []; // no bench or examples yet
  }
}

describe("this repository", () => {
  const { faults, long } = inspectHouse({ table, files: filesOnDisk(), dependencies });

  test("keeps the directions of its rooms, its doors, its purity, the lengths of its files and rooms, and has no import cycle", () => {
    if (long.length) console.log(`longer than ${table.files.softLines} lines:\n  ${long.join("\n  ")}`);
    expect(faults).toEqual([]);
  });

  test("has no two rooms that may import each other, directly or through others", () => {
    const reaches = (from: string, seen = new Set<string>()): Set<string> => {
      for (const room of table.rooms[from] ?? []) if (!seen.has(room)) reaches(room, seen.add(room));
      return seen;
    };
    for (const room of Object.keys(table.rooms)) expect(reaches(room).has(room), room).toBe(false);
    for (const room of Object.values(table.rooms).flat()) expect(Object.keys(table.rooms)).toContain(room);
  });
});

const planted: LayerTable = {
  rooms: { base: [], graph: ["base"], train: ["base", "graph"] },
  doors: { heavy: ["src/graph/node/heavy.ts"] },
  files: { softLines: 3, hardLines: 5, exceptions: {}, roomLines: 12, longRooms: {} },
};
const house = {
  "src/index.ts": 'export * from "./train/index.ts";',
  "src/base/index.ts": 'export * from "./array.ts";',
  "src/base/array.ts": "export const a = 1;",
  "src/graph/index.ts": 'export { a } from "../base/index.ts";',
  "src/graph/node/index.ts": 'import fs from "node:fs";\nexport { x } from "./heavy.ts";\nexport const y = fs;',
  "src/graph/node/heavy.ts": 'export const x = () => import("heavy");',
  "src/graph/web/first.ts": 'import "./second.ts";',
  "src/graph/web/second.ts": "export const t = () => performance.now();",
  "src/train/index.ts": 'import type { a } from "../graph/index.ts";\nexport type A = typeof a;',
  "src/train/node/loop.ts":
    'import { y } from "../../graph/node/index.ts";\nexport const now = () => [Date.now(), process.pid, y];',
  "src/train/train.test.ts":
    'import { a } from "../base/array.ts";\nimport "vitest";\nexport const t = Math.random() + a;',
};
const inspect = (changes: Record<string, string>, changedTable: Partial<LayerTable> = {}) =>
  inspectHouse({
    table: { ...planted, ...changedTable },
    files: new Map(Object.entries({ ...house, ...changes })),
    dependencies: ["heavy", "light"],
  });

const violations: [name: string, path: string, text: string, fault: RegExp][] = [
  ["against the direction", "src/base/x.ts", 'import "../graph/index.ts";', /base may not import graph/],
  [
    "a type only, against the direction",
    "src/base/x.ts",
    'import type { a } from "../graph/index.ts";',
    /may not import/,
  ],
  ["inside a type", "src/base/x.ts", 'export type T = import("../graph/index.ts").T;', /may not import/],
  ["at run time", "src/base/x.ts", 'export const t = () => import("../graph/index.ts");', /may not import/],
  ["by export from", "src/base/x.ts", 'export * from "../graph/index.ts";', /may not import/],
  ["past a room's index", "src/graph/x.ts", 'import "../base/array.ts";', /only src\/base\/index\.ts/],
  ["past an adapter's index", "src/train/node/x.ts", 'import "../../graph/node/heavy.ts";', /only its folder's index/],
  ["an adapter from a pure file", "src/graph/x.ts", 'import "./node/index.ts";', /only files under node\/ may/],
  ["a Node adapter from a web one", "src/graph/web/x.ts", 'import "../node/index.ts";', /only files under node\/ may/],
  ["the package's entry", "src/graph/x.ts", 'import "../index.ts";', /package's entry/],
  ["a test", "src/train/x.ts", 'import "./train.test.ts";', /imports the test/],
  ["a file outside src", "src/train/x.ts", 'import "../../tools/x.ts";', /outside src/],
  ["a file that does not exist", "src/train/x.ts", 'import "./y.ts";', /does not exist/],
  [
    "a package through another door",
    "src/graph/node/x.ts",
    'import "heavy/sub";',
    /its door is src\/graph\/node\/heavy\.ts/,
  ],
  ["a package by require", "src/graph/node/x.ts", 'export const r = require("heavy");', /its door is/],
  [
    "a package that is not installed for users",
    "src/graph/node/x.ts",
    'import "@scope/dev/x";',
    /@scope\/dev, which is no dep/,
  ],
  [
    "a Node module in a pure file",
    "src/graph/x.ts",
    'import { join } from "node:path";',
    /is pure and imports node:path/,
  ],
  ["a Node module in a web file", "src/graph/web/x.ts", 'import "node:fs";', /runs in a browser/],
  ["the clock", "src/graph/x.ts", "export const t = Date.now();", /:1 is pure and uses Date\.now/],
  ["the date", "src/graph/x.ts", "export const t = new Date();", /new Date\(\)/],
  ["a timer", "src/graph/x.ts", "\n\nexport const t = performance.now();", /:3 .*performance/],
  ["ambient randomness", "src/graph/x.ts", "export const t = [Math.random()];", /Math\.random/],
  ["the process", "src/graph/x.ts", "export const t = process.env.HOME;", /uses process/],
  ["the process as a global", "src/graph/x.ts", "export const t = globalThis.process;", /uses globalThis\.process/],
  ["a room that nobody listed", "src/attic/x.ts", "export {};", /in no room/],
  ["a file that is too long", "src/base/x.ts", "\n".repeat(5) + 1, /has 6 lines, more than 5/],
];

describe("a planted violation is found", () => {
  test("and a house that keeps the rules has none", () => {
    expect(inspect({})).toEqual({ faults: [], long: [] });
  });

  test.each(violations)("%s", (_name, path, text, fault) => {
    const { faults } = inspect({ [path]: text });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
    expect(faults[0]).toMatch(path);
  });

  test("a cycle of files, through types too", () => {
    const { faults } = inspect({
      "src/base/a.ts": 'import "./b.ts";',
      "src/base/b.ts": 'import type { C } from "./c.ts";',
      "src/base/c.ts": 'export * from "./a.ts";',
    });
    expect(faults).toEqual(["import cycle: src/base/a.ts → src/base/b.ts → src/base/c.ts → src/base/a.ts"]);
  });

  test("names that only look like the machine are left alone", () => {
    const text = `export interface P { process: string }
      export const f = (process: number, x: P) => process + x.process.length + { performance: 1 }.performance;
      export const d = new Date(0), s = "Date.now() process", v: typeof process = s;`;
    expect(inspect({ "src/graph/x.ts": text }).faults).toEqual([]);
  });

  test("a room for Node alone touches the machine and adapters, is imported by its index, and by no pure file", () => {
    const rooms = { ...planted.rooms, cli: ["graph"], web: ["cli"] };
    const cli = {
      "src/cli/index.ts": 'import "../graph/node/index.ts";\nimport "node:fs";\nexport const t = Date.now();',
      "src/web/x.ts": 'import "../cli/index.ts";',
    };
    expect(inspect(cli, { rooms, nodeRooms: ["cli", "web"] }).faults).toEqual([]);
    expect(inspect(cli, { rooms, nodeRooms: ["cli"] }).faults).toEqual([
      expect.stringMatching(/only files under node/),
    ]);
    expect(inspect(cli, { rooms }).faults).toHaveLength(3);
  });

  test("a room that is too long, its tests and generated files left out, until a reason is given and while it is long", () => {
    const four = "1\n2\n3\n4";
    const files = Object.fromEntries(["a", "b", "c"].map((name) => [`src/base/${name}.ts`, four]));
    const tests = { "src/base/d.test.ts": four, "src/base/e.gen.ts": four };
    const listed = (longRooms: Record<string, string>) => ({ files: { ...planted.files, longRooms } });
    const long = ["src/base has 14 lines without its tests, more than 12"];
    expect(inspect({ ...files, ...tests }).faults).toEqual(long);
    expect(inspect({ ...files, ...tests }, listed({ base: " " })).faults).toEqual(long);
    expect(inspect({ ...files, ...tests }, listed({ base: "a table" })).faults).toEqual([]);
    expect(inspect(tests, listed({ base: "a table" })).faults).toEqual([expect.stringMatching(/remove it/)]);
  });

  test("a long file is reported at the soft limit, and excepted with a reason until it is short again", () => {
    const text = "1\n".repeat(6);
    expect(inspect({ "src/base/x.ts": "1\n".repeat(4) })).toEqual({ faults: [], long: ["src/base/x.ts has 4 lines"] });
    const excepted = (reason: string) => ({ files: { ...planted.files, exceptions: { "src/base/x.ts": reason } } });
    expect(inspect({ "src/base/x.ts": text }, excepted("a table of 6 rows")).faults).toEqual([]);
    expect(inspect({ "src/base/x.ts": text }, excepted(" ")).faults).toHaveLength(1);
    expect(inspect({}, excepted("gone")).faults[0]).toMatch(/remove the exception/);
    expect(inspect({ "src/base/x.gen.ts": text }).long).toEqual([]);
  });
});
