// Private training as a user runs it: a recipe, its statement, its ledger. Its key: test/slow/run-key.slow.ts
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-private-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const words = ["rain", "snow", "wind", "sun", "fog", "hail", "calm", "storm"];
const rows = Array.from({ length: 120 }, (_, i) => {
  const at = (n: number) => words[(i * n + (i >> 3)) % words.length];
  return `${i % 2 ? "good" : "bad"} ${at(1)} ${at(3)} ${at(5)} number ${i * 7919},${i % 2 ? "yes" : "no"},${i % 3 ? "train" : "test"}`;
});
writeFileSync(join(home, "rows.csv"), `text,label,part\n${rows.join("\n")}\n`);

const recipe = (privacy: string, adapt = "epochs: 2, batchSize: 16", more = "") =>
  readRecipe(
    `version: 1
name: private
data: { file: rows.csv, similarity: 1, split: { column: part } }
model: { scratch: { vocabulary: 200, width: 16, layers: 1, heads: 2, inner: 32 }, maxLength: 16 }
adapt: { ${adapt}, threads: 1, privacy: ${privacy} }
evaluate: { resamples: 20 }
export: { onnx: false }
${more}`,
    "recipe.yaml",
  );

describe("a recipe with a budget", () => {
  const folder = join(home, "run");
  const texts: string[] = [];
  beforeAll(async () => {
    const onEvent = (e: { kind: string; text?: string }) => e.text && texts.push(`${e.kind}: ${e.text}`);
    await runRecipe(recipe("{ epsilon: 6, delta: 1e-3, sampling: fixed }"), { home, folder, onEvent });
  });

  test("leaves a statement within the budget, with what is outside of it", () => {
    const privacy = JSON.parse(readFileSync(join(folder, "privacy.json"), "utf8"));
    expect(privacy).toMatchObject({
      format: "concord-privacy",
      private: true,
      delta: 1e-3,
      steps: 10,
      neighbours: "replace-one",
      mechanism: { sampling: "fixed", unit: "example", examples: 80, draws: 4 },
    });
    expect(privacy.epsilon).toBeLessThanOrEqual(6);
    expect(privacy.epsilon).toBeGreaterThan(5.9);
    expect(privacy.noGuarantee).toEqual(["preparation", "vocabulary", "training-loss", "evaluation"]);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toMatch(
      /Trained with differential privacy[\s\S]*sum of 4 Gaussian numbers/,
    );
    expect(texts.some((t) => t.startsWith("note: privacy: ε ="))).toBe(true);
  });

  test("keeps no key, neither as a file nor in what it writes", () => {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    expect(files.filter((name) => name.includes("run.key"))).toEqual([]);
  });

  test("that is trained anew is charged anew, and not begun where its rows have spent the budget", async () => {
    const again = recipe(
      "{ epsilon: 6, delta: 1e-3, sampling: fixed }",
      "epochs: 2, batchSize: 16, learningRate: 1e-4",
    );
    const problem = await runRecipe(again, { home, folder }).catch((e: Error) => e.message);
    expect(problem).toMatch(/have spent the privacy budget/);
    const ledger = join(folder, "privacy-ledger.jsonl");
    expect(readFileSync(ledger, "utf8").match(/"open"/g)).toHaveLength(1);
  });

  test("whose ledger was edited by hand is refused", async () => {
    const ledger = join(folder, "privacy-ledger.jsonl");
    const text = readFileSync(ledger, "utf8");
    writeFileSync(ledger, text.replace('"through":5', '"through":1'));
    const again = recipe("{ epsilon: 60, delta: 1e-3, sampling: fixed }");
    const problem = await runRecipe(again, { home, folder }).catch((e: Error) => e.message);
    expect(problem).toMatch(/E_CHECKSUM[\s\S]*line \d was changed/);
    writeFileSync(ledger, text);
  });

  test("whose ledger was deleted is refused, for what its rows have spent is unknown", async () => {
    const ledger = join(folder, "privacy-ledger.jsonl");
    const text = readFileSync(ledger, "utf8");
    rmSync(ledger);
    const again = recipe("{ epsilon: 61, delta: 1e-3, sampling: fixed }");
    const problem = await runRecipe(again, { home, folder }).catch((e: Error) => e.message);
    expect(problem).toMatch(/E_CHECKSUM[\s\S]*ledger was deleted[\s\S]*privacy\.json/);
    expect(existsSync(ledger)).toBe(false);
    writeFileSync(ledger, text);
  });
});

test.each([
  ["ε of 0", "{ epsilon: 0 }", /adapt\.privacy\.epsilon/],
  ["δ of 1", "{ epsilon: 8, delta: 1 }", /adapt\.privacy\.delta/],
  ["neither budget nor noise", "{ clip: 1 }", /budget \(epsilon\) or noise/],
])("a recipe with %s is refused with the place", (_name, privacy, words_) => {
  expect(() => recipe(privacy)).toThrow(words_);
});

test("a batch above the data is refused, and a δ that protects no row is warned of", async () => {
  const warnings: string[] = [];
  const onEvent = (e: { kind: string; text?: string }) => e.kind === "warning" && warnings.push(e.text!);
  const run = runRecipe(recipe("{ noise: 1, delta: 0.5, ledger: apart }", "epochs: 1, batchSize: 300"), {
    home,
    folder: join(home, "large"),
    onEvent,
  });
  expect(await run.catch((e: Error) => e.message)).toMatch(/more examples than there are/);
  expect(warnings.join()).toMatch(/δ = 0\.5 is not below 1\/n \(n = 80 training rows\)/);
});
