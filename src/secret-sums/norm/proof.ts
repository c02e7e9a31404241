// A proof that committed projections are those of a short update: Σ pₖ² ≤ bound, and all pₖ and tₖ far from the group's order. A Σ-protocol for one
// quadratic equation over a vector commitment (Schnorr 1991; Cramer & Damgård 1998; Groth 2009), made non-interactive by hashing (Fiat & Shamir
// 1986). It grows with the number of projections, not with the update's. Zero knowledge: all that is shown is uniform, but for the numbers u,
// which are within 2⁻⁶⁰ of it.
import type { Primitives } from "../primitives.ts";
import {
  bytesOfPoint,
  combine,
  combiner,
  hashedPoint,
  littleEndian,
  modulo,
  order,
  type Point,
  pointOf,
  scalarOf,
  toBytes,
} from "./group.ts";
import { projectionCount as K } from "./projections.ts";

/** What is shown: P commits to p and T to t, each coordinate to a point of its own. */
export interface Statement {
  /** What the proof is bound to: a hash of all else. */
  readonly context: Uint8Array;
  /** Σ pₖ² is at most this. */
  readonly bound: bigint;
  readonly P: Point;
  readonly T: Point;
}

export interface Witness {
  readonly p: readonly bigint[];
  readonly t: readonly bigint[];
  /** Blinding of P and of T. */
  readonly rho: bigint;
  readonly tau: bigint;
}

