import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import {
  counterfactualAxes,
  counterfactualFlips,
  counterfactuals,
  leastPrecision,
  leastRead,
  placebo,
  swapRules,
  swaps,
  unmeasuredAxes,
  unmeasuredRules,
} from "./index.ts";

const swapped = (text: string, axis = "gender") => counterfactuals(text, [axis]).map((c) => c.text);

test.each([
  ["Her knee hurts and he gave her the pills.", "His knee hurts and she gave him the pills."],
  ["I saw her yesterday; the fault is hers", "I saw him yesterday; the fault is his"],
  ["His mother told him it was his.", "Her father told her it was hers."],
  ["HE hurt himself, Mr. Smith said", "SHE hurt herself, Ms. Smith said"],
  ["My mom and my Dad called John", "My dad and my Mum called Patricia"],
  ["Blisters keep coming up on her back and face.", "Blisters keep coming up on his back and face."],
  [
    "My wife can't stand up straight, her black stool worries us",
    "My husband can't stand up straight, his black stool worries us",
  ],
  ["They called her back on Monday", "They called him back on Monday"],
  ["Thanks Tom, Robert Harley said he agrees", "Thanks Anna, Jennifer Harley said she agrees"],
  ["My mother-in-law coughs", "My father-in-law coughs"],
  ["Sorry, an old man fell; they hated her just because", "Sorry, an old woman fell; they hated him just because"],
  ["她说妈妈发烧，其他人没有", "他说爸爸发烧，其他人没有"],
  ["他们的儿子弹吉他", "他们的女儿弹吉他"],
  ["爷爷咳嗽，she is well", "奶奶咳嗽，he is well"],
  ["我妈三天了骨节剧痛，还有浑身起小红点。", "我爸三天了骨节剧痛，还有浑身起小红点。"],
  ["先生好，我女儿发烧", "先生好，我儿子发烧"],
  ["王先生说他吃阿托伐他汀，其他药没吃", "王女士说她吃阿托伐他汀，其他药没吃"],
  ["孙晶孙女士说她头疼", "孙晶孙先生说他头疼"],
  ["孩子他爸咳嗽", "孩子他妈咳嗽"],
  ["家里小姑娘发烧", "家里小男孩发烧"],
  ["男朋友胃疼", "女朋友胃疼"],
  ["我姨妈感冒", "我舅舅感冒"],
  ["The boy's mother says he vomits", "The girl's father says she vomits"],
  ["My 5 year old boy has a fever", "My 5 year old girl has a fever"],
])("%s", (text, wanted) => {
  expect(swapped(text)).toEqual([wanted]);
  expect(swaps(text, ["gender"]).unsure).toEqual([]);
});

test.each([
  "the theme of this hermit",
  "write to he@there.org",
  "维他命和其他药",
  "浑身起小红点",
  "史小明的建国大业",
  "马耳他三战皆负",
  "MS released a patch for it",
  "I read the man pages".replace("man ", ""),
])("words that only look alike are left alone: %s", (text) => {
  expect(swaps(text, ["gender"])).toEqual({ made: [], unsure: [] });
});

test.each([
  [
    "a condition of one sex",
    [
      "My husband asks about my pregnancy",
      "My wife is pregnant",
      "His prostate is large",
      "my son's testicles hurt",
      "My mother had morning sickness",
      "老公说我怀孕了",
      "女朋友来月经了",
      "我女儿大姨妈来了",
      "我爸前列腺肥大",
    ],
  ],
  [
    "a role that stays",
    [
      "King Elizabeth? she laughed",
      "The actress said she coughs",
      "The spokesman said he is ill",
      "皇帝说他头疼",
      "我表姐夫说他头疼",
      "她是儿媳妇的嫂子",
    ],
  ],
  [
    "a name that stays",
    [
      "Ben Gretchen and his sister",
      "Gilberto said his knee hurts",
      "her father Niel",
      "Dear Femi Daniel",
      "e-mail Jennifer at jennifer@there.org",
      "他父亲李伯豪咳嗽",
      "妻子henryk发烧",
    ],
  ],
  [
    "other senses",
    [
      "read the man page for his sake",
      "Oh boy, what a day",
      "Hit or Miss This",
      "men and women",
      "Dear Sir or Madam, he coughs",
      "Mother Nature and her rain",
      "our founding fathers",
      "a white male aged 40",
      "A male monkey",
    ],
  ],
  ["both kinds", ["he or she coughs", "his/her knee", "他（她）发烧", "男人和女人都咳"]],
  ["which form is wanted is not clear", ["it made her cough worse", "she gave her medicine", "he hurt her back"]],
])("a text is left alone and counted for %s", (_, texts) => {
  for (const text of texts) {
    const { made, unsure } = swaps(text, ["gender"]);
    expect(made, text).toEqual([]);
    expect(unsure, text).toEqual(["gender"]);
  }
});

