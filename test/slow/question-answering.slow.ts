// Question answering from SQuAD's file to answers: learned from random weights, scored beside the nearest sentence, asked on the command
// line, and what the task cannot do refused by name.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { openQuoter, runRecipe } from "../../src/runs/index.ts";
import { startServer } from "../../src/serve/index.ts";
import { concord } from "../command-line.ts";
import { homesSquad } from "../homes.ts";
import { signedPolicy } from "../signed-policy.ts";

const home = mkdtempSync(join(tmpdir(), "concord-questions-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const text = `version: 1
name: questions
task: question-answering
data: { file: questions.json, text: question, pair: context, answer: answers, group: title }
model: { scratch: { width: 64, layers: 2, heads: 4, inner: 128 }, maxLength: 32 }
adapt: { epochs: 16, learningRate: 3.0e-3, batchSize: 16 }
evaluate: { resamples: 200 }
export: { onnx: true }
`;
const recipe = (...changes: string[]) => readRecipe(text, "recipe.yaml", changes);
const folder = join(home, "run");
const scores = (run: string) => JSON.parse(readFileSync(join(run, "metrics.json"), "utf8"));
const context = "Ada lives in Oslo.\nAda works as a baker.";

beforeAll(async () => {
  writeFileSync(join(home, "questions.json"), JSON.stringify(homesSquad(900)));
  await runRecipe(recipe(), { home, folder });
}, 300_000);

test("answers are found, none is given where there is none, and the nearest sentence stands beside", () => {
  const { answerF1, exactMatch, answered, unanswerable, baselines, byCharacters } = scores(folder);
  console.log("questions: F1", answerF1, "exact", exactMatch, JSON.stringify(baselines.models));
  expect(answerF1.value).toBeGreaterThan(0.8);
  expect(exactMatch.value).toBeGreaterThan(0.8);
  expect(unanswerable.rows).toBeGreaterThan(10);
  expect(unanswerable.exactMatch).toBeGreaterThan(0.5);
  expect(answered.rows + unanswerable.rows).toBe(scoresRows());
  expect(baselines.models.sentence.answerF1.value).toBeLessThan(answerF1.value);
  expect(byCharacters).toBe(0);
});

const scoresRows = () => readFileSync(join(folder, "predictions.jsonl"), "utf8").trim().split("\n").length;

test("the command line quotes the text exactly, several answers with their places, and a table of them", async () => {
  const asked = `Where does Ada live?\t${context}`;
  expect((await concord(["predict", folder, asked])).out).toBe("Oslo\n");
  const { out } = await concord(["predict", folder, asked, "--top", "3", "--json"]);
  const { answers } = JSON.parse(out) as { answers: { text: string; start: number; end: number; score: number }[] };
  expect(answers).toHaveLength(3);
  for (const { text: quote, start, end } of answers) expect(context.slice(start, end)).toBe(quote);
  expect(answers[0]!.score).toBeGreaterThan(answers[1]!.score);
  writeFileSync(join(home, "new.jsonl"), JSON.stringify({ question: "What is the job of Ada?", context }));
  const table = join(home, "answers.jsonl");
  await concord(["predict", folder, "--file", join(home, "new.jsonl"), "--out", table]);
  expect(JSON.parse(readFileSync(table, "utf8"))).toMatchObject({ rank: 1, answer: "baker" });
});

test("a text of many windows gives the answer wherever it stands", async () => {
  const { quoter } = await openQuoter(folder);
  const filler = "Ada works as a baker.\n".repeat(20);
  for (const long of [`${context}\n${filler}`, `${filler}Ada lives in Oslo.\n${filler}`]) {
    const quotes = (await quoter.quotes([["Where does Ada live?", long]], 5))[0]!;
    expect(quotes.map(({ text: quote }) => quote)).toContain("Oslo");
  }
  await quoter.dispose();
});

test("where an answer has to be given one is, and it is no longer than asked", async () => {
  const other = join(home, "forced");
  await runRecipe(recipe("adapt.quoting.none=false", "adapt.quoting.longest=1"), { home, folder: other });
  const predicted = (run: string) =>
    readFileSync(join(run, "predictions.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => String(JSON.parse(line).predicted));
  expect(predicted(folder)).toContain("");
  expect(predicted(other)).not.toContain("");
  expect(predicted(other).every((answer) => !/\s/.test(answer))).toBe(true);
}, 120_000);

test("a release is verified, served with the settings of its run, and answers as the run does", async () => {
  const key = join(home, "keys", "builder");
  const policy = join(home, "policy.yaml");
  await concord(["keys", key, "--name", "Us"]);
  writeFileSync(policy, signedPolicy("metrics.answerF1"));
  const released = await concord(["release", folder, "--policy", policy, "--key", `${key}.key`]);
  expect(released.code, released.err).toBe(0);
  const server = await startServer({ models: [{ path: join(folder, "release") }], policy, port: 0, threads: 1 });
  try {
    const reply = await fetch(`${server.url}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: "Where does Ada live?", pair: context, top: 1 }),
    });
    const { answers } = (await reply.json()) as { answers: { answers: object[] }[] };
    expect(answers[0]!.answers).toMatchObject([{ text: "Oslo", start: 13, end: 17 }]);
  } finally {
    await server.stop();
  }
});

