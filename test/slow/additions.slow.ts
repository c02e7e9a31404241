// What an addition touches: a fixture of each kind is put into a copy of the sources, which is compiled and run.
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourceCopy } from "./source-copy.ts";

const root = resolve(import.meta.dirname, "../..");
const copy = sourceCopy("additions");
afterAll(copy.remove);

beforeAll(() => {
  for (const path of ["test/train", "test/additions", "tools"])
    cpSync(join(root, path), join(copy.folder, path), { recursive: true });
  rmSync(join(copy.folder, "test/additions/signal"), { recursive: true }); // compiles where its modality is registered: modality.slow.ts
  copy.put("soft-targets.ts", "src/train/objectives/soft-targets.ts");
  const registry = "src/train/objectives/index.ts";
  copy.edit(registry, "import { masked }", 'import { softTargets } from "./soft-targets.ts";\nimport { masked }');
  copy.edit(registry, "  reinforce,\n}", "  reinforce,\n  softTargets,\n}");
  copy.put("word-means.ts", "src/models/word-means.ts");
  const table = "src/models/architectures.ts";
  copy.edit(table, "import { vit }", 'import { wordMeans } from "./word-means.ts";\nimport { vit }');
  copy.edit(
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
  expect(copy.changed()).toEqual([
    "src/models/architectures.ts",
    "src/models/word-means.ts",
    "src/train/objectives/index.ts",
    "src/train/objectives/soft-targets.ts",
  ]);
});

test("the copy compiles", () => {
  expect(copy.compile(["test/additions"])).toBe("");
});

test("both are trained by their names, whole and through an adapter", () => {
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const out = execFileSync(process.execPath, [tsx, "test/additions/train-additions.ts"], {
    cwd: copy.folder,
    encoding: "utf8",
  });
  const { modules, ...losses } = JSON.parse(out) as Record<string, [number, number]> & { modules: string[] };
  expect(modules).toEqual(["body.mix"]);
  for (const [name, [first, last]] of Object.entries(losses)) expect(last, name).toBeLessThan(0.8 * first);
});
