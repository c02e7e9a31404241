import { afterAll, beforeAll, expect, test } from "vitest";
import { type LinearModel, linearModel } from "../../test/audit/bag-of-words.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { baselineOf } from "./baseline.ts";
import { type Explainer, explainer } from "./explainer.ts";
import { explanationMethods } from "./methods.ts";
import { quadrature } from "./quadrature.ts";
import { readText } from "./read-text.ts";
import { shapleyValues } from "./shapley.ts";

const texts = ["a sore throat and a cough", "no fever but a bad headache since Monday", "我头痛发烧三天了", "😀 hurts"];
let linear: LinearModel;
let own: Explainer;
beforeAll(async () => {
  linear = await linearModel(texts);
  own = explainer(linear.weights, linear.predictor, cpuRuntime);
});
afterAll(async () => {
  await own.dispose();
  await linear.predictor.dispose();
});

test.each([
  ["integratedGradients", {}],
  ["occlusion", {}],
  ["shap", {}],
  ["shap", { exactUpTo: 2, evaluations: 40 }],
] as const)("for a linear bag of words, %s %j is w·x of each word less the baseline's", async (method, options) => {
  for (const text of texts.slice(0, 3)) {
    const found = await own.explain(text, { method, label: "yes", ...options });
    const { id } = baselineOf(linear.tokenizer);
    const seen = await own.read(text);
    for (const word of found.words) {
      const want = word.tokens.reduce((s, t) => s + linear.worth(seen.ids[t]!)[1]! - linear.worth(id)[1]!, 0);
      expect(word.value).toBeCloseTo(want, 4);
    }
    expect(found.exact ?? true).toBe(!("exactUpTo" in options));
  }
});

test("gradient × input of a linear bag of words is w·x itself, saliency the length of w", async () => {
  const [gradient, saliency] = [
    await own.explain(texts[0]!, { method: "gradientInput", label: "no" }),
    await own.explain(texts[0]!, { method: "saliency", label: "no" }),
  ];
  const seen = await own.read(texts[0]!);
  gradient.words.forEach(({ value, tokens }) => {
    expect(value).toBeCloseTo(
      tokens.reduce((s, t) => s + linear.worth(seen.ids[t]!)[0]!, 0),
      4,
    );
  });
  for (const { value, tokens } of saliency.words) expect(value).toBeCloseTo(tokens.length, 5);
});

test("another label, another baseline and another rule change the numbers; the likeliest label is the default", async () => {
  const values = async (options: object) => (await own.explain(texts[1]!, options)).words.map((w) => w.value);
  const plain = await own.explain(texts[1]!);
  const best = plain.logits.indexOf(Math.max(...plain.logits));
  expect(plain.label).toBe(["no", "yes", "maybe"][best]);
  expect(await values({ label: ["yes", "no", "maybe"].find((l) => l !== plain.label) })).not.toEqual(await values({}));
  expect(await values({ baseline: "pad" })).not.toEqual(await values({}));
  expect((await own.explain(texts[1]!, { baseline: "pad" })).baseline).toMatchObject({ role: "pad", token: "[PAD]" });
  expect((await own.explain(texts[1]!, { steps: 3, rule: "middle" })).steps).toBe(3);
});

test("offsets are UTF-16 and slice the words out of the text as given, in English, Chinese and around emoji", async () => {
  for (const text of [...texts, "ＦＥＶＥＲ \t of 39°", "🤒头痛 and 😀x"]) {
    const seen = await own.read(text);
    for (const { start, end, word, part } of seen.words) expect(seen.texts[part]!.slice(start, end)).toBe(word);
    expect(seen.texts).toEqual([text]);
  }
  expect((await own.read(texts[2]!)).words.map((w) => w.word).join("")).toBe(texts[2]);
  const pair = await own.read(["a sore throat", "头痛"]);
  expect(pair.words.map((w) => [w.part, w.word])).toEqual([
    [0, "a"],
    [0, "sore"],
    [0, "throat"],
    [1, "头"],
    [1, "痛"],
  ]);
});