test("groups are compared by F1 and exact match, changed questions cost some of it, and other audits are refused by name", async () => {
  const rows = homesSquad(600).data.flatMap(({ title, paragraphs: [one] }, k) =>
    one!.qas.map(({ question, answers }) => ({
      title,
      question,
      context: one!.context,
      answers,
      asker: k % 3 ? "a" : "b",
    })),
  );
  writeFileSync(join(home, "askers.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  const own = join(home, "audited");
  const changes = [
    "data.file=askers.jsonl",
    "data.attributes=[asker]",
    "adapt.epochs=10",
    "audit={robustness: {typos: [0.9]}}",
  ];
  await runRecipe(recipe(...changes), { home, folder: own });
  const read = (name: string) => JSON.parse(readFileSync(join(own, "audit", `${name}.json`), "utf8"));
  const lines = readFileSync(join(own, "predictions.jsonl"), "utf8").trim().split("\n");
  const ofA = lines.map((line) => JSON.parse(line)).filter(({ attributes }) => attributes.asker === "a");
  const exact = ofA.filter(({ truth, predicted }) => (truth.length ? truth.includes(predicted) : predicted === ""));
  const fairness = read("fairness");
  const { rows: counted, measures } = fairness.groupings[0].groups.a;
  expect([counted, measures.exactMatch.value]).toEqual([ofA.length, exact.length / ofA.length]);
  expect(fairness.judgedBy).toEqual(["answerF1"]);
  const { measure, clean, shifts } = read("robustness");
  expect([measure, clean.score.value]).toEqual(["answerF1", expect.closeTo(scores(own).answerF1.value, 1)]);
  const typos = shifts.find(({ kind }: { kind: string }) => kind === "typos");
  expect(typos.changed).toBeGreaterThan(0.5);
  expect(typos.loss.value).toBeGreaterThan(0);
  expect(readFileSync(join(own, "report.html"), "utf8")).toContain("F1 of answers");
  const refused = await concord(["audit", own, "--parts", "privacy"]);
  expect(refused.err).toMatch(/does not look at answers of this task[\s\S]*fairness, robustness/);
}, 300_000);

test("explaining and labels are refused by name", async () => {
  const explained = await concord(["explain", folder, "a text"]);
  expect(explained.code).not.toBe(0);
  expect(explained.err).toContain("question-answering");
  const sets = await concord(["predict", folder, "--sets", "0.9", `a?\t${context}`]);
  expect(sets.code).not.toBe(0);
  expect(sets.err).toContain("it has no labels");
  expect((await concord(["predict", folder, "no tab"])).err).toContain("two texts with a tab between");
});
