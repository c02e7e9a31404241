// Recipes on a small table, with the real runtime: everything is made, nothing is made twice, an interrupted run ends the same.
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { random } from "../base/index.ts";
import { readRecipe } from "../recipe/read-recipe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { openModel } from "../stages/open-model.ts";
import type { RunEvent } from "../stages/stage.ts";
import { auditRun } from "./audit-run.ts";
import { evaluateRun } from "./evaluate-run.ts";
import { planRecipe, runRecipe } from "./run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-pipeline-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const symptoms = {
  flu: ["fever", "shivers", "aching limbs", "发烧"],
  cold: ["runny nose", "sneezing", "sore throat", "流鼻涕"],
};
const fillers = [
  "since monday",
  "again",
  "and I cannot sleep",
  "at work",
  "my child too",
  "昨天开始",
  "every morning",
  "after lunch",
];
const rng = random(4);
const pick = <T>(list: readonly T[]): T => list[rng.int(list.length)]!;
const lines = Array.from({ length: 240 }, (_, i) => {
  const label = i % 2 ? "flu" : "cold";
  return `"I have ${pick(symptoms[label])} ${pick(fillers)}, ${pick(fillers)} ${i}",${label},p${i >> 1},${i % 3 ? "f" : "m"}`;
});
writeFileSync(join(home, "messages.csv"), `text,disease,patient,sex\n${lines.join("\n")}\n`);

const text = `
version: 1
name: symptoms
data: { file: messages.csv, label: disease, group: patient, attributes: [sex], split: { dev: 0.2, test: 0.3 } }
model: { scratch: { vocabulary: 300, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 32 }
pretrain: { epochs: 1, batchSize: 16 }
adapt: { epochs: 4, batchSize: 16, learningRate: 3e-3, threads: 1 }
evaluate: { resamples: 50 }
`;
const recipe = (...overrides: string[]): Recipe => readRecipe(text, "recipe.yaml", overrides);

async function run(
  folder: string,
  which: Recipe,
  signal?: AbortSignal,
  onEvent?: (event: RunEvent) => void,
): Promise<string[]> {
  const started: string[] = [];
  await runRecipe(which, {
    home,
    folder: join(home, folder),
    signal,
    onEvent: (event) => {
      if (event.kind === "stage" && event.state === "started") started.push(event.stage);
      onEvent?.(event);
    },
  });
  return started;
}
const read = (folder: string, ...path: string[]) => readFileSync(join(home, folder, ...path));

test("a run makes data, model, scores and export; a second one does nothing; a changed rate repeats what follows", async () => {
  expect(await planRecipe(recipe(), { home, folder: join(home, "a") })).toHaveLength(8);
  expect(await run("a", recipe())).toEqual([
    "prepare",
    "pretrain",
    "adapt",
    "baseline",
    "evaluate",
    "profile",
    "export",
    "report",
  ]);
  const metrics = JSON.parse(read("a", "metrics.json").toString());
  expect(metrics.accuracy.value).toBeGreaterThan(0.9);
  expect(metrics.accuracy.low).toBeLessThanOrEqual(metrics.accuracy.value);
  expect(Object.keys(metrics.groups.sex)).toEqual(["f", "m"]);
  expect(read("a", "onnx", "model.onnx").length).toBeGreaterThan(10_000);
  const report = JSON.parse(read("a", "data", "data-report.json").toString());
  expect(report.rows).toMatchObject({ in: 240, quarantined: 0 });
  if (process.platform !== "win32") {
    const modeOf = (...path: string[]) => (statSync(join(home, "a", ...path)).mode & 0o777).toString(8);
    expect(modeOf()).toBe("700"); // others on the machine see neither rows nor answers
    expect([modeOf("data", "train.jsonl"), modeOf("predictions.jsonl")]).toEqual(["600", "600"]);
  }

  expect(await run("a", recipe())).toEqual([]);
  const changed = recipe("adapt.learningRate=2e-3");
  const plan = await planRecipe(changed, { home, folder: join(home, "a") });
  expect(plan.map((p) => p.does)).toEqual(["keep", "keep", "run", "keep", "run", "run", "run", "run"]);
  expect(plan[2]!.why).toBe("changed: settings.adapt.learningRate");
  expect(await run("a", changed)).toEqual(["adapt", "evaluate", "profile", "export", "report"]); // baselines do not depend on it
  expect(await run("a", recipe("evaluate.resamples=60", "adapt.learningRate=2e-3"))).toEqual([
    "evaluate",
    "profile",
    "export",
    "report",
  ]);
  expect(read("a", "report.html").toString()).toMatch(/^<!doctype html>[\s\S]*<title>symptoms: run report/);
  const chinese = recipe("evaluate.resamples=60", "adapt.learningRate=2e-3", "report.language=zh");
  expect(await run("a", chinese)).toEqual(["report"]);
  expect(read("a", "report.html").toString()).toContain("symptoms：运行报告");
  const without = recipe("evaluate.resamples=60", "adapt.learningRate=2e-3", "report.examples=0");
  expect(await run("a", without)).toEqual(["report"]);
  expect(read("a", "report.html").toString()).not.toContain("I have ");
});

