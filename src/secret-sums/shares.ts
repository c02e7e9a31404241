// Shares of a party's two secrets, dealt to the others in sealed boxes whose contents the dealer has committed to: a box that was
// changed does not open, and a share that was changed is known by its hash.
import { canonicalBytes } from "../base/index.ts";
import { derive, type MaskContext } from "./masks.ts";
import type { Primitives } from "./primitives.ts";
import { secretBytes, split } from "./shamir.ts";

/** A party's secrets in a round, made from 32 bytes of entropy. */
export interface RoundSecrets {
  /** X25519, opens the boxes that others deal. */
  readonly box: Uint8Array;
  /** X25519, seals the boxes that it deals: a dealer can show that a box was right without opening those of others. */
  readonly seal: Uint8Array;
  /** X25519, for the masks of pairs. */
  readonly pair: Uint8Array;
  /** Of its own mask. */
  readonly self: Uint8Array;
  /** What Shamir's coefficients are drawn with. */
  readonly dealing: Uint8Array;
}

export function roundSecrets(primitives: Primitives, entropy: Uint8Array, context: MaskContext): RoundSecrets {
  const of = (use: string) => derive(primitives, entropy, context, "secret", use);
  return { box: of("box"), seal: of("seal"), pair: of("pair"), self: of("self"), dealing: of("dealing") };
}

/** A hash that binds a party to a secret of full entropy without showing it. */
export const commitment = (primitives: Primitives, context: MaskContext, use: string, secret: Uint8Array): string =>
  hex(primitives.sha256(new Uint8Array([...canonicalBytes([context.run, context.round, use]), ...secret])));

/** One receiver's box, and the commitments to the shares in it. */
export interface DealtBox {
  readonly box: string;
  readonly pair: string;
  readonly self: string;
}

export interface Dealer {
  readonly name: string;
  readonly secrets: RoundSecrets;
  readonly threshold: number;
}

/** The key of boxes from one party to another. */
const boxKey = (primitives: Primitives, context: MaskContext, shared: Uint8Array, from: string, to: string) =>
  derive(primitives, shared, context, "box", from, to);

const boundTo = ({ run, round }: MaskContext, from: string, to: string) => canonicalBytes([run, round, from, to]);

/**
 * Deals both secrets.
 * @param receivers public box keys in the order of places: place i + 1 is the i-th
 */
export function dealShares(
  primitives: Primitives,
  context: MaskContext,
  { name, secrets, threshold }: Dealer,
  receivers: ReadonlyMap<string, Uint8Array>,
): Record<string, DealtBox> {
  const sizes = { threshold, parties: receivers.size };
  const coefficients = (use: string) => {
    const words = new Uint32Array(8 * (threshold - 1));
    let at = 0;
    for (const piece of primitives.keystream(derive(primitives, secrets.dealing, context, use), words.length)) {
      words.set(piece, at);
      at += piece.length;
    }
    return words;
  };
  const pair = split(secrets.pair, sizes, coefficients("pair"));
  const self = split(secrets.self, sizes, coefficients("self"));
  return Object.fromEntries(
    [...receivers].map(([to, key], i): [string, DealtBox] => {
      const shared = boxKey(primitives, context, primitives.agree(secrets.seal, key), name, to);
      const box = primitives.seal(shared, new Uint8Array([...pair[i]!, ...self[i]!]), boundTo(context, name, to));
      return [
        to,
        {
          box: base64(box),
          pair: commitment(primitives, context, "share-pair", pair[i]!),
          self: commitment(primitives, context, "share-self", self[i]!),
        },
      ];
    }),
  );
}

/**
 * Both shares of a box.
 * @param ends `secret` and `key` are one end's secret and the other's public key: of the receiver `box`, of the dealer `seal`
 * @returns undefined where it does not open, or holds other shares than the dealer committed to
 */
export function openBox(
  primitives: Primitives,
  context: MaskContext,
  ends: { readonly from: string; readonly to: string; readonly secret: Uint8Array; readonly key: Uint8Array },
  dealt: DealtBox,
): { readonly pair: Uint8Array; readonly self: Uint8Array } | undefined {
  const { from, to } = ends;
  const key = boxKey(primitives, context, primitives.agree(ends.secret, ends.key), from, to);
  const plain = primitives.open(key, unbase64(dealt.box), boundTo(context, from, to));
  if (plain?.length !== 2 * secretBytes) return undefined;
  const [pair, self] = [plain.slice(0, secretBytes), plain.slice(secretBytes)];
  const isAsCommitted =
    commitment(primitives, context, "share-pair", pair) === dealt.pair &&
    commitment(primitives, context, "share-self", self) === dealt.self;
  return isAsCommitted ? { pair, self } : undefined;
}

const hexOf = Array.from({ length: 256 }, (_, b) => b.toString(16).padStart(2, "0"));
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += hexOf[bytes[i]!]!;
  return text;
}
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]!);
  return btoa(text);
}
export function unbase64(text: string): Uint8Array {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}
