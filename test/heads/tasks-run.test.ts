// Several tasks on one encoder from a table to answers: rows that lack labels, each task's scores beside its own baselines, answers on the
// command line and over HTTP, a release that is recomputed; and what several heads cannot do is refused by name.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { compareRuns, runRecipe } from "../../src/runs/index.ts";
import { startServer } from "../../src/serve/index.ts";
import { openModel } from "../../src/stages/index.ts";
import { concord } from "../command-line.ts";
import { fault } from "../fault.ts";
import { ticketRows, ticketTable } from "../ticket-rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-tasks-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const text = `version: 1
name: tickets
task: multi-task
tasks:
  topic: { task: single-label }
  mood: { task: multi-label, label: tags, weight: 0.5 }
  days: { task: regression }
data: { file: tickets.csv }
model: { scratch: { width: 32, layers: 1, heads: 2, inner: 64, dropout: 0, scale: 0.2 }, maxLength: 24 }
adapt: { epochs: 8, learningRate: 3.0e-3, batchSize: 16 }
evaluate: { resamples: 100 }
`;
const recipe = (...changes: string[]) => readRecipe(text, "recipe.yaml", changes);
const folder = join(home, "run");
const json = (path: string, of = folder) => JSON.parse(readFileSync(join(of, path), "utf8"));
const lines = (path: string) =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const ok = async (...args: string[]) => {
  const { code, out: said, err } = await concord(args);
  expect([code, err]).toEqual([0, expect.any(String)]);
  return said + err;
};

beforeAll(async () => {
  writeFileSync(join(home, "tickets.csv"), ticketTable(ticketRows(600)));
  await runRecipe(recipe(), { home, folder });
}, 120_000);

test("each task is scored on the rows that have its label, beside its own baselines", () => {
  const { meanScore, tasks } = json("metrics.json");
  const { topic, mood, days } = tasks;
  const { tasks: counts, parts } = json("data/data-report.json");
  for (const [name, { rows }] of Object.entries<{ rows: number }>(tasks)) {
    expect(rows).toBe(counts[name].test);
    expect(rows).toBeLessThan(parts.test);
  }
  expect(topic.accuracy.value).toBeGreaterThan(0.9);
  expect(mood.microF1.value).toBeGreaterThan(0.9);
  expect(days.r2.value).toBeGreaterThan(0.9);
  expect([topic, mood, days].map(({ baselines }) => [baselines.best, Object.keys(baselines.models)])).toEqual(
    Array(3).fill(["linear", ["majority", "linear"]]),
  );
  expect(topic.baselines.models.majority.macroF1).toBeLessThan(0.4);
  expect(days.baselines.models.majority.r2.value).toBeLessThan(0.1);
  const first = (topic.macroF1.value + 0.5 * mood.macroF1.value + days.r2.value) / 2.5;
  expect(meanScore.value).toBeCloseTo(first, 10);
  expect(meanScore.low).toBeLessThan(meanScore.value);
  expect(topic.temperature).toBeGreaterThan(0);
  const page = readFileSync(join(folder, "report.html"), "utf8");
  expect(page).toContain(`days: one number per row, ${days.rows} test rows with a label`);
  expect(page).toContain("Rows with a label of each task");
});

test("predictions have the tasks of each row, numbers in their own unit", async () => {
  const rows = lines(join(folder, "data/test.jsonl"));
  for (const [i, { truth, predicted, probabilities }] of lines(join(folder, "predictions.jsonl")).entries()) {
    expect(Object.keys(truth)).toEqual(Object.keys(rows[i].targets));
    expect(Object.keys(predicted)).toEqual(Object.keys(rows[i].targets));
    if ("topic" in truth) expect(probabilities[`topic: ${predicted.topic}`]).toBeGreaterThan(0.3);
    if ("days" in truth) expect(Math.abs(predicted.days - truth.days)).toBeLessThan(5);
  }
  const { predictor, temperatures } = await openModel(folder);
  const [answer] = await predictor.answers(["please invoice today furious sometime"], { temperatures });
  await predictor.dispose();
  expect(Object.keys(temperatures!)).toEqual(["topic"]);
  expect(answer).toMatchObject({
    kind: "tasks",
    tasks: { topic: { kind: "label", label: "billing" }, mood: { kind: "labels", labels: ["angry"] } },
  });
});

test("the command line answers with every task, in lines, JSON and tables", async () => {
  const asked = "please invoice today furious sometime";
  const line = (await concord(["predict", folder, asked])).out;
  expect(line).toMatch(/^topic: billing 0\.\d+ {2}mood: angry 0\.\d+ {2}days: \d+\.\d+\t/);
  const { tasks } = JSON.parse((await concord(["predict", folder, asked, "--json", "--top", "2"])).out);
  expect(tasks).toMatchObject({ topic: { label: "billing" }, mood: { label: ["angry"] } });
  expect(tasks.topic.labels).toHaveLength(2);
  expect(tasks.days.value).toBeGreaterThan(8);
  const table = join(home, "answers.csv");
  await ok("predict", folder, "--file", join(home, "tickets.csv"), "--out", table);
  const [header, ...rows] = readFileSync(table, "utf8").trim().split(/\r?\n/);
  expect(header).toBe("text,topic,tags,days,topic_label,topic_probability,mood_label,mood_probability,days_value");
  expect(rows).toHaveLength(600);
  await ok("predict", folder, asked, "--out", join(home, "answers.jsonl"));
  expect(lines(join(home, "answers.jsonl"))[0].tasks.topic.label).toBe("billing");
  const scored = await ok("evaluate", folder, "--data", join(home, "tickets.csv"), "--out", join(home, "again"));
  expect(scored).toContain("Task days");
  expect(json("metrics.json", join(home, "again")).tasks.topic.rows).toBeGreaterThan(400);
  const explained = await concord(["explain", folder, asked]);
  expect([explained.code === 0, explained.err]).toEqual([false, expect.stringContaining("several heads")]);
  const compressed = await concord(["compress", folder, "--to", "int8"]);
  expect([compressed.code === 0, compressed.err]).toEqual([false, expect.stringContaining("not compressed so far")]);
  expect((await concord(["audit", folder])).err).toContain("multi-task");
});

test("a server answers with every task", async () => {
  const server = await startServer({ models: [{ path: folder }], unsigned: true, port: 0, drainMs: 0 });
  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const reply = await fetch(`${server.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: reply.status, body: await reply.text() };
  };
  try {
    const found = await post("/predict", { text: "well parcel again newcomer now", abstain: 0.1 });
    expect(found.status).toBe(200);
    const [{ tasks }] = JSON.parse(found.body).answers;
    expect(tasks).toMatchObject({ topic: { label: "delivery" }, mood: { label: ["new"] } });
    expect(tasks.days.value).toBeLessThan(2);
    expect(await post("/predict", { text: "well", explain: true })).toMatchObject({ status: 400 });
    const scored = await post("/models/run", { inputs: "well parcel again now" });
    expect([scored.status, scored.body]).toEqual([400, expect.stringContaining("a model that gives labels")]);
    const inputs = [{ name: "text", datatype: "BYTES", shape: [1], data: ["well parcel again now"] }];
    const inferred = await post("/v2/models/run/infer", { inputs });
    expect([inferred.status, inferred.body]).toEqual([200, expect.stringContaining("delivery")]);
  } finally {
    await server.stop();
  }
});

