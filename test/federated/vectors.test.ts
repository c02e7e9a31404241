// The published vectors: what an independent implementation (tools/federated-vectors.py) computed from the same seeds, step by step.
import { expect, test } from "vitest";
import { canonicalJson, type Random } from "../../src/base/index.ts";
import {
  applyMask,
  commitment,
  dealShares,
  decode,
  encode,
  holdersOf,
  join,
  type Message,
  maskWords,
  openBox,
  type Proposal,
  pairSecret,
  pairSign,
  readMessage,
  ringOf,
  roundSecrets,
  type Segment,
  shareThreshold,
} from "../../src/federated/index.ts";
import { nodePrimitives as primitives } from "../../src/federated/node/index.ts";
import { goldenJson } from "../golden.ts";

interface Vectors {
  readonly run: string;
  readonly round: number;
  readonly threshold: number;
  readonly layout: readonly Segment[];
  readonly parties: readonly {
    readonly name: string;
    readonly entropy: string;
    readonly secrets: Readonly<Record<"box" | "seal" | "pair" | "self" | "dealing", string>>;
    readonly public: Readonly<Record<"box" | "seal" | "pair", string>>;
    readonly commitment: string;
    readonly shares: Readonly<Record<"pair" | "self", readonly string[]>>;
    readonly boxes: Readonly<Record<string, { box: string; pair: string; self: string }>>;
    readonly values: Readonly<Record<string, readonly number[]>>;
    readonly uniform: readonly number[];
    readonly weight: number;
    readonly words: readonly number[];
    readonly masked: readonly number[];
  }[];
  readonly pairs: readonly { readonly pair: [string, string]; readonly secret: string }[];
  readonly survivors: readonly string[];
  readonly maskedSum: readonly number[];
  readonly sum: readonly number[];
  readonly decoded: readonly number[];
  readonly sparse: {
    readonly neighbours: number;
    readonly threshold: number;
    readonly parties: readonly {
      readonly name: string;
      readonly entropy: string;
      readonly key: readonly [box: string, seal: string, pair: string, self: string];
      readonly holders: readonly string[];
      readonly words: readonly number[];
      readonly masked: readonly number[];
    }[];
    readonly ring: readonly string[];
    readonly dealer: string;
    readonly boxes: Readonly<Record<string, { box: string; pair: string; self: string }>>;
    readonly gone: string;
    readonly maskedSum: readonly number[];
    readonly sum: readonly number[];
  };
  readonly signed: { readonly spki: string; readonly bytes: string; readonly message: { signature: string } };
}

const vectors = goldenJson<Vectors>("federated", "vectors.json");
const { run, round, threshold, layout, parties, pairs, survivors } = vectors;
const context = { run, round };
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "hex"));
const raw = (text: string) => new Uint8Array(Buffer.from(text, "base64"));
const partyOf = (name: string) => parties.find((p) => p.name === name)!;
const secretsOf = (name: string) => roundSecrets(primitives, bytes(partyOf(name).entropy), context);
const receivers = new Map(parties.map((p) => [p.name, raw(p.public.box)]));

test("secrets, public keys and commitments of a round are those of the vectors", () => {
  for (const { name, secrets, public: keys, commitment: committed } of parties) {
    const got = secretsOf(name);
    expect(Object.fromEntries(Object.entries(got).map(([use, secret]) => [use, hex(secret)]))).toEqual(secrets);
    for (const use of ["box", "seal", "pair"] as const)
      expect(Buffer.from(primitives.publicKey(got[use])).toString("base64")).toBe(keys[use]);
    expect(commitment(primitives, context, "self", got.self)).toBe(committed);
  }
});

test("both ends of a pair have the secret of the vectors", () => {
  for (const { pair, secret } of pairs)
    for (const [one, other] of [pair, [...pair].reverse() as [string, string]])
      expect(
        hex(pairSecret(primitives, context, secretsOf(one).pair, raw(partyOf(other).public.pair), [one, other])),
      ).toBe(secret);
});

test("boxes, the shares in them and their commitments are those of the vectors, and any threshold of shares joins", () => {
  for (const { name, boxes, shares, secrets } of parties) {
    expect(dealShares(primitives, context, { name, secrets: secretsOf(name), threshold }, receivers)).toEqual(boxes);
    for (const [i, to] of parties.entries()) {
      const ends = { from: name, to: to.name, secret: bytes(to.secrets.box), key: raw(partyOf(name).public.seal) };
      const opened = openBox(primitives, context, ends, boxes[to.name]!)!;
      const other = { ...ends, secret: bytes(partyOf(name).secrets.seal), key: raw(to.public.box) };
      expect(openBox(primitives, context, other, boxes[to.name]!)).toEqual(opened); // the dealer opens it too
      expect([hex(opened.pair), hex(opened.self)]).toEqual([shares.pair[i], shares.self[i]]);
    }
    for (const use of ["pair", "self"] as const)
      for (const places of [
        [1, 2],
        [1, 3],
        [2, 3],
        [1, 2, 3],
      ])
        expect(hex(join(new Map(places.map((x) => [x, bytes(shares[use][x - 1]!)]))))).toBe(secrets[use]);
  }
});

