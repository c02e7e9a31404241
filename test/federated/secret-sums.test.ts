// The parts of a secret sum, one by one: shares, masks, rounding; and the published vectors that an independent implementation made.
import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import {
  base64,
  byUnits,
  commitment,
  type DealtBox,
  dealShares,
  decode,
  encode,
  join,
  maskWords,
  openBox,
  pairSecret,
  pairSign,
  roundSecrets,
  type Segment,
  secretBytes,
  split,
} from "../../src/federated/index.ts";
import { over, times } from "../../src/secret-sums/field.ts";
import { fault } from "../fault.ts";
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

test("a sum of counts beyond what so many parties can have is refused; a sum at the bound is read", () => {
  const counts: Segment[] = [{ name: "n", size: 3, kind: "count", bound: 10 }];
  const read = (...words: number[]) => decode(counts, Uint32Array.from(words), { parties: 5, summed: 3 }).n;
  expect(read(0, 30, 7)).toEqual(Float64Array.of(0, 30, 7));
  for (const wrong of [31, 2 ** 31, 2 ** 32 - 1])
    expect(fault("E_ROUND", () => read(wrong, 1, 1)).facts.problem).toBe("sum of n[0] is not what the proposal says");
  expect(fault("E_ROUND", () => read(1, 1, 31)).facts).toMatchObject({ expected: "0 … 30", got: "31" });
  const real: Segment[] = [{ name: "n", size: 1, kind: "real", bound: 10 }];
  expect(decode(real, Uint32Array.of(2 ** 32 - 1), { parties: 5, summed: 3 }).n![0]).toBeLessThan(0);
});

test("counts go from 0 to the bound, and a part that is missing is named", () => {
  const one: Segment[] = [{ name: "n", size: 1, kind: "count", bound: 10 }];
  const words = (...n: number[]) => [...encode(one, { n }, 3, random(0)).words];
  expect([words(0), words(10)]).toEqual([[0], [10]]);
  for (const n of [-1, 11, 0.5, Number.NaN]) fault("E_ROUND", () => words(n));
  expect(fault("E_ROUND", () => encode(one, {}, 3, random(0))).facts.got).toBe("none");
});

test("in the field of 65,536 elements what is divided comes back", () => {
  for (const [a, b] of [
    [1, 1],
    [2, 32_768],
    [65_535, 3],
    [777, 65_535],
  ] as const) {
    expect(over(times(a, b), b)).toBe(a);
    expect([times(a, b), over(a, 1)]).toEqual([times(b, a), a]);
  }
  expect([times(0, 9), times(9, 0), over(0, 9), times(9, 1), times(32_768, 2)]).toEqual([0, 0, 0, 9, 0x100b]);
  expect(() => over(9, 0)).toThrow(RangeError);
});

test("shares that cannot be made or joined are refused", () => {
  const secret = new Uint8Array(32).fill(5);
  const words = new Uint32Array(64).fill(9);
  const make = (threshold: number, parties: number, given = words) => split(secret, { threshold, parties }, given);
  expect([make(3, 3), make(1, 1)].map((shares) => shares.length)).toEqual([3, 1]);
  expect(make(3, 3, words.subarray(0, 16))).toHaveLength(3);
  for (const [threshold, parties] of [
    [0, 3],
    [-1, 3],
    [4, 3],
    [Number.NaN, 3],
    [1, 65_536],
  ] as const)
    fault("E_ARGUMENT", () => make(threshold, parties));
  fault("E_ARGUMENT", () => make(3, 3, words.subarray(0, 15)));
  fault("E_ARGUMENT", () => split(secret.subarray(1), { threshold: 1, parties: 1 }, words));
  const [first] = make(1, 1) as [Uint8Array];
  for (const shares of [
    [],
    [[0, first]],
    [[65_536, first]],
    [
      [1, first],
      [0, first],
    ],
    [[1.5, first]],
    [[1, first.subarray(1)]],
  ])
    fault("E_ARGUMENT", () => join(new Map(shares as [number, Uint8Array][])));
});

test("names are ordered by UTF-16 units, and of a pair the first adds what the second subtracts", () => {
  expect([byUnits("a", "b"), byUnits("b", "a"), byUnits("a", "a"), byUnits("B", "a")]).toEqual([-1, 1, 0, -1]);
  expect([pairSign("a", "b"), pairSign("b", "a")]).toEqual([1, -1]);
});

/** A dealer, a receiver, and the box that is dealt to it. */
function dealt(by = primitives, threshold = 2) {
  const context = { run: "r", round: 1 };
  const [dealer, receiver] = [roundSecrets(by, secretBytesOf(1), context), roundSecrets(by, secretBytesOf(2), context)];
  const boxes = new Map(["b", "c"].map((name) => [name, by.publicKey(receiver.box)]));
  const all = dealShares(by, context, { name: "a", secrets: dealer, threshold }, boxes);
  const ends = { from: "a", to: "b", secret: receiver.box, key: by.publicKey(dealer.seal) };
  return { all, open: (box: DealtBox, to = "b") => openBox(by, context, { ...ends, to }, box), dealer, context, ends };
}
const secretBytesOf = (seed: number) => new Uint8Array(32).fill(seed);

test("a box opens for its receiver as its dealer committed to it, and not otherwise", () => {
  const { all, open, dealer, context, ends } = dealt();
  const box = all.b!;
  const opened = open(box)!;
  expect([opened.pair.length, opened.self.length]).toEqual([32, 32]);
  expect(open(box, "c")).toBeUndefined();
  expect(open({ ...box, box: base64(new Uint8Array(80)) })).toBeUndefined();
  expect(open({ ...box, pair: box.self })).toBeUndefined();
  expect(open({ ...box, self: box.pair })).toBeUndefined();
  expect(open({ ...box, self: box.pair, pair: box.self })).toBeUndefined();
  // sealed by the dealer, and one byte short: its commitments are for what it holds
  const short = { ...primitives, open: () => new Uint8Array([...opened.pair, ...opened.self.subarray(1)]) };
  const self = commitment(primitives, context, "share-self", opened.self.subarray(1));
  expect(openBox(short, context, ends, { ...box, self })).toBeUndefined();
  expect(dealer.seal).toHaveLength(32);
});

test("coefficients are the same however a keystream is cut into pieces", () => {
  const inFives: typeof primitives = {
    ...primitives,
    *keystream(key, words) {
      const whole = Uint32Array.from([...primitives.keystream(key, words)].flatMap((piece) => [...piece]));
      for (let at = 0; at < words; at += 5) yield whole.subarray(at, at + 5);
    },
  };
  expect(dealt(inFives).all).toEqual(dealt().all);
});
