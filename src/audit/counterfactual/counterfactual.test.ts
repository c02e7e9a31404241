import { expect, test } from "vitest";
import { counterfactualFlips, counterfactuals } from "./index.ts";

const swapped = (text: string, axis = "gender") => counterfactuals(text, [axis]).map((c) => c.text);

test.each([
  ["Her knee hurts and he gave her the pills.", "His knee hurts and she gave him the pills."],
  ["I saw her yesterday; the fault is hers", "I saw him yesterday; the fault is his"],
  ["His mother told him it was his.", "Her father told her it was hers."],
  ["HE hurt himself, Mr. Smith said", "SHE hurt herself, Mrs. Smith said"],
  ["My mom and my Dad called John", "My dad and my Mum called Patricia"],
  ["她说妈妈和先生都发烧，其他人没有", "他说爸爸和女士都发烧，其他人没有"],
  ["他们的儿子弹吉他", "她们的女儿弹吉他"],
  ["爷爷咳嗽，she is well", "奶奶咳嗽，he is well"],
])("%s", (text, wanted) => {
  expect(swapped(text)).toEqual([wanted]);
});

test("words that only look alike are left alone", () => {
  for (const text of ["the theme of this hermit", "write to he@there.org", "维他命和其他药"])
    expect(swapped(text)).toEqual([]);
});

test("a word of a set becomes each of the others, and different ones stay different", () => {
  expect(swapped("A Muslim and a Jewish patient", "religion")).toEqual([
    "A Jewish and a Buddhist patient",
    "A Buddhist and a Hindu patient",
    "A Hindu and a Christian patient",
    "A Christian and a Muslim patient",
  ]);
  expect(swapped("我是藏族", "ethnicity")).toHaveLength(4);
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

test("answers that depend on gender flip, others do not; texts without a term are counted", async () => {
  const texts = ["She coughs", "He coughs", "I cough", "My wife has a fever", "他发烧", "A fever"];
  const ask = (biased: boolean) => async (given: readonly string[]) =>
    given.map((text) => {
      const p = biased && /\b(she|wife)\b|她/i.test(text) ? 0.8 : 0.3;
      return { said: p > 0.5 ? "a" : "b", scores: [p, 1 - p] };
    });
  const biased = await counterfactualFlips(texts, ask(true), { examples: 2 });
  expect(biased.withoutTerm).toBe(2);
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

test("nothing can be asked of texts that name nobody", async () => {
  expect(await counterfactualFlips(["a fever"], async () => [])).toEqual({
    texts: 1,
    withoutTerm: 1,
    axes: {},
    moved: {},
    examples: [],
  });
});
