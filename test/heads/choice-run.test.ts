// Multiple choice from a table to answers: learned from random weights, scored beside simple choosers, asked on the command line and over
// HTTP, read from the layouts that data sets have; and what the task cannot do is refused by name.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/index.ts";
import { startServer } from "../../src/serve/index.ts";
import { choiceRows } from "../choice-rows.ts";
import { concord } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-choices-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const text = `version: 1
name: exam
task: multiple-choice
data: { file: exam.jsonl, text: question, choices: choices }
model: { scratch: { width: 32, layers: 1, heads: 2, inner: 64, dropout: 0, scale: 0.2 }, maxLength: 24 }
adapt: { epochs: 10, learningRate: 3.0e-3, batchSize: 16 }
evaluate: { resamples: 100 }
`;
const recipe = (...changes: string[]) => readRecipe(text, "recipe.yaml", changes);
const folder = join(home, "run");

beforeAll(async () => {
  writeFileSync(
    join(home, "exam.jsonl"),
    choiceRows(600)
      .map((row) => JSON.stringify(row))
      .join("\n"),
  );
  await runRecipe(recipe(), { home, folder });
}, 120_000);

test("a model learns to choose; the usual place and likeness stand beside on the same rows, and chance", () => {
  const { accuracy, chance, baselines } = JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));
  expect(accuracy.value).toBeGreaterThan(0.9);
  expect(accuracy.low).toBeLessThan(accuracy.value);
  expect(chance).toBeCloseTo(0.35, 1);
  expect(baselines.verdict).toBe("better");
  for (const name of ["place", "similar"]) expect(baselines.models[name].accuracy).toBeLessThan(0.6);
  const [first] = readFileSync(join(folder, "predictions.jsonl"), "utf8").split("\n");
  const { truth, predicted, probabilities, choices } = JSON.parse(first!);
  expect(Object.keys(probabilities)).toHaveLength(choices.length);
  expect(Object.values<number>(probabilities).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  expect([truth, predicted].every((name) => name in probabilities)).toBe(true);
  expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("choice most similar to the question");
});

test("the command line chooses from lines and tables, and writes tables", async () => {
  const asked = "Which of these is a city?\tred\tParis\tsoup";
  expect((await concord(["predict", folder, asked])).out).toBe("Paris\n");
  const { out } = await concord(["predict", folder, asked, "--top", "3", "--json"]);
  const { answers } = JSON.parse(out) as { answers: { choice: string; answer: string; probability: number }[] };
  expect(answers[0]).toMatchObject({ choice: "B", answer: "Paris" });
  expect(answers.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
  writeFileSync(join(home, "new.jsonl"), JSON.stringify({ question: asked.split("\t")[0], choices: ["cow", "Rome"] }));
  const table = join(home, "answers.jsonl");
  await concord(["predict", folder, "--file", join(home, "new.jsonl"), "--out", table]);
  expect(JSON.parse(readFileSync(table, "utf8"))).toMatchObject({ rank: 1, choice: "B", answer: "Rome" });
  expect((await concord(["predict", folder, "no choices"])).err).toContain("two choices or more, with tabs between");
  expect((await concord(["predict", folder, "--sets", "0.9", asked])).err).toContain("it has no labels");
  writeFileSync(join(home, "bad.jsonl"), JSON.stringify({ question: "Which?", choices: ["one"] }));
  expect((await concord(["predict", folder, "--file", join(home, "bad.jsonl")])).err).toContain("few-choices");
  expect((await concord(["explain", folder, "a text"])).code).not.toBe(0);
});

test("a server chooses, and says what it needs", async () => {
  const server = await startServer({ models: [{ path: folder }], unsigned: true, port: 0, drainMs: 0 });
  const post = async (body: object) => {
    const headers = { "content-type": "application/json" };
    const reply = await fetch(`${server.url}/predict`, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: reply.status, body: await reply.text() };
  };
  try {
    const asked = { text: "Which of these is a food?", choices: ["Oslo", "cow", "bread"] };
    const found = await post(asked);
    expect(found.status).toBe(200);
    const [answer] = JSON.parse(found.body).answers;
    expect(answer.label).toBe("C");
    expect(answer.labels).toHaveLength(3);
    expect(await post({ text: asked.text })).toMatchObject({ status: 400, body: expect.stringContaining("has none") });
    expect(await post({ ...asked, pair: "x" })).toMatchObject({ status: 400 });
    expect(await post({ texts: ["a"], choices: ["b", "c"] })).toMatchObject({ status: 400 });
    expect(await post({ ...asked, choices: ["b", " "] })).toMatchObject({ status: 400 });
  } finally {
    await server.stop();
  }
});

test("a run is released, and whoever has the table verifies and recomputes its scores", async () => {
  const [key, policy, out] = ["keys/builder", "policy.yaml", "released"].map((name) => join(home, name));
  const ok = async (...args: string[]) => {
    const { code, out: said, err } = await concord(args);
    expect([code, err]).toEqual([0, expect.any(String)]);
    return said + err;
  };
  await ok("keys", key!, "--name", "Builder");
  await ok("policy", "init", folder, "--signer", `builder=${key}.pub.json`, "--out", policy!);
  await ok("release", folder, "--policy", policy!, "--key", `${key}.key`, "--out", out!);
  expect(readFileSync(policy!, "utf8")).toContain("metrics.beyondBaseline.accuracy");
  const verified = await ok("verify", out!, "--policy", policy!, "--recompute", join(home, "exam.jsonl"));
  expect(verified).toContain("VALID");
});
