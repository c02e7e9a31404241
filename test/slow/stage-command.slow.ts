// The price of a stage and of a command, counted: fixtures are put into a copy of the sources, which is compiled and used.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { sourceCopy } from "./source-copy.ts";

const copy = sourceCopy("stage");
afterAll(copy.remove);
const work = join(copy.folder, "work");

test("a command is its file and a line of the list", () => {
  copy.put("digest.ts", "src/cli/commands/digest.ts");
  copy.edit(
    "src/cli/commands/index.ts",
    "import { doctor }",
    'import { digest } from "./digest.ts";\nimport { doctor }',
  );
  copy.edit("src/cli/commands/index.ts", "  doctor,\n", "  doctor,\n  digest,\n");
  expect(copy.changed()).toEqual(["src/cli/commands/digest.ts", "src/cli/commands/index.ts"]);
});

test("a stage is its file, its export, a line of the list and a key of the recipe", () => {
  const before = new Set(copy.changed());
  copy.put("balance.ts", "src/stages/balance.ts");
  copy.edit("src/stages/index.ts", "export { baseline,", 'export { balance } from "./balance.ts";\nexport { baseline,');
  copy.edit(
    "src/pipeline/index.ts",
    "  adapt,\n  baseline,\n  evaluate,\n  exportStage,\n  prepare",
    "  adapt,\n  balance,\n  baseline,\n  evaluate,\n  exportStage,\n  prepare",
  );
  copy.edit("src/pipeline/index.ts", "  compress,\n]", "  compress,\n  balance,\n]");
  copy.edit(
    "src/recipe/recipe.ts",
    "    together: togetherSchema.optional(),\n",
    "    together: togetherSchema.optional(),\n    balance: z.strictObject({ smallest: count.default(1) }).optional(),\n",
  );
  expect(copy.changed().filter((path) => !before.has(path))).toEqual([
    "src/pipeline/index.ts",
    "src/recipe/recipe.ts",
    "src/stages/balance.ts",
    "src/stages/index.ts",
  ]);
});

test("the copy compiles, and the command runs in both languages", () => {
  expect(copy.compile()).toBe("");
  mkdirSync(work);
  writeFileSync(join(work, "a.txt"), "abc");
  const sha256 = createHash("sha256").update("abc").digest("hex");
  expect(copy.concord(["digest", "a.txt"], work)).toBe(`${sha256}  a.txt\n`);
  expect(JSON.parse(copy.concord(["digest", "a.txt", "--short", "--json"], work))).toMatchObject({
    sha256: sha256.slice(0, 12),
  });
  expect(copy.concord(["--help", "--lang", "zh"])).toContain("输出文件的 SHA-256");
});

test("the stage runs in a recipe, is kept, shows itself in the report, and a gate asks for its number", () => {
  const rng = random(5);
  const word = () => Array.from({ length: 5 }, () => "abcdefghijklmnopqrstuvwxyz"[rng.int(26)]).join("");
  const words = () => Array.from({ length: 6 }, word).join(" ");
  const rows = Array.from({ length: 160 }, (_, i) =>
    i % 4 ? `my knee ${words()},joint` : `I cough ${words()},airways`,
  );
  writeFileSync(join(work, "table.csv"), ["text,label", ...rows].join("\n"));
  const recipe = (limit: string) => `version: 1
name: knees
data: { file: table.csv }
model: { scratch: { vocabulary: 100, width: 16, layers: 1, heads: 2, inner: 32 } }
adapt: { epochs: 1, threads: 1 }
evaluate: { resamples: 20 }
export: { onnx: false }
${limit}`;
  writeFileSync(join(work, "recipe.yaml"), recipe("balance: {}\n"));
  copy.concord(["run", "recipe.yaml", "--out", "run"], work);
  const { values } = JSON.parse(readFileSync(join(work, "run/balance.json"), "utf8"));
  expect(values["balance.ratio"].value).toBeGreaterThan(2);
  const report = readFileSync(join(work, "run/report.html"), "utf8");
  expect(report).toContain('<h2 id="balance-title">Balance of classes</h2>');
  expect(report).toContain(values["balance.ratio"].value.toFixed(3));
  const again = copy.concord(["run", "recipe.yaml", "--out", "run", "--dry-run"], work);
  expect(again).toMatch(/^balance +reuse/m);
  writeFileSync(join(work, "recipe.yaml"), recipe("balance: { smallest: 2 }\n"));
  const changed = copy.concord(["run", "recipe.yaml", "--out", "run", "--dry-run"], work);
  expect(changed).toMatch(/^balance +run +changed: settings\.smallest/m);
  expect(changed).toMatch(/^evaluate +reuse/m);

  copy.concord(["keys", "owner", "--name", "Owner"], work);
  const release = (most: number, out: string) => {
    const gate = `{ value: balance.ratio, atMost: ${most} }`;
    const signers = "require: [owner]\nsigners: { owner: [owner.pub.json] }";
    writeFileSync(join(work, "policy.yaml"), `version: 1\n${signers}\ngates: [${gate}]\n`);
    const options = ["--policy", "policy.yaml", "--key", "owner.key", "--log", "log", "--out", out];
    return copy.concord(["release", "run", ...options], work);
  };
  expect(() => release(1.5, "refused")).toThrow(/E_GATE/);
  release(10, "released");
  expect(readFileSync(join(work, "released/report.html"), "utf8")).toContain("Balance of classes");
  const found = copy.concord(["verify", "released", "--policy", "policy.yaml", "--recompute", "table.csv"], work);
  expect(found).toMatch(/^VALID: knees/);
});