test("scores of a table that repeats training rows stand beside those of its other rows", async () => {
  const folder = join(home, "a");
  const all = await evaluateRun(folder, { data: join(home, "messages.csv") });
  const trained = new Set(
    read("a", "data", "train.jsonl").toString().trim().split("\n").map((line) => JSON.parse(line).text as string), // biome-ignore format: a row
  );
  const isNew = (line: string) => !trained.has(/^"(.*)"/.exec(line)![1]!);
  writeFileSync(join(home, "new.csv"), `text,disease,patient,sex\n${lines.filter(isNew).join("\n")}\n`);
  const fresh = await evaluateRun(folder, { data: join(home, "new.csv") });
  expect(trained.size).toBeGreaterThan(50);
  expect(all.record.notInTraining).toEqual({
    rows: 240 - trained.size,
    leftOut: trained.size,
    accuracy: fresh.record.accuracy,
    macroF1: fresh.record.macroF1,
  });
  expect(all.text).toMatch(
    /\nWithout the \d+ test rows that are also in training \(\d+ rows left\): macro F1|accuracy/,
  );
  expect(fresh.record).not.toHaveProperty("notInTraining");
  writeFileSync(
    join(home, "old.csv"),
    `text,disease,patient,sex\n${lines.filter((line) => !isNew(line)).join("\n")}\n`,
  );
  const old = await evaluateRun(folder, { data: join(home, "old.csv") });
  expect(old.text).toMatch(/All \d+ test rows are also in training: these scores say nothing/);
});

test("a script reads texts as the run's rows were read: control characters and runs of white space change nothing", async () => {
  const { predictor } = await openModel(join(home, "a"));
  const [plain, odd] = await predictor.logits(["my knee hurts", " my\u0000 knee\u200b \t\n hurts "]);
  expect(odd).toEqual(plain);
  await predictor.dispose();
});

test("a run that is interrupted while training ends, when repeated, with the same weights as an undisturbed one", async () => {
  const stop = new AbortController();
  const interrupted = run("b", recipe("adapt.learningRate=2e-3"), stop.signal, (event) => {
    if (event.kind === "progress" && event.stage === "adapt" && event.done === 5) stop.abort();
  });
  await expect(interrupted).rejects.toThrow(/E_INTERRUPTED[\s\S]*saved/);
  expect(await run("b", recipe("adapt.learningRate=2e-3"))).toEqual([
    "adapt",
    "baseline",
    "evaluate",
    "profile",
    "export",
    "report",
  ]);
  expect(read("b", "model", "model.safetensors").equals(read("a", "model", "model.safetensors"))).toBe(true);
  expect(read("b", "curves.json").toString()).toBe(read("a", "curves.json").toString());
});

