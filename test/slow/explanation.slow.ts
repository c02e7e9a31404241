// The audit of explanations in a small run: its record, its values, its section of the report, and that each setting changes something.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { explanationAudit } from "../../src/audit/explanation.ts";
import { random } from "../../src/base/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { audit, auditContext } from "../audit/context.ts";

const home = mkdtempSync(join(tmpdir(), "concord-audit-explanation-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const rng = random(4);
const pick = (list: string) => list.split(" ")[rng.int(list.split(" ").length)]!;
const filler = () =>
  Array.from({ length: 5 }, () => pick("since then while left old new work stairs night cold rain 今天 昨天")).join(
    " ",
  );
const lines = Array.from({ length: 400 }, (_, i) => {
  const joint = i % 2 === 1;
  const sex = rng.int(2) ? "f" : "m";
  const said = joint ? `my ${pick("knee hip elbow 膝盖")} hurts` : `I ${pick("cough sneeze wheeze 咳嗽")}`;
  return `${said} ${filler()} ${i},${joint !== (sex === "f" && rng.int(2) === 0) ? "joint" : "airways"},${sex}`; // women's labels are half wrong
});
writeFileSync(join(home, "rows.csv"), `text,label,sex\n${lines.join("\n")}\n`);
const text = `
version: 1
name: small
data: { file: rows.csv, attributes: [sex], split: { dev: 0.15, test: 0.35 } }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 24 }
adapt: { epochs: 5, learningRate: 3e-3, threads: 1 }
evaluate: { resamples: 100 }
export: { onnx: false }
audit: { fairness: false, privacy: false, robustness: false, explanation: { rows: 12, classRows: 60, support: 4, evaluations: 40, steps: 8 } }
`;
interface Found {
  readonly rows: number;
  readonly values: Readonly<Record<string, { value: number; low?: number; high?: number }>>;
  readonly words: Readonly<Record<string, { word: string }[]>>;
  readonly cohorts: { readonly slices: { name: string; kind: string }[]; readonly tested: number };
}
async function audited(...overrides: string[]): Promise<Found> {
  await runRecipe(readRecipe(text, "recipe.yaml", overrides), { home, folder: join(home, "run") });
  return JSON.parse(readFileSync(join(home, "run/audit/explanation.json"), "utf8")) as Found;
}
let found: Found;
beforeAll(async () => {
  found = await audited();
}, 60_000);

test("every method has its faithfulness with intervals, by stable names", () => {
  expect(found.rows).toBe(12);
  for (const method of ["integratedGradients", "gradientInput", "saliency", "rollout", "occlusion", "shap"])
    for (const measure of ["comprehensiveness", "sufficiency", "aopc", "aboveRandom", "randomised"]) {
      const { value, low, high } = found.values[`explanation.${method}.${measure}`]!;
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
  for (const part of ["head", "upper", "all"])
    expect(found.values[`explanation.occlusion.randomised.${part}`]!.value, part).toBeLessThan(0.95);
  expect(found.values["explanation.rollout.randomised.head"]!.value).toBeGreaterThan(0.99); // it never looks at the head
  expect(found.values["explanation.shap.aboveRandom"]!.low).toBeGreaterThan(0);
  expect(found.values["explanation.random.aopc"]!.value).toBeLessThan(found.values["explanation.shap.aopc"]!.value);
  expect(found.values["explanation.flip.rate"]!.value).toBeGreaterThan(0);
});

test("the words that drive a class are its own, and the cohort whose labels are wrong is found", () => {
  const words = (label: string) => found.words[label]!.map((w) => w.word);
  expect([...words("joint"), ...words("airways")].length).toBeGreaterThan(0);
  for (const word of words("joint")) expect(["cough", "sneeze", "wheeze"]).not.toContain(word);
  expect(found.cohorts.slices[0]).toMatchObject({ kind: "attribute", name: "sex = f" });
});

test("the report shows them, in both languages, and quotes no text", async () => {
  const english = readFileSync(join(home, "run/report.html"), "utf8");
  expect(english).toMatch(
    /id="explanation-title">Explanations<[\s\S]*integrated gradients[\s\S]*random order[\s\S]*sex = f/,
  );
  await audited("report.language=zh", "report.examples=0");
  const chinese = readFileSync(join(home, "run/report.html"), "utf8");
  expect(chinese).toMatch(/各方法的忠实度[\s\S]*随机顺序[\s\S]*错误率偏高的子群/);
  const section = /<section id="explanation"[\s\S]*?<\/section>/.exec(chinese)![0];
  for (const line of lines) expect(section).not.toContain(line.split(",")[0]);
});

test("each setting changes what is found", async () => {
  const context = await auditContext(readRecipe(text, "recipe.yaml"), join(home, "run"));
  const shap = (f: Found) => f.values["explanation.shap.aopc"]!.value;
  const few = { methods: ["shap"], rows: 6, classRows: 0, support: 4, evaluations: 20, randomised: false };
  const find = async (settings: object) =>
    (await audit(explanationAudit, context, { ...few, ...settings })) as unknown as Found;
  const only = await find({});
  expect(Object.keys(only.values).filter((name) => name.includes("occlusion"))).toEqual([]);
  const changed = async (settings: object, look: (f: Found) => unknown) =>
    expect(look(await find(settings)), JSON.stringify(settings)).not.toEqual(look(only));
  await changed({ rows: 3 }, shap);
  await changed({ evaluations: 4 }, shap);
  await changed({ randomised: true }, (f) => f.values["explanation.shap.randomised"] === undefined);
  const words = (f: Found) => Object.values(f.words).flat().length;
  await changed({ classRows: 40 }, words);
  const some = words(await find({ classRows: 40 }));
  expect(words(await find({ classRows: 40, words: 1 }))).toBeLessThan(some);
  expect(words(await find({ classRows: 40, support: 20 }))).toBeLessThan(some);
  await changed({ slices: 0 }, (f) => f.cohorts.tested);
  await changed({ falseDiscoveryRate: 1e-60 }, (f) => f.cohorts.slices.length);
  const ig = async (steps: number) =>
    (await find({ methods: ["integratedGradients"], randomised: true, steps })).values[
      "explanation.integratedGradients.randomised"
    ];
  expect(await ig(1)).not.toEqual(await ig(8));
  await context.predictor.dispose();
});
