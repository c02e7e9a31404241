// concord explain on a small run: terminal, JSON and page in both languages, and what it refuses.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { explanationInput } from "../../src/cli/explained.ts";
import { execute } from "../../src/cli/program.ts";
import type { ExplainedAnswer } from "../../src/runs/index.ts";
import { concord } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-explain-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const folder = join(home, "run");
const rng = random(9);
const words = (list: string) => list.split(" ")[rng.int(list.split(" ").length)]!;
const filler = () =>
  Array.from({ length: 4 }, () => words("since then while left old new work stairs night cold rain 今天 昨天")).join(
    " ",
  );

beforeAll(async () => {
  const lines = Array.from({ length: 300 }, (_, i) =>
    i % 2
      ? `my ${words("knee hip elbow 膝盖")} hurts ${filler()},joint,p${i >> 1}`
      : `I ${words("cough sneeze wheeze 咳嗽")} ${filler()},airways,p${i >> 1}`,
  );
  writeFileSync(join(home, "rows.csv"), `text,label,patient\n${lines.join("\n")}\n`);
  const recipe = join(home, "recipe.yaml");
  writeFileSync(
    recipe,
    "version: 1\nname: small\ndata: { file: rows.csv, group: patient }\nmodel: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 16 }\nadapt: { epochs: 6, learningRate: 3e-3, threads: 1 }\nevaluate: { resamples: 50 }\n",
  );
  expect((await concord(["run", recipe, "--out", folder, "--quiet"])).code).toBe(0);
}, 60_000);

const explain = (...args: string[]) => concord(["explain", folder, ...args]);

test.each(["ig", "occlusion", "shap"])("by %s the word that decides has the largest share", async (method) => {
  const { code, out } = await explain("my knee hurts since then", "--method", method, "--json");
  expect(code).toBe(0);
  const found = JSON.parse(out);
  expect(found).toMatchObject({ label: "joint", answer: { label: "joint" }, unseen: [] });
  const best = found.words.reduce((a: { value: number }, b: { value: number }) => (b.value > a.value ? b : a));
  expect(["my", "knee", "hurts"]).toContain(best.word);
  for (const { start, end, word } of found.words) expect("my knee hurts since then".slice(start, end)).toBe(word);
});

test("the terminal shows signs and numbers without colour, colour only on a terminal that has it", async () => {
  const plain = await explain("my 膝盖 hurts since then 昨天");
  expect(plain.out).toMatch(/^joint 0\.\d+ {2}by integrated gradients\n/);
  expect(plain.out).toMatch(/\[\+\+.+\]/);
  expect(plain.out).toMatch(/Baseline: words replaced by \[MASK\][^\n]*\n.*\n\d+ steps; attribution error \d+\.\d+ %/);
  expect(plain.out).not.toContain("\x1b");
  const onTerminal = async (env: Record<string, string>) => {
    let out = "";
    const stdout = { isTTY: true, write: (text: string) => (out += text) };
    const stderr = { write: () => true };
    const around = { stdout, stderr, stdin: new PassThrough(), env, signals: process };
    expect(await execute(["explain", folder, "my knee hurts since then"], around)).toBe(0);
    return out;
  };
  expect(await onTerminal({})).toContain("\x1b[");
  expect(await onTerminal({ NO_COLOR: "1" })).not.toContain("\x1b[");
  const chinese = await concord(["explain", folder, "my 膝 hurts", "--lang", "zh", "--method", "shap"]);
  expect(chinese.out).toMatch(/方法：SHAP\n[\s\S]*精确：评估了词的全部 8 个子集/);
});