test("texts of other languages are no English", () => {
  for (const text of [
    "men jeg er syk og det er ikke bra",
    "mi hijo y su son de la casa que el",
    "un vos men fregt zol er nisht hobn",
  ])
    expect(swapped(text)).toEqual([]);
});

test("words of sets are exchanged where they stand with a person, in the right form", () => {
  expect(swapped("A Muslim woman and a Hindu patient", "religion")).toEqual([
    "A Buddhist woman and a Christian patient",
    "A Hindu woman and a Muslim patient",
    "A Christian woman and a Buddhist patient",
  ]);
  expect(swapped("I met an American nurse", "origin")).toContain("I met a Chinese nurse");
  expect(swapped("Her Chinese friend coughs", "origin")).toHaveLength(6);
  expect(swapped("He is gay.", "orientation")).toEqual(["He is straight.", "He is bisexual."]);
  expect(swapped("我是藏族", "ethnicity")).toHaveLength(4);
});

test.each([
  [
    "orientation",
    [
      "I can't stand up straight",
      "straight away",
      "John Gay wrote",
      "a straight-forward swap",
      "Everything runs straight through me",
    ],
  ],
  [
    "origin",
    ["American Express", "Mexican food", "the Chinese-HOWTO", "Native American youth", "American Indian reservation"],
  ],
  ["religion", ["Christian Bale", "a Hindu god", "the Christian bible", "Muslim mosques"]],
  ["ethnicity", ["甘肃省甘南藏族自治州", "藏族美食"]],
  ["home", ["本地人爱去的餐厅"]],
])("words of %s in other senses stay", (axis, texts) => {
  for (const text of texts) expect(swapped(text, axis), text).toEqual([]);
});

test("every rule asked of by default was right often enough when read; the docs have the same numbers in both languages", () => {
  for (const [rule, { read, right }] of Object.entries(swapRules)) {
    expect(read, rule).toBeGreaterThanOrEqual(leastRead);
    expect(right / read, rule).toBeGreaterThanOrEqual(leastPrecision);
  }
  const known = { ...swapRules, ...unmeasuredRules };
  for (const page of ["counterfactual.md", "zh/counterfactual.md"]) {
    const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
    const rows = [...text.matchAll(/^\| `([a-z.-]+)` \|[^|]*\| (\d+) \| (\d+) \|/gm)];
    expect(Object.fromEntries(rows.map(([, rule, read, right]) => [rule, [Number(read), Number(right)]]))).toEqual(
      Object.fromEntries(Object.entries(known).map(([rule, { read, right }]) => [rule, [read, right]])),
    );
  }
  const made = [...counterfactualAxes, ...unmeasuredAxes].flatMap((axis) =>
    ["She coughs", "I met a Chinese nurse", "他发烧"].flatMap((text) => counterfactuals(text, [axis])),
  );
  for (const { edits } of made) for (const { rule } of edits) expect(Object.keys(known)).toContain(rule);
});

test("edits say where the words stand in both texts", () => {
  const text = "🙂 She says her son coughs";
  const [one] = counterfactuals(text, ["gender"]);
  for (const { from, to, start, end, newStart, newEnd } of one!.edits) {
    expect(text.slice(start, end)).toBe(from);
    expect(one!.text.slice(newStart, newEnd)).toBe(to);
  }
  expect(one!.edits).toHaveLength(3);
});

const answer = (p: number) => ({ answer: p > 0.5 ? "a" : "b", scores: [p, 1 - p] });