test("a truncated text says from where to where nothing was seen", async () => {
  const seen = await readText(linear.tokenizer, texts[1]!, 6);
  const [cut] = seen.unseen;
  expect(seen.unseen).toHaveLength(1);
  expect(cut!.end).toBe(texts[1]!.length);
  expect(cut!.start).toBeGreaterThanOrEqual(seen.words.at(-1)!.end);
  expect((await readText(linear.tokenizer, texts[1]!, 60)).unseen).toEqual([]);
});

test("a label that is not there, a text without words and a missing baseline are refused with what is known", async () => {
  await expect(own.explain("a cough", { label: "yess" })).rejects.toMatchObject({
    code: "E_ARGUMENT",
    facts: { hint: "did you mean yes?" },
  });
  await expect(own.explain("   ")).rejects.toMatchObject({ code: "E_ARGUMENT" });
  expect(() => baselineOf({ special: {} })).toThrow(/E_TOKENIZER/);
  expect(() => baselineOf({ special: { pad: { token: "[PAD]", id: 0 } } }, "mask")).toThrow(/no token for mask/);
  expect(baselineOf({ special: { unk: { token: "[UNK]", id: 1 } } })).toMatchObject({ role: "unk" });
  await expect(own.explain("a cough", { steps: 0 })).rejects.toMatchObject({ code: "E_ARGUMENT" });
  await expect(own.explain("a cough", { method: "shap", evaluations: 1 })).rejects.toMatchObject({
    code: "E_ARGUMENT",
  });
});

test("every method's word values are numbers, one a word", async () => {
  for (const method of explanationMethods.filter((m) => m !== "rollout")) {
    const { words } = await own.explain(texts[1]!, { method });
    expect(words.length).toBe(8);
    for (const { value } of words) expect(Number.isFinite(value)).toBe(true);
  }
});

test.each([1, 2, 5, 50, 200])("Gauss–Legendre of %i points integrates what it must exactly", (n) => {
  const { points, weights } = quadrature("gauss-legendre", n);
  for (const power of [0, 1, Math.min(2 * n - 1, 30)]) {
    const got = points.reduce((s, x, k) => s + weights[k]! * x ** power, 0);
    expect(got).toBeCloseTo(1 / (power + 1), 12);
  }
});

test("Shapley values of a game with interactions: exact ones by the definition, Owen's add up and spend the budget", async () => {
  const game = async (sets: readonly Uint8Array[]) => sets.map((s) => s[0]! * s[1]! * 6 + s[2]! * 2 + s[0]! * s[3]!);
  const exact = await shapleyValues(4, game);
  expect([...exact.values].map((x) => Number(x.toFixed(12)))).toEqual([3.5, 3, 2, 0.5]);
  const owen = await shapleyValues(4, game, { exactUpTo: 2 });
  expect(owen.values.reduce((a, b) => a + b)).toBeCloseTo(9, 12);
  expect(owen.exact).toBe(false);
  const wide = async (sets: readonly Uint8Array[]) => sets.map((s) => s.reduce((a, b, i) => a + b * (i + 1), 0) ** 2);
  const few = await shapleyValues(40, wide, { evaluations: 60 });
  const many = await shapleyValues(40, wide, { evaluations: 3000 });
  expect(few.evaluations).toBeLessThanOrEqual(60);
  expect(many.evaluations).toBeGreaterThan(60);
  for (const found of [few, many]) expect(found.values.reduce((a, b) => a + b)).toBeCloseTo(820 ** 2, 3);
  const three = async (sets: readonly Uint8Array[]) => sets.map((s) => s[0]! * s[1]! * s[2]!);
  const halves = async (split?: number) => [...(await shapleyValues(4, three, { exactUpTo: 0, split })).values];
  expect(await halves()).toEqual([0.25, 0.25, 0.5, 0]);
  expect((await halves(1))[0]).toBe(0.5);
});

test("the library gives explanations by the name of their room, and of runs by name", async () => {
  const [library, node] = [await import("../index.ts"), await import("../node.ts")];
  expect(library.audit.explainer).toBe(explainer);
  expect(node.explainRun).toBeTypeOf("function");
});
