// Masks that cancel in the sum of all parties (Bonawitz 2017, doi:10.1145/3133956.3133982): one per pair, added by the first and
// subtracted by the second, and one of a party's own that is taken off when enough others let it. Each tensor has its own key.
import type { Primitives } from "./primitives.ts";
import type { Segment } from "./vector.ts";

/** What keys are bound to, so that no keystream is ever used twice. */
export interface MaskContext {
  readonly run: string;
  readonly round: number;
}

const utf8 = new TextEncoder();
const label = (...parts: readonly (string | number)[]) => utf8.encode(JSON.stringify(["concord", 2, ...parts]));

/** HKDF with a label of its own for every use. */
export const derive = (
  primitives: Primitives,
  secret: Uint8Array,
  { run, round }: MaskContext,
  ...use: readonly (string | number)[]
): Uint8Array => primitives.hkdf(secret, utf8.encode(run), label(round, ...use));

/** The secret that two parties share for masks; the same from either side. */
export const pairSecret = (
  primitives: Primitives,
  context: MaskContext,
  secret: Uint8Array,
  publicKey: Uint8Array,
  pair: readonly [string, string],
): Uint8Array => derive(primitives, primitives.agree(secret, publicKey), context, "pair", ...[...pair].sort(byUnits));

/** Names in the order that decides who of a pair adds. */
export const byUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * words ← words + sign·mask, modulo 2³², in place.
 * @param sign 1 adds, −1 subtracts
 */
export function applyMask(
  primitives: Primitives,
  words: Uint32Array,
  layout: readonly Segment[],
  secret: Uint8Array,
  context: MaskContext,
  sign: 1 | -1,
): void {
  let at = 0;
  for (const { name, size } of layout) {
    const key = derive(primitives, secret, context, "mask", name);
    for (const piece of primitives.keystream(key, size)) {
      if (sign === 1) for (let i = 0; i < piece.length; i++) words[at + i] = words[at + i]! + piece[i]!;
      else for (let i = 0; i < piece.length; i++) words[at + i] = words[at + i]! - piece[i]!;
      at += piece.length;
    }
  }
}

/** Masks a party's words with its own secret and those of its pairs, in place. */
export function maskWords(
  primitives: Primitives,
  words: Uint32Array,
  layout: readonly Segment[],
  context: MaskContext,
  party: { readonly name: string; readonly self: Uint8Array; readonly pairs: ReadonlyMap<string, Uint8Array> },
): void {
  applyMask(primitives, words, layout, party.self, context, 1);
  for (const [other, secret] of party.pairs)
    applyMask(primitives, words, layout, secret, context, pairSign(party.name, other));
}

/** What `name` does with the mask that it shares with `other`. */
export const pairSign = (name: string, other: string): 1 | -1 => (byUnits(name, other) < 0 ? 1 : -1);
