// The group that commitments are made in: ristretto255 (RFC 9496), of prime order, from @noble/curves. Its one door.
// Not constant in time: what runs here runs on a member's own machine or on public values.
import { interleavedMSMUnsafe, pippenger } from "@noble/curves/abstract/curve.js";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";

const { Point } = ristretto255;
type Inside = InstanceType<typeof Point>;

/** A point of the group. */
export interface Point {
  add(other: Point): Point;
  equals(other: Point): boolean;
  toBytes(): Uint8Array;
}
const inside = (point: Point) => point as Inside;

/** Order of the group, a prime of 253 bits. */
export const order: bigint = Point.Fn.ORDER;

/** A number modulo the order, from 0. */
export const modulo = (x: bigint): bigint => {
  const rest = x % order;
  return rest < 0n ? rest + order : rest;
};

/** A point that nobody knows a logarithm of: a label hashed to the group. */
export const hashedPoint = (label: string): Point =>
  ristretto255_hasher.hashToCurve(new TextEncoder().encode(label), { DST: "concord-round-norm-v1" }) as Inside as Point;

/** 32 bytes. */
export const bytesOfPoint = (point: Point): Uint8Array => point.toBytes();

/** @returns undefined for bytes that are no point in their one form */
export function pointOf(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes) as Point;
  } catch {
    return undefined;
  }
}

/** A number from 64 bytes, little-endian, all but uniform modulo the order. */
export const scalarOf = (bytes: Uint8Array): bigint => modulo(littleEndian(bytes));

/** Bytes as a whole number, little-endian. */
export const littleEndian = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Array.from(bytes.toReversed(), (b) => b.toString(16).padStart(2, "0")).join("")}`);

/** A whole number as so many bytes, little-endian. */
export function toBytes(x: bigint, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let rest = x;
  for (let i = 0; i < length; i++) {
    out[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return out;
}

/** Σ scalar · point. */
export const combine = (terms: readonly (readonly [bigint, Point])[]): Point =>
  pippenger(
    Point,
    terms.map(([, p]) => inside(p)),
    terms.map(([s]) => modulo(s)),
  ) as Point;

/** Σ scalarᵢ · pointᵢ for points that are used again and again. */
export function combiner(points: readonly Point[]): (scalars: readonly bigint[]) => Point {
  const all = interleavedMSMUnsafe(Point, points.map(inside), 5);
  return (scalars) => all(scalars.map(modulo)) as Point;
}