const encoded = (name: string) => {
  const { values, uniform, weight } = partyOf(name);
  let at = 0;
  const rounding = { float: () => uniform[at++]! } as Partial<Random> as Random;
  return encode(layout, values, parties.length, rounding, weight);
};

test("numbers become the words of the vectors: clipped, weighted, rounded by the same draws", () => {
  for (const { name, words } of parties) expect([...encoded(name).words]).toEqual(words);
  expect(encoded("hospital").clipped).toEqual({ "encoder.weight": 1, 'head 头 "b"': 1 });
});

test("masked words are those of the vectors", () => {
  for (const { name, masked } of parties) {
    const { words } = encoded(name);
    const mine = new Map(
      pairs
        .filter(({ pair }) => pair.includes(name))
        .map(({ pair, secret }) => [pair.find((n) => n !== name)!, bytes(secret)]),
    );
    maskWords(primitives, words, layout, context, { name, self: secretsOf(name).self, pairs: mine });
    expect([...words]).toEqual(masked);
  }
});

test("the sum of who stayed, one having dropped, is the one of the vectors", () => {
  const sum = new Uint32Array(vectors.maskedSum.length);
  for (const name of survivors) for (const [i, w] of partyOf(name).masked.entries()) sum[i] = sum[i]! + w;
  expect([...sum]).toEqual(vectors.maskedSum);
  for (const name of survivors) applyMask(primitives, sum, layout, secretsOf(name).self, context, -1);
  for (const { pair, secret } of pairs) {
    const [gone, stayed] = survivors.includes(pair[0]) ? [pair[1], pair[0]] : pair;
    if (survivors.includes(gone)) continue;
    applyMask(primitives, sum, layout, bytes(secret), context, pairSign(stayed, gone) === 1 ? -1 : 1);
  }
  expect([...sum]).toEqual(vectors.sum);
  const decoded = decode(layout, sum, { parties: parties.length, summed: survivors.length });
  expect(layout.flatMap(({ name }) => [...decoded[name]!])).toEqual(vectors.decoded);
});

test("what is signed of a message is its canonical form without the signature", () => {
  const { message, bytes: content, spki } = vectors.signed;
  const { signature: _, ...rest } = message;
  expect(canonicalJson(rest)).toBe(content);
  expect(readMessage(message, primitives, () => spki)).toEqual(message);
  const other = { ...message, round: round + 1 };
  expect(() => readMessage(other, primitives, () => spki)).toThrow("E_SIGNATURE");
});

test("a sparse round's ring, neighbours, boxes, masks and sum are those of the vectors", () => {
  const { sparse } = vectors;
  const proposal = { neighbours: sparse.neighbours, threshold: 7 } as Proposal;
  const names = sparse.parties.map((p) => p.name);
  const keys = sparse.parties.map(
    ({ name, key: [box, seal, pair, self] }) => ({ from: name, body: { box, seal, pair, self } }) as Message<"keys">,
  );
  const ring = ringOf(primitives, proposal, context, keys)!;
  expect(ring).toEqual(sparse.ring);
  expect(shareThreshold(proposal, { ring }, names[0]!)).toBe(sparse.threshold);
  const keyOf = (name: string, at: 0 | 2) => raw(sparse.parties.find((p) => p.name === name)!.key[at]);
  const secrets = new Map(sparse.parties.map((p) => [p.name, roundSecrets(primitives, bytes(p.entropy), context)]));
  const pairOf = (name: string, other: string) =>
    pairSecret(primitives, context, secrets.get(name)!.pair, keyOf(other, 2), [name, other]);
  for (const { name, holders, words, masked } of sparse.parties) {
    expect(holdersOf(proposal, names, { ring }, name)).toEqual(holders);
    const mine = Uint32Array.from(words);
    const pairs = new Map(holders.filter((n) => n !== name).map((n) => [n, pairOf(name, n)]));
    maskWords(primitives, mine, layout, context, { name, self: secrets.get(name)!.self, pairs });
    expect([...mine]).toEqual(masked);
  }
  const { dealer, gone } = sparse;
  const to = new Map(holdersOf(proposal, names, { ring }, dealer).map((n) => [n, keyOf(n, 0)]));
  const deal = { name: dealer, secrets: secrets.get(dealer)!, threshold: sparse.threshold };
  expect(dealShares(primitives, context, deal, to)).toEqual(sparse.boxes);
  const sum = Uint32Array.from(sparse.maskedSum);
  for (const name of names) if (name !== gone) applyMask(primitives, sum, layout, secrets.get(name)!.self, context, -1);
  for (const other of holdersOf(proposal, names, { ring }, gone))
    if (other !== gone)
      applyMask(primitives, sum, layout, pairOf(gone, other), context, pairSign(other, gone) === 1 ? -1 : 1);
  expect([...sum]).toEqual(sparse.sum);
});
