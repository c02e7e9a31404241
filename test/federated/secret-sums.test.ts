// The parts of a secret sum, one by one: shares, masks, rounding; and the published vectors that an independent implementation made.
import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import {
  decode,
  encode,
  join,
  maskWords,
  pairSecret,
  type Segment,
  secretBytes,
  split,
} from "../../src/federated/index.ts";
import { primitives } from "./study.ts";

const bytes32 = fc.uint8Array({ minLength: secretBytes, maxLength: secretBytes });

test("any threshold of shares gives the secret; one fewer gives another", () => {
  fc.assert(
    fc.property(
      bytes32,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 4 }),
      fc.nat(),
      (secret, t, more, seed) => {
        const chance = random(seed);
        const words = Uint32Array.from({ length: 8 * t }, () => chance.uint32());
        const shares = split(secret, { threshold: t, parties: t + more }, words);
        const places = shares.map((_, i) => i + 1).sort(() => chance.float() - 0.5);
        const chosen = (n: number) => new Map(places.slice(0, n).map((x) => [x, shares[x - 1]!]));
        expect(join(chosen(t))).toEqual(secret);
        if (t > 1) expect(join(chosen(t - 1))).not.toEqual(secret);
      },
    ),
    { numRuns: 100 },
  );
});

test("shares for as many parties as a study may have", () => {
  const secret = Uint8Array.from({ length: 32 }, (_, i) => i * 8);
  const words = Uint32Array.from({ length: 16 }, (_, i) => i * 2654435761);
  const shares = split(secret, { threshold: 3, parties: 65_535 }, words);
  expect(join(new Map([1, 40_000, 65_535].map((x) => [x, shares[x - 1]!])))).toEqual(secret);
  expect(() => split(secret, { threshold: 3, parties: 65_536 }, words)).toThrow(/65535/);
  expect(() => split(secret, { threshold: 4, parties: 3 }, words)).toThrow(/threshold/);
  expect(() => join(new Map([[0, secret]]))).toThrow(/place/);
});

const layout: Segment[] = [
  { name: "w", size: 5, kind: "real", bound: 2 },
  { name: "n", size: 2, kind: "count", bound: 50 },
];

test("masked words of all parties add up to the sum of their words, and each alone looks like chance", () => {
  const names = ["a", "b", "c"];
  const chance = random(3);
  const secret = () => Uint8Array.from({ length: 32 }, () => chance.int(256));
  const parties = names.map((name) => ({ name, pair: secret(), self: secret() }));
  const context = { run: "r", round: 1 };
  const sum = new Uint32Array(7);
  const plain = new Uint32Array(7);
  for (const { name, pair } of parties) {
    const { words } = encode(layout, { w: [1, -1, 0.5, 0, 2], n: [3, 4] }, 3, random(name));
    for (const [i, w] of words.entries()) plain[i] = plain[i]! + w;
    const pairs = new Map(
      parties
        .filter((p) => p.name !== name)
        .map((p) => [p.name, pairSecret(primitives, context, pair, primitives.publicKey(p.pair), [name, p.name])]),
    );
    const zero = new Uint32Array(7);
    const before = words.slice();
    maskWords(primitives, words, layout, context, { name, self: new Uint8Array(32), pairs });
    maskWords(primitives, zero, layout, context, { name: "", self: new Uint8Array(32), pairs: new Map() });
    expect(words.every((w, i) => w !== before[i])).toBe(true);
    for (const [i, w] of words.entries()) sum[i] = sum[i]! + w - zero[i]!;
  }
  expect(sum).toEqual(plain);
  expect(decode(layout, sum, { parties: 3, summed: 3 }).n).toEqual(Float64Array.of(9, 12));
});

test("rounding is right on average, and never leaves the grid's neighbours", () => {
  const [part]: Segment[] = [{ name: "w", size: 20_000, kind: "real", bound: 2 ** 29 }]; // a step of 0.75 with three parties
  const step = (part!.bound * 3) / (2 ** 31 - 1);
  const x = 1.3 * step;
  const { words } = encode([part!], { w: new Float64Array(20_000).fill(x) }, 3, random(5));
  const mean = words.reduce((a, w) => a + (w | 0), 0) / words.length;
  expect(new Set(words)).toEqual(new Set([1, 2]));
  expect(Math.abs(mean - 1.3)).toBeLessThan(4 * Math.sqrt(0.21 / 20_000));
});

test("as many parties as were told never overflow, at their largest numbers", () => {
  for (const parties of [2, 3, 100, 1000]) {
    const one: Segment[] = [{ name: "w", size: 2, kind: "real", bound: 7 }];
    const sum = new Uint32Array(2);
    for (let p = 0; p < parties; p++)
      for (const [i, w] of encode(one, { w: [7, -7] }, parties, random(p)).words.entries()) sum[i] = sum[i]! + w;
    const { w } = decode(one, sum, { parties, summed: parties });
    expect(Math.abs(w![0]! / parties - 7)).toBeLessThan(7 * 1e-6);
    expect(Math.abs(w![1]! / parties + 7)).toBeLessThan(7 * 1e-6);
  }
});

test("what a layout does not hold is refused by name", () => {
  const chance = random(0);
  const n = [1, 2];
  expect(() => encode(layout, { w: [1], n }, 3, chance)).toThrow(/w is not what/);
  expect(() => encode(layout, { w: [1, 2, 3, 4, Number.NaN], n }, 3, chance)).toThrow(/w\[4\]/);
  expect(() => encode(layout, { w: [1, 2, 3, 4, 5], n: [1, 51] }, 3, chance)).toThrow(/n\[1\]/);
  expect(() => encode(layout, { w: [1, 2, 3, 4, 5], n: [1, 0.5] }, 3, chance)).toThrow(/whole number/);
  expect(encode(layout, { w: [3, 1, 1, 1, -9], n }, 3, chance).clipped).toEqual({ w: 2 });
});