const mostBits = 72; // of the bound
const points = (name: string, n: number) => Array.from({ length: n }, (_, i) => hashedPoint(`${name} ${i}`));
const once = <T>(make: () => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

/** Generators: G of projections, F of the proof's own numbers, H of blinding, E of the equation's. */
export const generators = once(() => {
  const [G, F, H, E] = [points("G", K), points("F", mostBits + K), hashedPoint("H"), hashedPoint("E")];
  const [g, f] = [combiner([...G, H]), combiner([...F, H])];
  return {
    G,
    F,
    H,
    E,
    /** Commitment to K projections. */
    commit: (values: readonly bigint[], blinding: bigint) => g([...values, blinding]),
    own: (bits: readonly bigint[], masks: readonly bigint[], blinding: bigint) =>
      f([...bits, ...Array<bigint>(mostBits - bits.length).fill(0n), ...masks, blinding]),
  };
});

/** Masks of the numbers u, and how far these may go: a committed number beyond it is noticed with all but a chance of 2⁻¹²⁸. */
const maskBits = 112n;
const offset = 1n << maskBits;
const mostShown = 1n << (maskBits + 2n);
const sizeOfShown = 16;

const bitsOf = (bound: bigint) => bound.toString(2).length;
const pointsShown = 6;
const scalarsShown = (bound: bigint) => 3 * K + bitsOf(bound) + 4;

/** Bytes of a proof for a bound. */
export const proofBytes = (bound: bigint): number => pointsShown * 32 + K * sizeOfShown + scalarsShown(bound) * 32;

/** Hashes what was said so far: each challenge depends on all before it. */
class Transcript {
  readonly #primitives: Primitives;
  #state: Uint8Array;
  constructor(primitives: Primitives, { context, bound, P, T }: Statement) {
    this.#primitives = primitives;
    this.#state = primitives.sha256(join([context, toBytes(bound, 16), bytesOfPoint(P), bytesOfPoint(T)]));
  }
  say(parts: readonly Uint8Array[]): this {
    this.#state = this.#primitives.sha256(join([this.#state, ...parts]));
    return this;
  }
  scalar(): bigint {
    const half = (i: number) => this.#primitives.sha256(join([this.#state, Uint8Array.of(i)]));
    return scalarOf(join([half(0), half(1)]));
  }
  /** K rows of 2K bits. */
  rows(): readonly (readonly bigint[])[] {
    const words = [...this.#primitives.keystream(this.#state, (K * 2 * K) / 32)].flatMap((piece) => [...piece]);
    const bit = (i: number) => BigInt((words[i >>> 5]! >>> (i & 31)) & 1);
    return Array.from({ length: K }, (_, i) => Array.from({ length: 2 * K }, (_, k) => bit(i * 2 * K + k)));
  }
}

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

/** The equation Σ quad·x² + Σ lin·x + rest = 0 over x = (p, t, bits, masks), for a challenge: all conditions in one. */
interface Equation {
  readonly quad: readonly bigint[];
  readonly lin: readonly bigint[];
  readonly rest: bigint;
}

function equation(
  { bound }: Statement,
  rows: readonly (readonly bigint[])[],
  shown: readonly bigint[],
  chi: bigint,
): Equation {
  const m = bitsOf(bound);
  const powers = [1n];
  for (let i = 0; i < m + K; i++) powers.push(modulo(powers[i]! * chi));
  const ofMask = powers.slice(m + 1);
  const column = (k: number) => modulo(rows.reduce((s, row, i) => (row[k] ? s + ofMask[i]! : s), 0n));
  const columns = Array.from({ length: 2 * K }, (_, k) => column(k));
  const ofBit = powers.slice(1, m + 1);
  return {
    // Σ p² + Σ 2^l·bit = bound; each bit² = bit; each mask + Σ row·(p, t) = what is shown
    quad: [...Array<bigint>(K).fill(1n), ...Array<bigint>(K).fill(0n), ...ofBit, ...Array<bigint>(K).fill(0n)],
    lin: [...columns, ...ofBit.map((x, l) => modulo((1n << BigInt(l)) - x)), ...ofMask],
    rest: modulo(-bound - shown.reduce((s, u, i) => s + ofMask[i]! * u, 0n)),
  };
}

const sum = (n: number, term: (i: number) => bigint): bigint => {
  let s = 0n;
  for (let i = 0; i < n; i++) s += term(i);
  return modulo(s);
};

/**
 * A proof of a statement.
 * @param entropy 32 bytes, used for nothing else
 * @returns undefined where Σ pₖ² is above the bound
 */
export function prove(
  primitives: Primitives,
  statement: Statement,
  { p, t, rho, tau }: Witness,
  entropy: Uint8Array,
): Uint8Array | undefined {
  const slack = statement.bound - p.reduce((s, x) => s + x * x, 0n);
  if (slack < 0n) return undefined;
  const { commit, own, E, H } = generators();
  const m = bitsOf(statement.bound);
  const size = 3 * K + m;
  const random = randomScalars(primitives, entropy, size + K + 8);
  const bits = Array.from({ length: m }, (_, l) => (slack >> BigInt(l)) & 1n);
  const masks = Array.from({ length: K }, () => offset + (random() & (offset - 1n)));
  const omega = random();
  const W = own(bits, masks, omega);
  const transcript = new Transcript(primitives, statement).say([bytesOfPoint(W)]);
  const rows = transcript.rows();
  const both = [...p, ...t];
  const shown = rows.map((row, i) => masks[i]! + both.reduce((s, x, k) => (row[k] ? s + x : s), 0n));
  const shownBytes = shown.map((u) => toBytes(u, sizeOfShown));
  const { quad, lin } = equation(statement, rows, shown, transcript.say(shownBytes).scalar());
  const x = [...both, ...bits, ...masks];
  const a = Array.from({ length: size }, random);
  const blind = Array.from({ length: 3 }, random);
  const [d0, d1] = [random(), random()];
  const c0 = sum(size, (i) => quad[i]! * a[i]! * a[i]!);
  const c1 = sum(size, (i) => (2n * quad[i]! * x[i]! + lin[i]!) * a[i]!);
  const first = [
    commit(a.slice(0, K), blind[0]!),
    commit(a.slice(K, 2 * K), blind[1]!),
    own(a.slice(2 * K, 2 * K + m), a.slice(2 * K + m), blind[2]!),
    combine([
      [c0, E],
      [d0, H],
    ]),
    combine([
      [c1, E],
      [d1, H],
    ]),
  ].map(bytesOfPoint);
  const e = transcript.say(first).scalar();
  const answers = [
    ...a.map((r, i) => r + e * x[i]!),
    blind[0]! + e * rho,
    blind[1]! + e * tau,
    blind[2]! + e * omega,
    d0 + e * d1,
  ].map((z) => toBytes(modulo(z), 32));
  return join([bytesOfPoint(W), ...shownBytes, ...first, ...answers]);
}

function randomScalars(primitives: Primitives, entropy: Uint8Array, most: number): () => bigint {
  const words = [...primitives.keystream(entropy, 16 * most)].flatMap((piece) => [...piece]);
  const bytes = new Uint8Array(Uint32Array.from(words).buffer);
  let at = -64;
  return () => {
    at += 64;
    return scalarOf(bytes.subarray(at, at + 64));
  };
}

/** Whether a proof holds. Any bytes may be given. */
export function verifyProof(primitives: Primitives, statement: Statement, proof: Uint8Array): boolean {
  const { bound, P, T } = statement;
  if (bitsOf(bound) > mostBits || proof.length !== proofBytes(bound)) return false;
  const m = bitsOf(bound);
  let at = 0;
  const next = (bytes: number) => {
    at += bytes;
    return proof.subarray(at - bytes, at);
  };
  const wBytes = next(32);
  const shownBytes = Array.from({ length: K }, () => next(sizeOfShown));
  const firstBytes = Array.from({ length: pointsShown - 1 }, () => next(32));
  const answers = Array.from({ length: scalarsShown(bound) }, () => littleEndian(next(32)));
  const W = pointOf(wBytes);
  const first = firstBytes.flatMap((b) => pointOf(b) ?? []);
  const shown = shownBytes.map(littleEndian);
  if (!W || first.length !== firstBytes.length) return false;
  if (answers.some((z) => z >= order) || shown.some((u) => u >= mostShown)) return false;
  const transcript = new Transcript(primitives, statement).say([wBytes]);
  const rows = transcript.rows();
  const { quad, lin, rest } = equation(statement, rows, shown, transcript.say(shownBytes).scalar());
  const e = transcript.say(firstBytes).scalar();
  const size = 3 * K + m;
  const z = answers.slice(0, size);
  const [zRho, zTau, zOmega, zD] = answers.slice(size) as [bigint, bigint, bigint, bigint];
  const value = modulo(sum(size, (i) => quad[i]! * z[i]! * z[i]! + e * lin[i]! * z[i]!) + e * e * rest);
  const [s, s2, s3, s4] = powersOf(transcript.say(answers.map((x) => toBytes(x, 32))).scalar());
  const { commit, own, E, H } = generators();
  const [AP, AT, AW, D0, D1] = first as [Point, Point, Point, Point, Point];
  // four equations at once, each times a power of a number that nobody knew before the proof was made
  const ofProjections = Array.from({ length: K }, (_, k) => s * z[k]! + s2 * z[K + k]!);
  const ofOwn = z.slice(2 * K).map((x) => s3 * x);
  const left = commit(ofProjections, s * zRho + s2 * zTau).add(own(ofOwn.slice(0, m), ofOwn.slice(m), s3 * zOmega));
  const right = combine([
    [s, AP],
    [s * e, P],
    [s2, AT],
    [s2 * e, T],
    [s3, AW],
    [s3 * e, W],
    [s4, D0],
    [s4 * e, D1],
    [-s4 * value, E],
    [-s4 * zD, H],
  ]);
  return left.equals(right);
}

const powersOf = (s: bigint): [bigint, bigint, bigint, bigint] => {
  const s2 = modulo(s * s);
  return [s, s2, modulo(s2 * s), modulo(s2 * s2)];
};
