// Whether one member's masked words hide an update that is short enough, told without opening them (docs/rounds.md, Length of updates).
// Each member commits to the projections of its masks; the commitment to those of its update follows from them and from its public words,
// and a proof says how long it is. Both ends of a pair make the same commitment to the pair's mask, so that a false one is noticed.
import { canonicalBytes } from "../../base/index.ts";
import { applyMask, derive, type MaskContext, pairSign } from "../masks.ts";
import type { Primitives } from "../primitives.ts";
import { base64, unbase64 } from "../shares.ts";
import { gridSteps, type Segment, wordsOf } from "../vector.ts";
import { bytesOfPoint, combine, type Point, pointOf, scalarOf } from "./group.ts";
import { project, projectionCount } from "./projections.ts";
import { generators, prove, verifyProof } from "./proof.ts";

/** What a member says of its words: commitments (32 bytes in base64) and a proof. */
export interface NormAnswer {
  /** Of its own mask's projections. */
  readonly self: string;
  /** Of those of each pair's mask, by the other's name. */
  readonly pairs: Readonly<Record<string, string>>;
  /** Of how often each projection went around 2³². */
  readonly turns: string;
  readonly proof: string;
}

/** Which words are looked at, and what the answer is bound to. */
export interface NormContext extends MaskContext {
  readonly name: string;
  /** Digest of the round that the words were masked in. */
  readonly view: string;
  /** Drawn after all masked words are there: 32 bytes. */
  readonly seed: Uint8Array;
  /** The update's parts, the first of the words. */
  readonly update: readonly Segment[];
  /** Most that the squares of all projections may add up to. */
  readonly bound: bigint;
}

/** Σ of 128 squared projections of an update of length 1 is above this with a chance below 2⁻⁴³; 64 is its mean. */
const mostOfUnit = 148;

/**
 * Most that the squared projections of an honest member's words add up to, with all but a chance of 2⁻⁴³.
 * @param norm longest update, in its own units: ‖x‖₂
 * @param parties that the grid is made for
 */
export function squaresBound(update: readonly Segment[], norm: number, parties: number): bigint {
  const steps = (norm * gridSteps(parties)) / update[0]!.bound + Math.sqrt(wordsOf(update)); // and what rounding adds
  return BigInt(Math.ceil(mostOfUnit * steps * steps));
}

/** The bound of each number that a norm asks for: sums of projections then stay within 31 bits, whoever works together. */
export const gridBoundOf = (norm: number): number => 32 * norm;

/** Projections of a mask. */
function maskProjections(primitives: Primitives, context: NormContext, secrets: readonly Uint8Array[]): Uint32Array[] {
  return secrets.map((secret) => {
    const mask = new Uint32Array(wordsOf(context.update));
    applyMask(primitives, mask, context.update, secret, context, 1);
    return project(primitives, context.seed, [mask])[0]!; // one at a time: a mask is as large as an update
  });
}

/** Blinding of the commitment to a mask: from the mask's secret and the seed, so that whoever knows the secret makes the same one. */
function blindingOf(primitives: Primitives, context: NormContext, secret: Uint8Array): bigint {
  const half = (i: number) => derive(primitives, secret, context, "norm", base64(context.seed), i);
  return scalarOf(new Uint8Array([...half(0), ...half(1)]));
}

const ints = (words: Uint32Array) => Array.from(words, BigInt);

/**
 * Commitment to the projections of a mask, as who knows its secret makes it.
 * @returns 32 bytes in base64
 */
export function maskCommitment(primitives: Primitives, context: NormContext, secret: Uint8Array): string {
  const [values] = maskProjections(primitives, context, [secret]);
  return base64(bytesOfPoint(generators().commit(ints(values!), blindingOf(primitives, context, secret))));
}

/**
 * What a member answers.
 * @param words masked
 * @param entropy 32 bytes, used for nothing else
 * @returns undefined where its update is longer than it may be
 */