test("the page is escaped, has no script, marks words by sign and number, and quotes what was not seen", async () => {
  const page = join(home, "why.html");
  const hostile = `my knee hurts <script>alert(1)</script> "since" ${"rain ".repeat(20)}end`;
  const { code, err } = await explain(hostile, "--out", page);
  expect(code).toBe(0);
  expect(err).toContain(page);
  const text = readFileSync(page, "utf8");
  expect(text).not.toMatch(/<script|\son\w+=|https?:|javascript:/i);
  expect(text).toContain("Content-Security-Policy");
  expect(text).toMatch(/<mark class="[pm][1-4]">[^<]+<sup>[+−][\d.]+<\/sup><\/mark>/);
  expect(text).toMatch(/<span class="cut"[^>]*>.*end<\/span>/);
  expect(text).toMatch(/cut off, because the input is too long \(characters \d+–\d+/);
  await concord(["explain", folder, hostile, "--out", page, "--lang", "zh"]);
  expect(readFileSync(page, "utf8")).toMatch(/lang="zh-CN"[\s\S]*被截去/);
});

test("the smallest edit is one that flips, and says whether it is the fewest words", async () => {
  const { out } = await explain("I cough since then", "--method", "flip", "--json");
  const { edit, before, words: all } = JSON.parse(out);
  if (edit) {
    const { out: after } = await concord(["predict", folder, "--json", ...edit.texts]);
    expect(JSON.parse(after).label).toBe(edit.after);
    expect(edit.after).not.toBe(before);
    expect(edit.removed.length).toBeLessThan(all.length);
  }
  const { out: shown } = await explain("I cough since then my knee hurts", "--method", "flip");
  expect(shown).toMatch(
    /by smallest edit[\s\S]*\[~~\w+~~\][\s\S]*without I, cough the prediction is joint\nno smaller/,
  );
  expect((await explain("cough", "--method", "flip")).out).toContain("The text has one word");
  const none = JSON.parse((await explain("I cough", "--method", "flip", "--json")).out);
  expect([none.edit, typeof none.byDefault]).toEqual(none.edit ? [none.edit, "undefined"] : [undefined, "string"]);
});

test("words that cancel out are told from words that say nothing", () => {
  const words = (...values: number[]) =>
    values.map((value, i) => ({ part: 0, start: 2 * i, end: 2 * i + 1, word: "w", value }));
  const notes = (...values: number[]) =>
    explanationInput(
      {
        answer: { kind: "label", label: "a", ranked: [{ label: "a", probability: 0.9 }] },
        nearest: [],
        explanation: {
          method: "shap",
          texts: ["a b c"],
          words: words(...values),
          unseen: [],
          label: "a",
          logits: [3, 0],
          logit: 3,
          baselineLogit: 3,
          baseline: { role: "mask", token: "[MASK]", id: 4 },
        },
      } as unknown as ExplainedAnswer,
      "en",
    ).notes[0];
  expect(notes(2, -2.05, 0.05)).toMatch(/cancel out/);
  expect(notes(0.02, -0.01, 0.005)).toMatch(/the model's default/);
});

test("what is said where no words flip the answer", () => {
  const note = (flip: object, language: "en" | "zh" = "en") =>
    explanationInput(
      {
        answer: { kind: "label", label: "spam", ranked: [] },
        nearest: [],
        flip: { texts: ["a b c"], words: [], unseen: [], logits: [], before: "spam", evaluations: 8, ...flip },
      } as unknown as ExplainedAnswer,
      language,
    ).notes[0];
  expect(note({ byDefault: "spam" })).toMatch(/Without any word the model still predicts spam\. .*default prediction/);
  expect(note({ byDefault: "ham" })).toMatch(/None of 6 tested sets .* spam\. Without any word it would be ham/);
  expect(note({})).toMatch(/one word/);
  expect(note({ byDefault: "spam" }, "zh")).toMatch(/默认预测/);
});

test("an answer that the model gives whatever it reads is said to be its default", async () => {
  expect((await explain("I cough since then")).out).toContain("It is the model's default");
  expect((await explain("my knee hurts")).out).not.toContain("by default");
});

test("another label, steps, baseline change the numbers; near training texts are quoted only when asked for", async () => {
  const values = async (...args: string[]) =>
    JSON.parse((await explain("I cough since then", "--json", ...args)).out).words;
  const plain = await values();
  for (const args of [
    ["--label", "joint"],
    ["--baseline", "pad"],
    ["--steps", "3"],
  ])
    expect(await values(...args), args.join(" ")).not.toEqual(plain);
  expect((await explain("I cough", "--json")).out).not.toContain("nearest");
  const near = JSON.parse((await explain("I cough since then", "--json", "--nearest", "3")).out).nearest;
  expect(near).toHaveLength(3);
  expect(near[0]).toMatchObject({ labels: ["airways"], place: expect.stringContaining("rows.csv") });
  expect((await explain("I cough", "--nearest", "2")).out).toContain("most similar training texts");
});

test("what cannot be explained is refused with its code and what to do", async () => {
  const refused: [args: string[], code: number, says: RegExp][] = [
    [["I cough", "--method", "lime"], 64, /no such choice/],
    [["I cough", "--method", "shapp"], 64, /did you mean shap/],
    [["I cough", "--label", "airway"], 64, /did you mean airways/],
    [["I cough", "--label", "joint", "--method", "flip"], 64, /does not have this label/],
    [["", "--method", "ig"], 64, /the text is empty/],
    [["\u200b", "--method", "ig"], 64, /the text is empty/],
    [["I cough", "--baseline", "cls"], 64, /no such choice/],
    [["I cough", "--baseline", "pad", "--method", "gradient"], 64, /hides no words/],
    [["I cough", "--steps", "2.5"], 64, /number of steps/],
    [["I cough", "--steps", "5", "--method", "shap"], 64, /only ig has steps/],
    [["I cough", "--nearest", "-1"], 64, /not a count/],
    [["I cough", "--out", "why.pdf"], 64, /format/],
  ];
  for (const [args, code, says] of refused) {
    const got = await explain(...args);
    expect(got.err, args.join(" ")).toMatch(says);
    expect(got.code, args.join(" ")).toBe(code);
  }
  const bare = await concord(["explain", join(folder, "model"), "I cough", "--nearest", "1"]);
  expect([bare.code, bare.err]).toEqual([65, expect.stringContaining("no training texts")]);
  expect((await concord(["explain", join(folder, "model"), "I cough"])).code).toBe(0);
  expect((await concord(["explain", home, "I cough"])).code).not.toBe(0);
});
