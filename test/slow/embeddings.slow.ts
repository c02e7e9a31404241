// examples/embeddings on fewer mails: learned, scored beside BM25, asked for vectors and for the nearest rows, and resumed to the same bits.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mailPairs } from "../../examples/embeddings/mail-pairs.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { openEmbedder, runRecipe } from "../../src/runs/index.ts";
import { concord } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-mails-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const pairs = mailPairs();
const recipe = (epochs: number) =>
  readRecipe(readFileSync("examples/embeddings/recipe.yaml", "utf8"), "recipe.yaml", [
    "data.file=mail-pairs.jsonl",
    `adapt.epochs=${epochs}`,
    "model.maxLength=32",
    "evaluate.resamples=200",
    "evaluate.words=false",
  ]);
const folder = join(home, "run");
const scores = (run: string) => JSON.parse(readFileSync(join(run, "metrics.json"), "utf8"));

beforeAll(async () => {
  writeFileSync(
    join(home, "mail-pairs.jsonl"),
    pairs
      .slice(0, 600)
      .map((p) => JSON.stringify(p))
      .join("\n"),
  );
  await runRecipe(recipe(1), { home, folder });
}, 300_000);

test("subjects find their mails, and BM25 on the same rows stands beside", () => {
  const { ndcg, recallAt10, documents, baselines } = scores(folder);
  console.log("mails: nDCG@10", ndcg, "recall@10", recallAt10, "of", documents, JSON.stringify(baselines));
  expect(ndcg.value).toBeGreaterThan(0.3);
  expect(recallAt10.value).toBeGreaterThan(ndcg.value);
  expect(baselines.models.bm25.ndcg.value).toBeGreaterThan(0.2);
});

test("the command line gives vectors of length 1, and the nearest mails of a table", async () => {
  const asked = pairs[3]!;
  const { out } = await concord(["predict", folder, asked.subject]);
  const vector = JSON.parse(out) as number[];
  expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
  const { embedder } = await openEmbedder(folder);
  const [own] = await embedder.vectors([asked.subject]);
  await embedder.dispose();
  expect(vector).toEqual(Array.from(own!));
  const near = await concord([
    "predict",
    folder,
    asked.subject,
    "--nearest",
    join(home, "mail-pairs.jsonl"),
    "--top",
    "3",
    "--json",
  ]);
  const { nearest } = JSON.parse(near.out) as { nearest: { text: string; similarity: number }[] };
  expect(nearest).toHaveLength(3);
  expect(nearest[0]!.similarity).toBeGreaterThan(nearest[2]!.similarity);
  const subjects = ["--nearest", join(home, "mail-pairs.jsonl"), "--column", "subject", "--top", "1"];
  expect((await concord(["predict", folder, asked.subject, ...subjects])).out).toContain(`1.000  ${asked.subject}`);
  expect((await concord(["predict", folder, "x", "--abstain", "0.5"])).err).toMatch(/makes vectors/);
});

test("words and vectors together find more than either, by a share that the validation set chose; the model is not trained again", async () => {
  const alone = scores(folder);
  const changed = readRecipe(JSON.stringify(recipe(1)), "recipe.json", ["evaluate.words=true"]);
  const begun: string[] = [];
  await runRecipe(changed, {
    home,
    folder,
    onEvent: (event) => void (event.kind === "stage" && event.state === "started" && begun.push(event.stage)),
  });
  expect(begun).not.toContain("adapt");
  const { ndcg, words, baselines } = scores(folder);
  console.log("with words: nDCG@10", ndcg, JSON.stringify(words), JSON.stringify(baselines.difference));
  expect(words.vectorsAlone.value).toBe(alone.ndcg.value);
  expect(words.share).toBeGreaterThan(0);
  expect(ndcg.value).toBeGreaterThan(alone.ndcg.value);
  const table = ["--nearest", join(home, "mail-pairs.jsonl"), "--top", "1", "--json"];
  const asked = pairs[3]!;
  const both = await concord(["predict", folder, asked.subject, ...table, "--words", String(words.share)]);
  expect(JSON.parse(both.out).nearest[0].text).toBe(asked.body);
  expect((await concord(["predict", folder, "x", "--words", "0.5"])).err).toMatch(/no table whose rows/);
  expect((await concord(["predict", folder, "x", ...table, "--words", "2"])).err).toMatch(/not a share/);
});
