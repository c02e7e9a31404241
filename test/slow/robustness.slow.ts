// The audit of robustness in small runs, of labels and of numbers, and prediction sets on the command line.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { robustnessAudit } from "../../src/audit/robustness.ts";
import { random } from "../../src/base/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { audit, auditContext } from "../audit/context.ts";
import { concord } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-audit-robustness-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const rng = random(4);
const pick = (list: string) => list.split(" ")[rng.int(list.split(" ").length)]!;
const filler = () =>
  Array.from({ length: 5 }, () => pick("since then while left often work doctor very night cold rain 今天 昨天")).join(
    " ",
  );
const lines = Array.from({ length: 500 }, (_, i) => {
  const kind = ["joint", "airways", "skin"][i % 3]!;
  const said = { joint: "knee hurts 膝盖", airways: "cough wheeze 咳嗽", skin: "rash itching 皮疹" }[kind]!;
  const label = rng.int(8) ? kind : pick("joint airways skin"); // some labels are chance: sets of one label cannot do
  return `${pick(said)} ${filler()} ${i},${label},${rng.int(2) ? "f" : "m"},${(i % 3) + rng.normal() / 4}`;
});
writeFileSync(join(home, "rows.csv"), `text,label,sex,value\n${lines.join("\n")}\n`);
const text = (label: string) => `
version: 1
name: small
${label === "value" ? "task: regression" : ""}
data: { file: rows.csv, label: ${label}, attributes: [sex], split: { dev: 0.3, test: 0.3 } }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 24 }
adapt: { epochs: 5, learningRate: 3e-3, threads: 1 }
evaluate: { resamples: 100 }
export: { onnx: false }
audit: { fairness: false, privacy: false, explanation: false }
`;
interface Found {
  readonly values: Readonly<Record<string, { value: number; low?: number; high?: number }>>;
  readonly shifts: { kind: string; changed: number; loss: { value: number } }[];
  readonly foreign?: { texts: number };
  readonly sets: {
    scores: { by: string; labels?: object };
    coverage: { promised: number; size: number; all: { value: number } };
  };
}
async function audited(folder: string, label: string, ...overrides: string[]): Promise<Found> {
  await runRecipe(readRecipe(text(label), "recipe.yaml", overrides), { home, folder: join(home, folder) });
  return JSON.parse(readFileSync(join(home, folder, "audit/robustness.json"), "utf8")) as Found;
}
let found: Found;
beforeAll(async () => {
  found = await audited("labels", "label");
}, 60_000);

test("changed texts, foreign texts and sets have their numbers with intervals, by stable names", () => {
  for (const name of [
    "clean.accuracy",
    "typos10.accuracy",
    "typos30.loss",
    "typos30.flips",
    "synonyms50.accuracy",
    "foreign.energy.auroc",
    "foreign.unsureness.auroc",
    "foreign.distance.auroc",
    "sets.coverage",
    "sets.sex.f.coverage",
  ]) {
    const { value, low, high } = found.values[`robustness.${name}`]!;
    expect(low, name).toBeLessThanOrEqual(value);
    expect(high, name).toBeGreaterThanOrEqual(value);
  }
  expect(found.values["robustness.typos30.flips"]!.value).toBeGreaterThan(
    found.values["robustness.typos10.flips"]!.value,
  );
  expect(found.values["robustness.clean.ece"]!.value).toBeGreaterThan(0);
  expect(found.shifts.map((s) => s.kind)).toEqual(["typos", "typos", "synonyms"]);
  expect(found.foreign!.texts).toBeGreaterThan(50);
  expect(found.values["robustness.foreign.distance.auroc"]!.value).toBeGreaterThan(0.8);
  // 150 dev and 150 test rows: four standard deviations around what was promised
  expect(Math.abs(found.values["robustness.sets.coverage"]!.value - 0.9)).toBeLessThan(0.14);
});

test("the report shows them in both languages", async () => {
  const english = readFileSync(join(home, "labels/report.html"), "utf8");
  expect(english).toMatch(
    /id="robustness-title">Robustness<[\s\S]*typos in 10\.0 % of the words[\s\S]*energy[\s\S]*contain the true label for 90\.0 %/,
  );
  await audited("labels", "label", "report.language=zh");
  expect(readFileSync(join(home, "labels/report.html"), "utf8")).toMatch(
    /错别字：10\.0 % 的词[\s\S]*目标是对 90\.0 % 的行/,
  );
});

