// Decisions that treat groups alike, in small runs: fitted by adapt, kept in the model folder, applied by evaluation, audits, prediction
// and the exported model.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { auditRun } from "../../src/runs/audit-run.ts";
import { evaluateRun } from "../../src/runs/evaluate-run.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { openModel } from "../../src/stages/open-model.ts";
import type { RunEvent } from "../../src/stages/stage.ts";
import { concord } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-decisions-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const rng = random(8);
const pick = (list: string) => list.split(" ")[rng.int(list.split(" ").length)]!;
// half of the texts do not say what hurts, and there the model goes by where somebody writes from: a planted gap
const lines = Array.from({ length: 1500 }, (_, i) => {
  const region = i % 150 === 7 ? "reef" : rng.int(2) ? "main" : "isle";
  const joint = rng.float() < (region === "main" ? 0.7 : 0.3);
  const told = rng.int(2) ? (joint ? pick("knee hip elbow") : pick("cough sneeze wheeze")) : "pain";
  const from = rng.int(10) ? (region === "main" ? pick("train city tower") : pick("boat harbour tide")) : "road";
  const noise = Array.from({ length: 3 }, () => pick("since then while left old new work night cold")).join(" ");
  return `${told} ${from} ${noise} ${i},${joint ? "joint" : "airways"},${region},all,p${i}`;
});
writeFileSync(join(home, "rows.csv"), `text,label,region,planet,patient\n${lines.join("\n")}\n`);
const text = `
version: 1
name: small
data: { file: rows.csv, attributes: [region, planet], split: { dev: 0.3, test: 0.3 } }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 16 }
adapt: { epochs: 10, learningRate: 3e-3, threads: 1 }
evaluate: { resamples: 30 }
export: { onnx: true }
audit:
  fairness: { resamples: 100, counterfactuals: 20 }
  privacy: false
  explanation: { rows: 2, classRows: 2, randomised: false, methods: [occlusion] }
  robustness: { rows: 40, foreignRows: 40 }
`;
interface Change {
  readonly before: { readonly value: number };
  readonly after: { readonly value: number };
}
interface Ran {
  readonly folder: string;
  readonly texts: string[];
  readonly change: { readonly macroF1: Change; readonly criterion: Change & { readonly attribute: string } };
  readonly values: Readonly<Record<string, { readonly value: number }>>;
  readonly rule: Readonly<Record<string, unknown>>;
}
const mitigated = (...overrides: string[]) => [
  "adapt.mitigation.attribute=region",
  ...overrides.map((o) => `adapt.mitigation.${o}`),
];
async function ran(name: string, ...overrides: string[]): Promise<Ran> {
  const folder = join(home, name);
  const texts: string[] = [];
  await runRecipe(readRecipe(text, "recipe.yaml", overrides), {
    home,
    folder,
    onEvent: (event: RunEvent) => "text" in event && texts.push(event.text),
  });
  const audit = JSON.parse(readFileSync(join(folder, "audit/fairness.json"), "utf8")) as Pick<Ran, "change" | "values">;
  const rule = JSON.parse(readFileSync(join(folder, "model/decisions.json"), "utf8")) as Ran["rule"];
  return { folder, texts, ...audit, rule };
}
interface Row {
  readonly predicted: string;
  readonly undecided: string;
  readonly attributes: { readonly region: string };
}
const predictions = (folder: string) =>
  readFileSync(join(folder, "predictions.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);

let run: Ran;
beforeAll(async () => {
  run = await ran("thresholds", ...mitigated("decisions=group-thresholds", "cost=0.3"));
}, 60_000);

test("thresholds by group: the gap is halved on test rows and reported before and after with its cost", () => {
  const { criterion, macroF1 } = run.change;
  expect(criterion.attribute).toBe("region");
  expect(criterion.before.value).toBeGreaterThan(0.25);
  expect(criterion.after.value).toBeLessThan(criterion.before.value / 2);
  expect(macroF1.after.value).toBeGreaterThan(macroF1.before.value - 0.15);
  expect(run.values["fairness.change.region.demographicParity"]!.value).toBeLessThan(-0.1);
  expect(run.values["fairness.change.macroF1"]).toBeDefined();
  expect(readFileSync(join(run.folder, "report.html"), "utf8")).toContain("region: demographic parity");
  expect(run.texts.join("\n")).toMatch(
    /Thresholds by group, fitted on the validation set: largest difference between groups of region/,
  );
});

test("what dev rows fitted stands in metrics.json and in the report, and that they fitted two things", () => {
  const { validation } = JSON.parse(readFileSync(join(run.folder, "metrics.json"), "utf8"));
  expect(validation).toEqual({
    rows: expect.any(Number),
    fitted: expect.arrayContaining(["temperature", "decisions"]),
  });
  expect(validation.rows).toBeGreaterThan(50);
  expect(readFileSync(join(run.folder, "report.html"), "utf8")).toMatch(
    /The same [\d,]+ validation rows fitted both the decision rule and the temperature/,
  );
});

test("a group with too few dev rows is named and keeps the model's own answers", () => {
  expect(run.rule.groups).toEqual(["isle", "main"]);
  expect(run.texts.join("\n")).toMatch(/too few validation rows keep the model's own predictions: reef/);
  const rows = predictions(run.folder);
  for (const row of rows.filter((r) => r.attributes.region === "reef")) expect(row.predicted).toBe(row.undecided);
  expect(rows.some((r) => r.predicted !== r.undecided)).toBe(true);
});

test("the same text is answered by its group, and a text without one is refused", async () => {
  const { predictor } = await openModel(run.folder);
  try {
    const texts = predictions(run.folder).map((_, i) => lines[i]!.split(",")[0]!);
    const answers = async (group: string) =>
      (await predictor.answers(texts, { groups: texts.map(() => group) })).map((a) => a.kind === "label" && a.label);
    const [main, isle, elsewhere] = [await answers("main"), await answers("isle"), await answers("moon")];
    expect(main).not.toEqual(isle);
    const own = await predictor.encodedLogits(
      (await predictor.tokenizer.encodeBatch(texts)).map(({ ids, typeIds }) => ({ ids, typeIds })),
    );
    const labels = predictor.model.labels!.names;
    expect(elsewhere).toEqual(own.map((z) => labels[z.indexOf(Math.max(...z))]));
    await expect(predictor.answers(["a knee"])).rejects.toThrow(/thresholds by region/);
  } finally {
    await predictor.dispose();
  }
});

test("concord predict takes the group from the table's column or --group, and says what is missing", async () => {
  const told = await concord(["predict", run.folder, "pain boat", "--group", "isle"]);
  expect(told.code, told.err).toBe(0);
  const untold = await concord(["predict", run.folder, "pain boat"]);
  expect(untold.code).toBe(64);
  expect(untold.err).toMatch(/thresholds by region[\s\S]*--group VALUE \(isle, main\)[\s\S]*linear-post/);
  const table = join(home, "asked.csv");
  writeFileSync(table, "text,region\npain boat,isle\npain boat,main\npain boat,moon\n");
  const asked = await concord(["--json", "predict", run.folder, "--file", table]);
  expect(asked.code, asked.err).toBe(0);
  const ranked = asked.out.trim().split("\n");
  expect(new Set(ranked.map((line) => JSON.stringify(JSON.parse(line).labels ?? line))).size).toBeGreaterThan(1);
  expect(asked.err).toMatch(/1 texts have a region without fitted thresholds/);
  writeFileSync(table, "text,place\npain boat,isle\n");
  const lacking = await concord(["predict", run.folder, "--file", table]);
  expect(lacking.code).toBe(65);
  expect(lacking.err).toMatch(/no column region[\s\S]*text, place[\s\S]*--group VALUE/);
  const scored = evaluateRun(run.folder, { data: join(home, "unlabelled.csv") });
  writeFileSync(join(home, "unlabelled.csv"), "text,label\nmy knee,joint\n");
  await expect(scored).rejects.toThrow(/no column region/);
});

test("an explanation is of the decided label, and needs the group too", async () => {
  const told = await concord(["explain", run.folder, "pain boat", "--group", "isle", "--method", "occlusion"]);
  expect(told.code, told.err).toBe(0);
  expect(told.err).toMatch(/The prediction comes from group-thresholds/);
  expect((await concord(["explain", run.folder, "pain boat"])).code).toBe(64);
});

test("a rule of another model, or one that is broken, is refused", async () => {
  const other = join(home, "broken");
  cpSync(join(run.folder, "model"), other, { recursive: true });
  const write = (change: object) =>
    writeFileSync(join(other, "decisions.json"), JSON.stringify({ ...run.rule, ...change }));
  for (const [change, words] of [
    [{ labels: ["a", "b"] }, /other labels/],
    [{ scale: [[1]] }, /not whole/],
    [{ kind: "coin" }, /not known/],
    [{ version: 2 }, /another version/],
  ] as const) {
    write(change);
    await expect(openModel(other)).rejects.toThrow(words);
  }
});

test("audits of the finished run find the same again", async () => {
  const again = await auditRun(run.folder, {
    parts: ["fairness"],
    settings: { fairness: { resamples: 100, counterfactuals: 20 } },
  });
  const { values } = again.fairness!;
  expect(values["fairness.change.macroF1"]).toEqual(run.values["fairness.change.macroF1"]);
});

test("linear post-processing halves the gap without being told a group, also in the exported model", async () => {
  const blind = await ran("blind", ...mitigated("decisions=linear-post", "cost=0.3"), "audit.explanation=false");
  const { criterion, macroF1 } = blind.change;
  expect(criterion.after.value).toBeLessThan(criterion.before.value / 2);
  expect(macroF1.after.value).toBeGreaterThan(macroF1.before.value - 0.15);
  const { code, err } = await concord(["predict", blind.folder, "pain boat"]);
  expect(code, err).toBe(0);
  expect((await concord(["predict", blind.folder, "pain boat", "--group", "isle"])).code).toBe(64);
  const exported = await concord(["export", blind.folder, "--to", "onnx", "--out", join(home, "exported")]);
  expect(exported.err).toMatch(/needs decisions\.json for its predictions\. Other runtimes do not apply it/);
  expect(existsSync(join(home, "exported/decisions.json"))).toBe(true);
});

test("exponentiated gradient puts a fairer head into the model itself", async () => {
  const own = await ran(
    "head",
    ...mitigated("decisions=exponentiated-gradient", "cost=0.3"),
    "audit.explanation=false",
    "audit.robustness=false",
  );
  const { criterion, macroF1 } = own.change;
  expect(criterion.after.value).toBeLessThan(criterion.before.value / 2);
  expect(macroF1.after.value).toBeGreaterThan(macroF1.before.value - 0.15);
  const rows = predictions(own.folder);
  rmSync(join(own.folder, "model/decisions.json")); // the head needs no rule to answer
  const { predictor } = await openModel(own.folder);
  const shares = (of: (row: Row) => string) => rows.filter((r) => of(r) === "joint").length;
  expect(shares((r) => r.predicted)).not.toBe(shares((r) => r.undecided));
  await predictor.dispose();
});

test.each([
  [["decisions=group-thresholds", "attribute=planet"], /all rows have the same value in planet on the validation set/],
  [["decisions=linear-post", "positive=joints"], /positive label is none/],
])("%s is refused before training", async (options, words) => {
  const recipe = readRecipe(text, "recipe.yaml", mitigated(...options));
  const events: RunEvent[] = [];
  const run = runRecipe(recipe, { home, folder: join(home, "refused"), onEvent: (e) => events.push(e) });
  await expect(run).rejects.toThrow(words);
  expect(events.some((e) => e.kind === "progress" && e.stage === "adapt")).toBe(false);
});

test("few dev rows of a group are told with how little they show", async () => {
  const told: string[] = [];
  const few = ["data.split.dev=0.06", "audit.fairness=false", "audit.explanation=false", "audit.robustness=false"];
  const recipe = readRecipe(text, "recipe.yaml", [
    ...mitigated("decisions=group-thresholds"),
    "adapt.epochs=1",
    ...few,
  ]);
  const onEvent = (e: RunEvent) => e.kind === "warning" && told.push(e.text);
  await runRecipe(recipe, { home, folder: join(home, "few"), onEvent });
  expect(told.join("\n")).toMatch(/(isle|main) has only [3-5]\d validation rows, .* within ±0\.1/);
});

test("too few dev rows of all groups but one are refused, with what to do", async () => {
  const recipe = readRecipe(text, "recipe.yaml", [...mitigated("decisions=linear-post"), "evaluate.smallestCell=250"]);
  await expect(runRecipe(recipe, { home, folder: join(home, "refused") })).rejects.toThrow(
    /at least 250 validation rows[\s\S]*isle/,
  );
});

test.each([
  ["decisions: linear-post", "single-label", /attribute/],
  ["attribute: age, decisions: linear-post", "single-label", /data\.attributes/],
  ["attribute: region, decisions: coin", "single-label", /decisions/],
  ["attribute: region, decisions: linear-post", "multi-label", /single labels/],
  ["attribute: region, decisions: linear-post, tolerance: 0", "single-label", /tolerance/],
])("{ %s } for %s is refused when the recipe is read", (mitigation, task, words) => {
  const source = `{ version: 1, name: t, task: ${task}, data: { file: t.csv, attributes: [region] }, model: { from: m }, adapt: { mitigation: { ${mitigation} } } }`;
  expect(() => readRecipe(source, "t.yaml")).toThrow(words);
});