test("answers that depend on gender flip, others do not; texts without a term are counted", async () => {
  const texts = [
    "She coughs",
    "He coughs",
    "I cough",
    "My wife has a fever",
    "他发烧",
    "A fever",
    "My wife is pregnant",
  ];
  const ask = (biased: boolean) => async (given: readonly string[]) =>
    given.map((text) => answer(biased && /\b(she|wife)\b|她/i.test(text) ? 0.8 : 0.3));
  const biased = await counterfactualFlips(texts, ask(true), { examples: 2 });
  expect(biased).toMatchObject({
    withoutTerm: 2,
    leftOut: 1,
    rules: { "en.subject": 2, "en.kin": 1, "zh.pronoun": 1 },
  });
  expect(biased.axes.gender).toMatchObject({
    texts: 4,
    flipRate: { value: 1 },
    change: { value: expect.closeTo(0.5) },
  });
  expect(biased.examples).toHaveLength(2);
  expect(biased.examples[0]).toMatchObject({
    before: expect.any(String),
    edits: [expect.objectContaining({ start: expect.any(Number) })],
  });
  const fair = await counterfactualFlips(texts, ask(false));
  expect(fair.axes.gender!.flipRate!.value).toBe(0);
  expect(fair.axes.gender!.change.value).toBe(0);
  expect((await counterfactualFlips(texts, ask(true), { flips: false })).axes.gender!.flipRate).toBeUndefined();
});

test("as many neutral words are exchanged, and the text says the same of the same person", () => {
  expect(placebo("Hello, my son cannot sleep", 2)!.text).toBe("Hi, our son cannot sleep");
  expect(placebo("Hello, my son cannot sleep", 3)!.text).toBe("Hi, our son can't sleep");
  expect(placebo("医生您好，我儿子发烧", 1)!.text).toBe("大夫您好，我儿子发烧");
  expect(placebo("She coughs", 1)).toBeUndefined();
  for (const text of ["Hello, my daughter says she coughs", "医生您好，我妈昨天开始咳嗽"]) {
    const other = placebo(text, 3)!;
    expect(swapped(other.text)).toHaveLength(1); // the person is still there
    for (const { to, newStart, newEnd } of other.edits) expect(other.text.slice(newStart, newEnd)).toBe(to);
  }
});

/** A model that moves by chance with every change of a text, and more with "she". */
function jumpy(bias: number, seed: number) {
  const rng = random(`jumpy ${seed}`);
  return async (given: readonly string[]) =>
    given.map((text) => answer(0.5 + (rng.float() - 0.5) * 0.8 + (/\bshe\b/.test(text) ? bias : 0)));
}

test("what any rewording does is no dependence on gender: called in at most 5 percent where there is none, and found where there is", async () => {
  const texts = Array.from({ length: 60 }, (_, i) => `Hello, ${i % 2 ? "he" : "she"} has not slept, ${i}`);
  const clusters = texts.map((_, i) => `patient ${i >> 1}`);
  const called = async (bias: number, runs: number) => {
    let count = 0;
    for (let seed = 0; seed < runs; seed++) {
      const { axes } = await counterfactualFlips(texts, jumpy(bias, seed), { clusters });
      if (axes.gender!.placebo!.verdict === "depends") count++;
    }
    return count / runs;
  };
  const { axes } = await counterfactualFlips(texts, jumpy(0, 0), { clusters });
  expect(axes.gender!.flipRate!.value).toBeGreaterThan(0.3); // by itself this looks like a bias
  expect(axes.gender!.placebo!.units).toBe(30);
  expect(await called(0, 200)).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 200));
  expect(await called(0.6, 20)).toBeGreaterThanOrEqual(0.95);
  const few = await counterfactualFlips(texts.slice(0, 6), jumpy(0.6, 1));
  expect(few.axes.gender!.placebo!.verdict).toBe("too few");
});

test("nothing can be asked of texts that name nobody", async () => {
  expect(await counterfactualFlips(["a fever"], async () => [])).toEqual({
    texts: 1,
    withoutTerm: 1,
    leftOut: 0,
    rules: {},
    axes: {},
    moved: {},
    examples: [],
  });
});
