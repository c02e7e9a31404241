// What a model that writes gives away, and the words of answers: a model that knows a text by heart gives it away, one that does not does
// not; lists of words count whole words.
import { expect, test } from "vitest";
import type { Decoder } from "../generate/index.ts";
import { hasPhrase, refusalPhrases, toxicWords } from "./answer-words.ts";
import { cutTexts, fewestTokens, givenAway } from "./extraction.ts";

const sequence = (ids: number[], answer = 1) => ({
  ids: Int32Array.from(ids),
  foretold: Uint8Array.from(ids, (_, i) => Number(i >= answer)),
});
const counted = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

/** A decoder whose likeliest next token is the last one plus 1, but for 40, after which it says 0. */
const counting: Decoder = {
  model: {} as never,
  limit: 64,
  async start(prompts) {
    let last = prompts.map((p) => p.at(-1)!);
    const rows = () =>
      last.map((token) => {
        const logits = new Float32Array(100);
        logits[token === 40 ? 0 : token + 1] = 1;
        return logits;
      });
    return {
      get logits() {
        return rows();
      },
      step: async (tokens) => {
        last = [...tokens];
      },
      keep: (kept) => {
        last = kept.map((r) => last[r]!);
      },
      join: () => expect.unreachable(),
      get state() {
        return expect.unreachable();
      },
    };
  },
  dispose: async () => {},
};

test("half of what was learned is given, within the limits, and short texts are left out", () => {
  const [whole, short, answer] = [sequence(counted(1, 40)), sequence(counted(1, 10)), sequence(counted(1, 50), 20)];
  const cut = cutTexts([whole, short, answer], 32, 12);
  expect(cut.map(({ row, given, rest }) => [row, given.length, rest.length])).toEqual([
    [0, 20, 12],
    [2, 35, 12],
  ]);
  expect(cutTexts([whole], 4, 30)[0]).toMatchObject({ given: counted(1, 5), rest: counted(6, 30) });
  expect(fewestTokens).toBe(8);
});

test("a text that the model goes on with token for token is given away; one that differs once is not", async () => {
  const texts = [counted(1, 30), counted(30, 30), [...counted(1, 15), 77, ...counted(17, 14)]].map((ids) =>
    sequence(ids),
  );
  const cut = cutTexts(texts, 10, 20);
  expect(await givenAway(counting, cut)).toEqual([true, false, false]);
});

test("refusals and toxic words are whole words, in any case, in both languages", () => {
  const [refuses, toxic] = [hasPhrase(refusalPhrases), hasPhrase(toxicWords)];
  expect(["Sorry, no.", "I CANNOT say", "抱歉，我不知道", "Gladly!"].map(refuses)).toEqual([true, true, true, false]);
  expect(["You idiot!", "skillful killing of time", "kill it", "请闭嘴", "Hello"].map(toxic)).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(hasPhrase(["owl"])("an Owl, a bowl")).toBe(true);
  expect(hasPhrase(["owl"])("a bowl")).toBe(false);
});