test("a run is released, and whoever has the table verifies and recomputes its scores; a released model has the run's temperatures", async () => {
  const [key, policy, out] = ["keys/builder", "policy.yaml", "released"].map((name) => join(home, name));
  await ok("keys", key!, "--name", "Builder");
  await ok("policy", "init", folder, "--signer", `builder=${key}.pub.json`, "--out", policy!);
  const proposed = readFileSync(policy!, "utf8");
  expect(proposed).toContain("metrics.tasks.topic.beyondBaseline.macroF1");
  // linear models are as good here: their gates would fail
  writeFileSync(policy!, proposed.replace(/^.*\{ value: "metrics\.tasks\.(mood|days)\..*\n/gm, ""));
  await ok("release", folder, "--policy", policy!, "--key", `${key}.key`, "--out", out!);
  const { payload } = JSON.parse(readFileSync(join(out!, "passport.json"), "utf8"));
  expect(JSON.parse(atob(payload)).values).toHaveProperty(["metrics.tasks.days.r2"]);
  expect(await ok("verify", out!, "--policy", policy!, "--recompute", join(home, "tickets.csv"))).toContain("VALID");
  const server = await startServer({ models: [{ path: out! }], policy: policy!, port: 0, drainMs: 0 });
  try {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ text: "please invoice today furious sometime" });
    const { answers } = await (await fetch(`${server.url}/predict`, { method: "POST", headers, body })).json();
    const asRun = JSON.parse((await concord(["predict", folder, JSON.parse(body).text, "--json", "--top", "3"])).out);
    expect(answers[0].tasks.topic).toEqual(asRun.tasks.topic);
  } finally {
    await server.stop();
  }
});

test("runs are compared by the mean and by task; an adapter learns all tasks; the best epoch is that of the mean", async () => {
  const other = join(home, "lora");
  await runRecipe(recipe("adapt.method=lora", "adapt.keep=best", "adapt.learningRate=1.0e-2"), { home, folder: other });
  const { scores, runs } = await compareRuns([folder, other]);
  expect(scores).toEqual(["meanScore", "topic.macroF1", "mood.macroF1", "days.r2"]);
  expect(runs[0]!.scores.meanScore!.value).toBeCloseTo(json("metrics.json").meanScore.value, 10);
  expect(runs[1]!.better!.meanScore!.verdict).toMatch(/better|worse|no-difference/);
  const { epochs } = json("curves.json", other);
  for (const { score } of epochs) expect(score).toBeLessThanOrEqual(1);
});

test("private training takes means from the recipe; a search goes by the mean of the validation set", async () => {
  const secret = join(home, "private");
  const targets = "tasks.days.targets={mean: 4, std: 4}";
  await runRecipe(recipe("adapt.privacy={noise: 0.5}", "adapt.epochs=2", targets), { home, folder: secret });
  expect(json("privacy.json", secret).epsilon).toBeGreaterThan(0);
  const { tasks } = json("metrics.json", secret);
  expect([tasks.topic.rows > 0, "baselines" in tasks.topic]).toEqual([true, false]);
  const search =
    "search: { space: { adapt.learningRate: { log: [1.0e-3, 1.0e-2] } }, trials: 2, objectives: [score, latency] }\n";
  writeFileSync(join(home, "tune.yaml"), `${text.replace("epochs: 8", "epochs: 3")}${search}`);
  const said = await ok("tune", join(home, "tune.yaml"), "--out", join(home, "study"));
  expect(said).toMatch(/mean of the tasks|score/);
}, 60_000);

test.each([
  ["tasks", ["task=single-label"], /only multi-task has several tasks/],
  ["tasks.days.labels", ["tasks.days.labels=[a, b]"], /numbers have no labels/],
  ["tasks.topic.separator", ['tasks.topic.separator=","'], /only several labels are separated/],
  ["tasks.topic.targets", ["tasks.topic.targets={mean: 1, std: 2}"], /only numbers/],
  ["tasks.days.targets", ["adapt.privacy={epsilon: 3}"], /must not read mean/],
  ["tasks.tags.task", ["tasks.tags={task: entities}"], /one of: single-label, multi-label, regression/],
  ["tasks", ["tasks.1st={task: regression}"], /begin with a letter/],
  ["tasks", ["tasks={a: {task: regression}}"], /two to 64 tasks/],
  ["data.label", ["data.label=topic"], /each task has its own column/],
  ["data.rename", ["data.rename={a: b}"], /each task has its own labels/],
  ["adapt.labelSmoothing", ["adapt.labelSmoothing=0.1"], /not smoothed/],
  ["adapt.imbalance.focal", ["adapt.imbalance.focal=2"], /only labels/],
  ["adapt.imbalance.weights", ["adapt.imbalance.weights=balanced"], /only single labels/],
  ["adapt.mitigation", ["adapt.mitigation.augment=true"], /one head/],
  ["audit", ["audit={}"], /one head/],
  ["modality", ["modality=image"], /./],
])("%s is refused by name", (path, changes, problem) => {
  const { facts } = fault("E_CONFIG", () => recipe(...changes));
  const said = JSON.stringify(facts);
  expect(said).toMatch(problem);
  if (path !== "modality") expect(said).toContain(path);
});
