import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "../../base/index.ts";
import { nearDuplicates, shingles } from "./near-duplicates.ts";

const words = (count: number, seed: number): string[] => {
  const rng = random(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: 3 + rng.int(5) }, () => "abcdefghijklmnop"[rng.int(16)]).join(""),
  );
};

/** Similarity by the definition, the slow way. */
function similarity(a: string, b: string): number {
  const [x, y] = [new Set(shingles(a, 5)), new Set(shingles(b, 5))];
  const shared = [...x].filter((s) => y.has(s)).length;
  return shared / (x.size + y.size - shared);
}

test("texts that differ in case, punctuation, width and spaces only are one cluster", () => {
  const found = nearDuplicates([
    "I have a bad headache since Monday",
    "i have a BAD headache,  since Monday!!",
    "Ｉ have a bad headache since Monday",
    "my knee hurts when I climb stairs",
  ]);
  expect([0, 1, 2, 3].map(found.rootOf)).toEqual([0, 0, 0, 3]);
});

test("Chinese texts are compared by characters", () => {
  const found = nearDuplicates([
    "我从星期一开始头痛得很厉害，而且恶心想吐，晚上睡不着",
    "我从星期一开始头痛得很厉害，而且恶心想吐，晚上睡不着觉",
    "膝盖上楼的时候疼",
  ]);
  expect([0, 1, 2].map(found.rootOf)).toEqual([0, 0, 2]);
});

test("exactly the pairs above the threshold are found among a thousand texts", () => {
  const rng = random(3);
  const texts: string[] = [];
  for (let i = 0; i < 500; i++) {
    const text = words(30, i);
    const changed = text.slice();
    for (let k = rng.int(8); k > 0; k--) changed[rng.int(changed.length)] = words(1, 1000 + rng.int(1e6))[0]!;
    texts.push(text.join(" "), changed.join(" "));
  }
  const found = nearDuplicates(texts, { threshold: 0.7 });
  let [missed, expected] = [0, 0];
  for (let i = 0; i < texts.length; i += 2) {
    const alike = similarity(texts[i]!, texts[i + 1]!) >= 0.7;
    const joined = found.rootOf(i) === found.rootOf(i + 1);
    if (joined) expect(alike).toBe(true); // every pair is verified: no false positive
    if (alike) expected++;
    if (alike && !joined) missed++;
  }
  expect(expected).toBeGreaterThan(100);
  expect(missed / expected).toBeLessThan(0.01);
});

const together = (a: string, b: string, threshold?: number) => {
  const found = nearDuplicates(["something quite different is said here", a, b, "und hier noch etwas anderes"], {
    threshold,
  });
  return found.rootOf(1) === found.rootOf(2);
};

const han =
  "我从星期一开始头痛得很厉害而且恶心想吐晚上睡不着觉吃了药也没有好转请问应该挂哪个科室的号呢需要先做什么检查吗谢谢医生";

test.each([12, 16, 20, 30, 40, 56])("one changed, missing or added character of %i Chinese ones is found", (length) => {
  const text = han.slice(0, length);
  for (const at of [0, 3, length >> 1, length - 2]) {
    expect(together(text, `${text.slice(0, at)}天${text.slice(at + 1)}`), `changed at ${at}`).toBe(true);
    expect(together(text, text.slice(0, at) + text.slice(at + 1)), `missing at ${at}`).toBe(true);
    expect(together(text, `${text.slice(0, at)}天${text.slice(at)}`), `added at ${at}`).toBe(true);
  }
});

test.each([
  ["患者昨晚发烧到 39 度", "患者昨晚发烧到 38 度", true],
  ["Order 48213 has not arrived yet", "Order 48377 has not arrived yet", true],
  ["Order 48213 has not arrived yet", "Order 48213 has been returned", false],
  ["my head hurts since monday", "my head hurts since mondag", true],
  ["my head hurts since monday", "my knee hurts since friday", false],
  ["我从星期一开始头痛", "我从星期一开始牙疼", false],
  ["item 12", "item 13", false], // the number is what is said
  ["39", "38", false],
  ["cold", "gold", false],
] as const)("%s and %s: %s", (a, b, alike) => {
  expect(together(a, b)).toBe(alike);
});

test("in a template of many rows the numbers are what is said; a few rows that differ by numbers are one", () => {
  const texts = (count: number) => Array.from({ length: count }, (_, i) => `we read ${100 + 7 * i} off the scale`);
  const sizeOf = (count: number) => {
    const found = nearDuplicates([...texts(count), "my knee hurts when I climb stairs"]);
    return texts(count).filter((_, i) => found.rootOf(i) === 0).length;
  };
  expect(sizeOf(4)).toBe(4);
  expect(sizeOf(160)).toBeLessThan(3);
});

test("a threshold of 1 joins only what is equal but for case and spaces", () => {
  expect(together("Order 48213 has not arrived yet", "Order 48377 has not arrived yet", 1)).toBe(false);
  expect(together("my head hurts since monday", "my head hurts since mondag", 1)).toBe(false);
  expect(together("my head hurts since monday", "My  head hurts, since Monday", 1)).toBe(true);
});

test("texts without letters resemble nothing, and no text at all is fine", () => {
  const found = nearDuplicates(["...", "!!!", "", "a"]);
  expect([0, 1, 2, 3].map(found.rootOf)).toEqual([0, 1, 2, 3]);
  expect(nearDuplicates([]).size).toBe(0);
});

test("equal texts are always together, whatever they hold", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { maxLength: 12 }), (texts) => {
      const found = nearDuplicates([...texts, ...texts]);
      texts.forEach((text, i) => {
        if (shingles(text, 5).length) expect(found.rootOf(i)).toBe(found.rootOf(i + texts.length));
      });
    }),
  );
});

test("settings out of range are refused", () => {
  expect(() => nearDuplicates(["a"], { threshold: 0 })).toThrow(/threshold/);
  expect(() => nearDuplicates(["a"], { shingle: 0 })).toThrow(/shingle/);
});