test("predict gives sets for any coverage, in the terminal, JSON and CSV; larger promises give larger sets", async () => {
  const folder = join(home, "labels");
  const set = async (coverage: string) =>
    JSON.parse((await concord(["predict", folder, "rain and a cough", "--json", "--sets", coverage])).out)
      .set as string[];
  const [few, most] = [await set("0.5"), await set("0.99")];
  expect(most.length).toBeGreaterThan(few.length);
  expect(most).toEqual(expect.arrayContaining(few));
  expect((await concord(["predict", folder, "cough", "--sets", "0.95"])).out).toMatch(
    /^\w+ 0\.\d+ {2}\{[\w, ]*\}\tcough\n$/,
  );
  const out = join(home, "answers.csv");
  writeFileSync(join(home, "some.txt"), "cough\n\nrash\n");
  await concord(["predict", folder, "--file", join(home, "some.txt"), "--out", out, "--sets", "0.99"]);
  expect(readFileSync(out, "utf8")).toMatch(/^place,text,label,probability,set\n.*;.*\n.*,,,\n/);
});

test("numbers get intervals; absolute errors are measured", async () => {
  const numbers = await audited("numbers", "value");
  expect(numbers.sets.scores.by).toBe("residual");
  expect(numbers.values["robustness.typos30.absoluteError"]!.value).toBeGreaterThan(0);
  expect(Math.abs(numbers.sets.coverage.all.value - 0.9)).toBeLessThan(0.14);
  const { out } = await concord(["predict", join(home, "numbers"), "cough", "--json", "--sets", "0.8"]);
  const { value, set } = JSON.parse(out);
  expect(set[0]).toBeLessThan(value);
  expect(set[1]).toBeGreaterThan(value);
});

test("each setting changes what is found", async () => {
  const context = await auditContext(readRecipe(text("label"), "recipe.yaml"), join(home, "labels"));
  const find = async (settings: object) => (await audit(robustnessAudit, context, settings)) as unknown as Found;
  const plain = await find({});
  const changed = async (settings: object, look: (f: Found) => unknown) =>
    expect(look(await find({ foreign: false, ...settings })), JSON.stringify(settings)).not.toEqual(look(plain));
  await changed({ rows: 20 }, (f) => f.values["robustness.clean.accuracy"]!.low);
  await changed({ typos: [0.5] }, (f) => f.shifts.length);
  await changed({ synonyms: [] }, (f) => f.shifts.length);
  await changed({}, (f) => f.foreign === undefined);
  const distance = (f: Found) => f.values["robustness.foreign.distance.auroc"]!.value;
  await changed({ foreign: true, foreignRows: 1 }, distance);
  await changed({ sets: "aps" }, (f) => f.sets.coverage.size);
  await changed({ coverage: 0.6 }, (f) => f.sets.coverage.all.value);
  await changed({ perLabel: true }, (f) => f.sets.scores.labels === undefined);
  await changed({ perGroup: "sex" }, (f) => f.sets.coverage.size);
  await expect(find({ perGroup: "clinic" })).rejects.toMatchObject({ code: "E_CONFIG" });
  await context.predictor.dispose();
});

test("sets that were not calibrated, and coverages out of range, are refused", async () => {
  const folder = join(home, "bare");
  await runRecipe(readRecipe(text("label"), "recipe.yaml", ["audit=null", "adapt.epochs=1", "evaluate.resamples=10"]), {
    home,
    folder,
  });
  for (const [args, code, says] of [
    [[folder, "cough", "--sets", "0.9"], 65, /has not calibrated any/],
    [[join(folder, "model"), "cough", "--sets", "0.9"], 65, /has not calibrated any/],
    [[join(home, "labels"), "cough", "--sets", "1"], 64, /not a coverage/],
    [[join(home, "labels"), "cough", "--sets", "90"], 64, /not a coverage/],
  ] as const) {
    const got = await concord(["predict", ...args]);
    expect(got.err).toMatch(says);
    expect(got.code).toBe(code);
  }
});
