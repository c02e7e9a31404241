// Shares of a party's two secrets, dealt to the others in sealed boxes whose contents the dealer has committed to: a box that was
// changed does not open, and a share that was changed is known by its hash.
import { canonicalBytes } from "../../base/index.ts";
import type { Primitives } from "../primitives.ts";
import { derive, type MaskContext } from "./masks.ts";
import { secretBytes, split } from "./shamir.ts";

/** A party's secrets in a round, made from 32 bytes of entropy. */
export interface RoundSecrets {
  /** X25519, for boxes. */
  readonly box: Uint8Array;
  /** X25519, for the masks of pairs. */
  readonly pair: Uint8Array;
  /** Of its own mask. */
  readonly self: Uint8Array;
  /** What Shamir's coefficients are drawn with. */
  readonly dealing: Uint8Array;
}

export function roundSecrets(primitives: Primitives, entropy: Uint8Array, context: MaskContext): RoundSecrets {
  const of = (use: string) => derive(primitives, entropy, context, "secret", use);
  return { box: of("box"), pair: of("pair"), self: of("self"), dealing: of("dealing") };
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
      const shared = boxKey(primitives, context, primitives.agree(secrets.box, key), name, to);
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

/** Both shares of a box, or undefined where it does not open. */
export function openBox(
  primitives: Primitives,
  context: MaskContext,
  { from, to, secret, senderKey }: { from: string; to: string; secret: Uint8Array; senderKey: Uint8Array },
  box: string,
): { readonly pair: Uint8Array; readonly self: Uint8Array } | undefined {
  const key = boxKey(primitives, context, primitives.agree(secret, senderKey), from, to);
  const plain = primitives.open(key, unbase64(box), boundTo(context, from, to));
  if (plain?.length !== 2 * secretBytes) return undefined;
  return { pair: plain.slice(0, secretBytes), self: plain.slice(secretBytes) };
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
