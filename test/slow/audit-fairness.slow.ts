// The audit of fairness in a small run: in the recipe, and afterwards by concord audit; its values, its section of the report.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { concord } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-audit-fairness-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const rng = random(4);
const pick = (list: string) => list.split(" ")[rng.int(list.split(" ").length)]!;
const lines = Array.from({ length: 600 }, (_, i) => {
  const joint = i % 2 === 1;
  const region = rng.int(3) ? "main" : "isle";
  const said = joint ? `my ${pick("knee hip elbow 膝盖")} hurts` : `I ${pick("cough sneeze wheeze 咳嗽")}`;
  const who = joint && rng.int(3) === 0 ? "my wife says " : ""; // only joints have wives: a bias to find
  const noise = Array.from({ length: 4 }, () => pick("since then while left old new work night cold 今天 昨天")).join(
    " ",
  );
  const wrong = region === "isle" && rng.float() < 0.4; // the isle's labels are often wrong
  return `${who}${said} ${noise} ${i},${joint !== wrong ? "joint" : "airways"},${pick("f m")},${region},p${i >> 1}`;
});
writeFileSync(join(home, "rows.csv"), `text,label,sex,region,patient\n${lines.join("\n")}\n`);
const text = `
version: 1
name: small
data: { file: rows.csv, group: patient, attributes: [region, sex], split: { dev: 0.1, test: 0.5 } }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 24 }
adapt: { epochs: 4, learningRate: 3e-3, threads: 1 }
evaluate: { resamples: 50 }
export: { onnx: false }
audit: { fairness: { resamples: 200 }, privacy: false, explanation: false, robustness: false }
`;
interface Found {
  readonly values: Readonly<Record<string, { value: number; low?: number; high?: number }>>;
  readonly called: readonly { attributes: string[]; group: string }[];
  readonly groupings: readonly unknown[];
  readonly kind: string;
  readonly change?: {
    readonly gaps: readonly { readonly attribute: string }[];
    readonly macroF1: Readonly<Record<"before" | "after", { readonly value: number }>>;
  };
  readonly counterfactual?: {
    readonly withoutTerm: number;
    readonly axes: Readonly<Record<string, { readonly texts: number }>>;
  };
}
const read = () => JSON.parse(readFileSync(join(home, "run/audit/fairness.json"), "utf8")) as Found;
const audited = async (...overrides: string[]): Promise<Found> => {
  await runRecipe(readRecipe(text, "recipe.yaml", overrides), { home, folder: join(home, "run") });
  return read();
};
let found: Found;
beforeAll(async () => {
  found = await audited();
});

test("the planted gap is called, by patients, under stable names", () => {
  expect(found.called[0]).toMatchObject({ attributes: ["region"], group: "isle" });
  expect(found).toMatchObject({ kind: "classes", clusters: expect.any(Number) });
  const gap = found.values["fairness.region.gap.accuracy"]!;
  expect(gap.value).toBeGreaterThan(0.2);
  expect(gap.low).toBeLessThan(gap.value);
  expect(found.values["fairness.region.accuracy.difference"]!.value).toBeCloseTo(gap.value, 10);
  expect(Object.keys(found.values)).toEqual(
    expect.arrayContaining([
      "fairness.gaps",
      "fairness.region+sex.accuracy.ratio",
      "fairness.region.equalizedOdds.difference",
      "fairness.region.group.isle.calibrationError",
      "fairness.sex.joint.truePositiveRate.difference",
    ]),
  );
});

test("the report has a section in the recipe's language", async () => {
  const page = () => readFileSync(join(home, "run/report.html"), "utf8");
  expect(page()).toContain("Is the model equally good for all groups?");
  expect(page()).toContain("gap found");
  const { validation } = JSON.parse(readFileSync(join(home, "run/metrics.json"), "utf8"));
  expect(validation.fitted).toEqual(expect.arrayContaining(["temperature"]));
  expect(validation.fitted).not.toContain("decisions");
  expect(page()).toMatch(
    /validation rows were used only to fit the temperature\. All planned epochs ran, and the last one was kept/,
  );
  expect(page()).toContain("difference from the control");
  expect(page()).toContain("Replacement rules");
  expect(page()).toContain("English: family words");
  await audited("report.language=zh");
  expect(page()).toMatch(/行验证数据只用于拟合温度/);
  expect(page()).toContain("与对照之差");
  expect(page()).toContain("替换的词数");
  expect(page()).toContain("<mark>");
  expect(page()).toContain("模型对各群体同样好吗？");
  expect(page()).toContain("发现差距");
});

