// What an addition touches: a fixture of each kind is put into a copy of the sources, which is compiled and run.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const copy = mkdtempSync(join(tmpdir(), "concord-additions-"));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const read = (path: string) => readFileSync(join(copy, path), "utf8");
const edit = (path: string, from: string, to: string) => {
  expect(read(path)).toContain(from);
  writeFileSync(join(copy, path), read(path).replace(from, to));
};

/** Puts a fixture where its kind lies. @param moves beginnings of its imports there */
function put(fixture: string, to: string, moves: readonly (readonly [string, string])[]): void {
  let text = readFileSync(join(root, "test/additions", fixture), "utf8");
  for (const [from, there] of moves) text = text.replaceAll(`"${from}`, `"${there}`);
  writeFileSync(join(copy, to), text);
}

/** Files of a folder that are not as in the repository. */
const changedIn = (folder: string): string[] =>
  readdirSync(join(copy, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(copy.length + 1))
    .filter((path) => {
      try {
        return !readFileSync(join(root, path)).equals(readFileSync(join(copy, path)));
      } catch {
        return true;
      }
    })
    .sort();

beforeAll(() => {
  for (const path of ["src", "test/train", "test/additions", "tools", "package.json", "tsconfig.json"])
    cpSync(join(root, path), join(copy, path), { recursive: true });
  rmSync(join(copy, "test/additions/series"), { recursive: true }); // compiles where its modality is registered: modality.slow.ts
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  put("distil.ts", "src/train/objectives/distil.ts", [
    ["../../src/train/objectives/", "./"],
    ["../../src/", "../../"],
  ]);
  const registry = "src/train/objectives/index.ts";
  edit(registry, "import { masked }", 'import { distil } from "./distil.ts";\nimport { masked }');
  edit(registry, "contrast, pairing }", "contrast, pairing, distil }");
  put("word-means.ts", "src/models/word-means.ts", [
    ["../../src/models/", "./"],
    ["../../src/", "../"],
  ]);
  const table = "src/models/architectures.ts";
  edit(table, "import { vit }", 'import { wordMeans } from "./word-means.ts";\nimport { vit }');
  edit(
    table,
    '  "xlm-roberta":',
    `  "word-means": {
    name: "WordMeans",
    prefix: "body.",
    reads: "text",
    heads: ["ForSequenceClassification"],
    whole: ["classifier"],
    entries: { used: ["vocab_size", "hidden_size"] },
    read: wordMeans,
  },
  "xlm-roberta":`,
  );
});

test("an objective is its file and a line of a registry, an architecture its file and a row", () => {
  expect(changedIn("src")).toEqual([
    "src/models/architectures.ts",
    "src/models/word-means.ts",
    "src/train/objectives/distil.ts",
    "src/train/objectives/index.ts",
  ]);
});

test("the copy compiles", () => {
  const config = {
    extends: "./tsconfig.json",
    compilerOptions: { noEmit: true },
    include: ["src", "test/additions"],
    exclude: ["src/*/kernels/assembly", "src/**/*.test.ts"],
  };
  writeFileSync(join(copy, "tsconfig.additions.json"), JSON.stringify(config));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.additions.json"], {
    cwd: copy,
    encoding: "utf8",
  });
  expect([stdout, status]).toEqual(["", 0]);
});

test("both are trained by their names, whole and through an adapter", () => {
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const out = execFileSync(process.execPath, [tsx, "test/additions/train-additions.ts"], {
    cwd: copy,
    encoding: "utf8",
  });
  const { modules, ...losses } = JSON.parse(out) as Record<string, [number, number]> & { modules: string[] };
  expect(modules).toEqual(["body.mix"]);
  for (const [name, [first, last]] of Object.entries(losses)) expect(last, name).toBeLessThan(0.8 * first);
});