test("an adapter is saved beside the merged model", async () => {
  expect(await run("c", recipe("adapt.method=lora", "adapt.base=int8", "adapt.epochs=1", "export.onnx=false"))).toEqual(
    ["prepare", "pretrain", "adapt", "baseline", "evaluate", "profile", "report"],
  );
  expect(JSON.parse(read("c", "adapter", "adapter_config.json").toString()).peft_type).toBe("LORA");
});

test("a recipe that starts from a folder repeats training when its tokenizer changes", async () => {
  cpSync(join(home, "a", "model"), join(home, "base"), { recursive: true });
  const started = recipe("model={ from: base, maxLength: 32 }", "adapt.epochs=1", "pretrain=null", "export.onnx=false");
  await run("e", started);
  const plan = async () => (await planRecipe(started, { home, folder: join(home, "e") })).map((p) => p.why);
  expect(await plan()).toEqual(Array(6).fill("unchanged"));
  appendFileSync(join(home, "base", "tokenizer.json"), " ");
  expect((await plan())[1]).toBe("changed: settings.weights.tokenizer.json");
});

test("log.jsonl tells what every call did, failures included, and steps are not in it", async () => {
  const lines = read("b", "log.jsonl")
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => line.kind)).not.toContain("progress");
  expect(lines.filter((line) => line.kind === "failed")).toMatchObject([{ code: "E_INTERRUPTED", operation: "adapt" }]);
  const after = lines
    .slice(lines.findIndex((line) => line.kind === "failed") + 1)
    .filter((line) => line.kind === "stage");
  expect(after[0]).toMatchObject({ stage: "prepare", state: "cached", at: expect.stringMatching(/^2\d{3}-.*Z$/) });
  expect(after.at(-1)).toMatchObject({ stage: "report", state: "finished" });
});

test("concord audit leaves results under the hashes of concord run: nothing is repeated", async () => {
  const light = "{ counterfactuals: 0, resamples: 20 }";
  const audited = recipe(
    "adapt.epochs=1",
    "pretrain=null",
    "export.onnx=false",
    `audit={ fairness: ${light}, privacy: false, explanation: false, robustness: false }`,
  );
  await run("f", audited);
  const records = await auditRun(join(home, "f"));
  expect(Object.keys(records)).toEqual(["fairness"]);
  const plan = await planRecipe(audited, { home, folder: join(home, "f") });
  expect(plan.map((p) => [p.stage, p.does])).toEqual(
    ["prepare", "adapt", "baseline", "evaluate", "profile", "audit-fairness", "report"].map((stage) => [stage, "keep"]),
  );
});

test("without a test part nothing is measured, and a run can end after any stage", async () => {
  const untested = recipe("data.split.test=0", "adapt.epochs=1", "pretrain=null", "export.onnx=false");
  const until = async (stage?: string) =>
    Object.keys(await runRecipe(untested, { home, folder: join(home, "g"), until: stage }));
  expect(await until("prepare")).toEqual(["prepare"]);
  expect(await until()).toEqual(["prepare", "adapt", "report"]);
  expect(read("g", "report.html").toString()).toContain("symptoms: run report");
  await expect(auditRun(join(home, "g"))).rejects.toThrow(/no finished stage evaluate[\s\S]*data\.split\.test/);
  expect(() => recipe("data.split.test=0", "audit={}")).toThrow(/audits need a test set/);
  await expect(until("adpt")).rejects.toThrow(/E_ARGUMENT[\s\S]*did you mean adapt/);
});

test("a missing file is named, and the folder is free again", async () => {
  await expect(run("d", recipe("data.file=none.csv"))).rejects.toThrow(/E_IO[\s\S]*none\.csv/);
  await expect(run("d", recipe("data.text=txt"))).rejects.toThrow(/there is no column txt[\s\S]*did you mean text/);
});