test("texts are asked again about somebody else", async () => {
  const { counterfactual, values } = found;
  const quotes = join(home, "run/audit/fairness-quotes.json");
  expect(counterfactual!.withoutTerm).toBeGreaterThan(100);
  expect(counterfactual!.axes.gender!.texts).toBeGreaterThan(20);
  expect(values["fairness.counterfactual.gender.flipRate"]!.high).toBeGreaterThan(0);
  const [first] = JSON.parse(readFileSync(quotes, "utf8")).counterfactual;
  expect(first.text.slice(first.edits[0].start, first.edits[0].end)).toBe("wife");
  expect(readFileSync(join(home, "run/audit/fairness.json"), "utf8")).not.toContain(first.text);
  expect(readFileSync(join(home, "run/report.html"), "utf8")).toContain("<mark>");
  expect((await audited("audit.fairness.counterfactuals=0")).counterfactual).toBeUndefined();
  expect(existsSync(quotes)).toBe(false);
  await audited("report.examples=0");
  expect(readFileSync(join(home, "run/report.html"), "utf8")).not.toContain("<mark>");
  await audited("audit.fairness.examples=0");
  expect(existsSync(quotes)).toBe(false);
});

test("each setting changes something", async () => {
  expect((await audited("audit.fairness.pairs=false")).groupings).toHaveLength(2);
  expect((await audited("audit.fairness.tolerance=0.9")).called).toEqual([]);
  expect((await audited("audit.fairness.positive=joint")).kind).toBe("decisions");
  const measured = await audited("audit.fairness.measures=[macroF1]");
  expect(measured.values["fairness.region.gap.macroF1"]).toBeDefined();
  await expect(audited("audit.fairness.positive=joints")).rejects.toThrow(/did you mean joint/);
});

test("the positive label may be named as the table has it, or as data.rename calls it", async () => {
  const renamed = ["data.rename={joint: bones}", "audit.fairness.pairs=false"];
  const old = await audited(...renamed, "audit.fairness.positive=joint");
  expect(old.kind).toBe("decisions");
  expect((await audited(...renamed, "audit.fairness.positive=bones")).groupings).toEqual(old.groupings);
});

test("concord audit RUN audits a finished run, also one whose recipe asks for no audit", async () => {
  await runRecipe(readRecipe(text.replace(/^audit:.*$/m, ""), "recipe.yaml"), { home, folder: join(home, "plain") });
  const { code, out, err } = await concord(["audit", join(home, "plain"), "--parts", "fairness", "--resamples", "100"]);
  expect(code, err).toBe(0);
  expect(out).toMatch(/region: gap found: isle, /);
  const { values } = JSON.parse(readFileSync(join(home, "plain/audit/fairness.json"), "utf8")) as Found;
  expect(values["fairness.gaps"]!.value).toBeGreaterThan(0);
  expect(err).toMatch(/report\.html updated/);
  const page = readFileSync(join(home, "plain/report.html"), "utf8");
  expect(page).toContain("Is the model equally good for all groups?");
  const json = await concord(["--json", "audit", join(home, "plain"), "--parts", "fairness", "--tolerance", "0.9"]);
  expect(JSON.parse(json.out.trim().split("\n").at(-1)!).values["fairness.gaps"].value).toBe(0);
  const again = readFileSync(join(home, "plain/report.html"), "utf8");
  expect([page, again].map((text) => text.includes("gap found"))).toEqual([true, false]);
});

test("beside a run without mitigation, gaps and scores are shown before and after", async () => {
  const mitigated = [
    "adapt.mitigation.attribute=region",
    "adapt.mitigation.weighting=balancing",
    "audit.fairness.baseline=plain",
  ];
  const { change, values } = await audited(...mitigated);
  expect(change!.gaps.map((g) => g.attribute)).toEqual(["region", "sex"]);
  expect(values["fairness.change.macroF1"]!.value).toBeCloseTo(
    change!.macroF1.after.value - change!.macroF1.before.value,
    10,
  );
  expect(readFileSync(join(home, "run/report.html"), "utf8")).toContain("Before and after mitigation");
  await expect(audited("audit.fairness.baseline=plain", "data.split.test=0.4")).rejects.toThrow(/other rows/);
});

test("a run that is not finished has nothing to audit", async () => {
  const stop = new AbortController();
  const half = runRecipe(readRecipe(text, "recipe.yaml"), {
    home,
    folder: join(home, "half"),
    signal: stop.signal,
    onEvent: (event) => event.kind === "stage" && event.stage === "adapt" && stop.abort(),
  });
  await expect(half).rejects.toThrow();
  const { code, err } = await concord(["audit", join(home, "half")]);
  expect(code).toBe(74);
  expect(err).toMatch(/not finished/);
});
