// Masked-LM masking: the shares are what they say, words stay whole, nothing special is touched, and a seed fixes everything.
import { describe, expect, test } from "vitest";
import { random } from "../base/index.ts";
import { ignoredLabel } from "./example.ts";
import { defaultMasking, type MaskingVocabulary, maskExample, maskedEpoch, maskingVocabulary } from "./masking.ts";

const maskId = 4;
const vocabulary: MaskingVocabulary = {
  size: 100,
  maskId,
  special: Uint8Array.from({ length: 100 }, (_, id) => Number(id < 5)),
  continues: Uint8Array.from({ length: 100 }, (_, id) => Number(id >= 5 && id % 3 === 0)),
};
const row = (length: number, seed: number): Int32Array => {
  const rng = random(seed);
  return Int32Array.from([2, ...Array.from({ length: length - 2 }, () => 5 + rng.int(95)), 3]);
};

test("15 % of the tokens are predicted, of which 80 % are masked, 10 % random, 10 % unchanged", () => {
  const rng = random(0);
  const counts = { tokens: 0, chosen: 0, masked: 0, changed: 0, kept: 0, wrong: 0 };
  for (let i = 0; i < 3000; i++) {
    const ids = row(100, i);
    const { ids: out, label } = maskExample(ids, vocabulary, rng)!;
    counts.tokens += ids.length - 2;
    for (const [at, l] of (label as Int32Array).entries()) {
      if (l === ignoredLabel ? out[at] !== ids[at] : l !== ids[at]) counts.wrong++;
      if (l === ignoredLabel) continue;
      counts.chosen++;
      if (out[at] === maskId) counts.masked++;
      else if (out[at] !== ids[at]) counts.changed++;
      else counts.kept++;
    }
  }
  expect(counts.wrong).toBe(0);
  expect(counts.chosen / counts.tokens).toBeCloseTo(0.15, 2);
  expect(counts.masked / counts.chosen).toBeCloseTo(0.8, 2);
  // one random draw of 95 gives the token itself
  expect(counts.changed / counts.chosen).toBeCloseTo((0.1 * 94) / 95, 2);
  expect(counts.kept / counts.chosen).toBeCloseTo(0.1 + 0.1 / 95, 2);
});

test("special tokens are never predicted, never drawn", () => {
  const rng = random(1);
  for (let i = 0; i < 300; i++) {
    const { ids, label } = maskExample(row(20, i), vocabulary, rng, {
      ...defaultMasking,
      randomShare: 0.2,
      maskShare: 0,
    })!;
    expect([(label as Int32Array)[0], (label as Int32Array)[19], ids[0], ids[19]]).toEqual([
      ignoredLabel,
      ignoredLabel,
      2,
      3,
    ]);
    expect(ids.slice(1, 19).every((id) => id >= 5)).toBe(true);
  }
});

test("whole words are predicted together, and no example has more predictions than the limit", () => {
  const rng = random(2);
  let longest = 0;
  for (let i = 0; i < 300; i++) {
    const ids = row(128, i);
    const label = maskExample(ids, vocabulary, rng, { ...defaultMasking, wholeWords: true, maxPredictions: 12 })!
      .label as Int32Array;
    const chosen = [...label.keys()].filter((at) => label[at] !== ignoredLabel);
    expect(chosen.length).toBeLessThanOrEqual(12);
    longest = Math.max(longest, chosen.length);
    for (let at = 2; at < ids.length - 1; at++)
      if (vocabulary.continues[ids[at]!])
        expect(label[at] === ignoredLabel, `row ${i}, token ${at}`).toBe(label[at - 1] === ignoredLabel);
  }
  expect(longest).toBe(12);
});

test("an epoch's masks are a function of seed, epoch and row", () => {
  const rows = Array.from({ length: 4 }, (_, i) => row(30, i));
  const epoch = (seed: number, e: number) => maskedEpoch(rows, vocabulary, random(seed), e, defaultMasking);
  expect(epoch(1, 0)).toEqual(epoch(1, 0));
  expect(epoch(1, 1)).not.toEqual(epoch(1, 0));
  expect(epoch(2, 0)).not.toEqual(epoch(1, 0));
});

describe("what cannot be masked", () => {
  test("a text of special tokens only gives nothing, and an epoch names the row", () => {
    const empty = Int32Array.of(2, 3);
    expect(maskExample(empty, vocabulary, random(0))).toBeUndefined();
    expect(() => maskedEpoch([row(9, 1), empty], vocabulary, random(0), 0, defaultMasking)).toThrow(
      /row 1 has no token/,
    );
  });
  test("a tokenizer without a mask token is refused", () => {
    expect(() => maskingVocabulary(10, () => "x", { pad: { id: 0 } })).toThrow(/no mask token/);
  });
});
