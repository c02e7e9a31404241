// Which numbers a task sums: the update, the number of rows, and the counts. And the view of a round that all who stay must share.
import { canonicalBytes } from "../../base/index.ts";
import type { Primitives } from "../../secret-sums/index.ts";
import { hex, type Segment, wordsOf } from "../../secret-sums/index.ts";
import type { Bodies, Message } from "./messages.ts";
import type { Proposal } from "./proposal.ts";

/** `train`: the members learn from the round's model and count on dev rows; `evaluate`: they only count on test rows. */
export type Task = Bodies["round"]["task"];

/** The part that holds how many rows a member's update comes from. */
export const examplesSegment = "examples";

/** Parts of the vector that a task sums. */
export function layoutOf(proposal: Proposal, task: Task): Segment[] {
  const examples: Segment = { name: examplesSegment, size: 1, kind: "count", bound: proposal.maxExamples };
  return task === "train" ? [...proposal.update, examples, ...proposal.counts] : [examples, ...proposal.tests];
}

/** Numbers of a model. */
export const modelSize = ({ update }: Proposal): number => wordsOf(update);

/**
 * What a member saw of a round before its words left. It signs the digest with its masked words, so that nobody takes off its own mask
 * who saw another round. The ring follows from the keys; the grid of real numbers from the members.
 */
export interface View {
  readonly proposal: string;
  readonly run: string;
  readonly round: number;
  readonly task: Task;
  /** SHA-256 of the model that the round starts from. */
  readonly model: string;
  /** Who was asked: what numbers are scaled by. */
  readonly members: readonly string[];
  readonly keys: readonly Message<"keys">[];
  /** Who dealt shares: whose masks are in each other's words. */
  readonly group: readonly string[];
}

/** SHA-256 of a view. */
export function viewDigest(primitives: Primitives, { keys, ...rest }: View): string {
  return hex(primitives.sha256(canonicalBytes({ ...rest, roster: rosterOf(keys) })));
}

/** SHA-256 of a view and of who stayed: everybody who stays signs the same, or nothing is unmasked. */
export const agreementDigest = (primitives: Primitives, view: string, survivors: readonly string[]): string =>
  hex(primitives.sha256(canonicalBytes([view, survivors])));

/** What a roster says, without its signatures. */
export const rosterOf = (keys: readonly Message<"keys">[]): string[][] =>
  keys.map(({ from, body }) => [from, body.box, body.seal, body.pair, body.self]);

/** Numbers as little-endian bytes, without a copy where the machine is little-endian. */
export const bytesOf = (numbers: Uint32Array | Float32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** Words of bytes; a copy where they are not aligned. */
export function wordsIn(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
}
