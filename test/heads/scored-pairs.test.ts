// Pairs of texts with a number that says how alike they are: learned by cosine and by order, judged by correlation, beside TF-IDF.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { openEmbedder, runRecipe } from "../../src/runs/index.ts";
import { alikeRows } from "../choice-rows.ts";
import { faultLater } from "../fault.ts";

const home = mkdtempSync(join(tmpdir(), "concord-pairs-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const text = `version: 1
name: alike
task: embeddings
data: { file: pairs.jsonl, text: first, pair: second, label: score, similarity: 1 }
model: { scratch: { width: 32, layers: 1, heads: 2, inner: 64, dropout: 0, scale: 0.2 }, maxLength: 16 }
adapt: { epochs: 8, learningRate: 5.0e-3, batchSize: 16, embedding: { loss: cosine, range: [0, 5] } }
evaluate: { resamples: 100 }
`;
const recipe = (...changes: string[]) => readRecipe(text, "recipe.yaml", changes);
const scores = (run: string) => JSON.parse(readFileSync(join(run, "metrics.json"), "utf8"));

beforeAll(() =>
  writeFileSync(
    join(home, "pairs.jsonl"),
    alikeRows(500)
      .map((row) => JSON.stringify(row))
      .join("\n"),
  ),
);

test.each(["cosine", "cosent"])(
  "%s: vectors agree with people, better than characters do, and the model keeps them",
  async (loss) => {
    const folder = join(home, loss);
    await runRecipe(recipe(`adapt.embedding.loss=${loss}`), { home, folder });
    const { spearman, pearson, baselines, ndcg } = scores(folder);
    expect(spearman.value).toBeGreaterThan(0.8);
    expect(spearman.low).toBeLessThan(spearman.value);
    expect(pearson.value).toBeGreaterThan(0.8);
    expect(ndcg).toBeUndefined();
    expect(baselines.models.tfidf.spearman.value).toBeLessThan(0.7);
    expect(baselines.verdict).toBe("better");
    const [first] = readFileSync(join(folder, "predictions.jsonl"), "utf8").split("\n");
    expect(JSON.parse(first!)).toMatchObject({ truth: expect.any(Number), predicted: expect.any(Number) });
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("Largest errors");
    const { embedder } = await openEmbedder(folder);
    const [cat, dog, red] = await embedder.vectors(["I saw cat", "there was dog", "there was red"]);
    await embedder.dispose();
    const near = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, h) => sum + x * b[h]!, 0);
    expect(near(cat!, dog!)).toBeGreaterThan(near(cat!, red!));
  },
  60_000,
);

test("a number outside of the range is refused with its place", async () => {
  const run = () => runRecipe(recipe("adapt.embedding.range=[0,4]"), { home, folder: join(home, "range") });
  const { facts } = await faultLater("E_DATA", run);
  expect(facts).toMatchObject({ expected: "0 … 4", got: "5" });
  expect(facts.path).toMatch(/pairs\.jsonl:\d+/);
});