export function answerNorm(
  primitives: Primitives,
  context: NormContext,
  party: {
    readonly words: Uint32Array;
    readonly self: Uint8Array;
    readonly pairs: ReadonlyMap<string, Uint8Array>;
    readonly entropy: Uint8Array;
  },
): NormAnswer | undefined {
  const { commit } = generators();
  const secrets = [party.self, ...party.pairs.values()];
  const signs = [1, ...[...party.pairs.keys()].map((other) => pairSign(context.name, other))];
  const masks = maskProjections(primitives, context, secrets);
  const blindings = secrets.map((secret) => blindingOf(primitives, context, secret));
  const [self, ...pairs] = masks.map((m, i) => base64(bytesOfPoint(commit(ints(m), blindings[i]!))));
  const seen = projectionsOfWords(primitives, context, party.words);
  const [p, t] = [[] as bigint[], [] as bigint[]];
  for (let k = 0; k < projectionCount; k++) {
    const unmasked = masks.reduce((v, mask, i) => v - signs[i]! * mask[k]!, seen[k]!);
    const turns = -Math.floor((unmasked + 2 ** 31) / 2 ** 32);
    t.push(BigInt(turns));
    p.push(BigInt(unmasked + turns * 2 ** 32));
  }
  const [tau, ofProof] = [0, 1].map((i) => derive(primitives, party.entropy, context, "norm-proof", i)) as [
    Uint8Array,
    Uint8Array,
  ];
  const blindingOfTurns = blindingOf(primitives, context, tau);
  const turns = commit(t, blindingOfTurns);
  const answer = {
    self: self!,
    pairs: Object.fromEntries([...party.pairs.keys()].map((other, i) => [other, pairs[i]!])),
    turns: base64(bytesOfPoint(turns)),
  };
  const rho = blindings.reduce((s, b, i) => s - BigInt(signs[i]!) * b, 0n) + (blindingOfTurns << 32n);
  const P = commit(p, rho);
  const statement = { context: boundTo(primitives, context, answer), bound: context.bound, P, T: turns };
  const proof = prove(primitives, statement, { p, t, rho, tau: blindingOfTurns }, ofProof);
  return proof && { ...answer, proof: base64(proof) };
}

/** Projections of the update's words. */
const projectionsOfWords = (primitives: Primitives, { seed, update }: NormContext, words: Uint32Array): Uint32Array =>
  project(primitives, seed, [words.subarray(0, wordsOf(update))])[0]!;

function boundTo(
  primitives: Primitives,
  { run, round, name, view, seed }: NormContext,
  { self, pairs, turns }: Omit<NormAnswer, "proof">,
): Uint8Array {
  return primitives.sha256(canonicalBytes(["norm", run, round, name, view, base64(seed), self, pairs, turns]));
}

/**
 * Whether a member's answer holds for its words. Commitments to masks are taken as it says: those of pairs are compared between both ends, and all
 * that is unmasked later with the secrets themselves.
 * @param words masked, as it signed them
 */
export function isShort(primitives: Primitives, context: NormContext, words: Uint32Array, answer: NormAnswer): boolean {
  const point = (text: string): Point | undefined => pointOf(unbase64(text));
  const names = Object.keys(answer.pairs);
  const masks = [answer.self, ...names.map((n) => answer.pairs[n]!)].flatMap((text) => point(text) ?? []);
  const turns = point(answer.turns);
  if (!turns || masks.length !== names.length + 1) return false;
  const signs = [1, ...names.map((other) => pairSign(context.name, other))];
  const seen = generators().commit(ints(projectionsOfWords(primitives, context, words)), 0n);
  const P = seen.add(
    combine([[1n << 32n, turns], ...masks.map((mask, i): [bigint, Point] => [BigInt(-signs[i]!), mask])]),
  );
  const statement = { context: boundTo(primitives, context, answer), bound: context.bound, P, T: turns };
  return verifyProof(primitives, statement, unbase64(answer.proof));
}
