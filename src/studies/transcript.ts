// A party's transcript on disk: what a round's machine records goes into an append-only log (RFC 6962) whose heads the party signs.
import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { ConcordError, canonicalJson } from "../base/index.ts";
import { checkTranscript, firstDifference, type Message, type TranscriptFacts } from "../federated/index.ts";
import { nodePrimitives } from "../federated/node/index.ts";
import { appendToLog, isHeadOf, type LogHead, openReleaseLog, type SigningHandle } from "../store/index.ts";

/** A party's key as a proposal has it: SPKI in base64. */
export const publicKeyIn = (base64: string): KeyObject =>
  createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type: "spki" });

/** Of what a log of this kind holds. */
const kind = "round-message";

export interface Transcript {
  /** Adds a recorded message, once: one that is there already is not added again, so a host may replay its journal. */
  add(message: Message, now: Date): Promise<void>;
  /** The last head; undefined while it is empty. */
  head(): LogHead | undefined;
}

/**
 * Opens a party's transcript for adding.
 * @param folder of the log, made when the first message is added
 * @param key the party's own Ed25519 key: it signs each head
 * @throws E_CHECKSUM when it was edited; E_IO, E_FORMAT
 * @example const transcript = await openTranscript("together/transcript", key.key); await transcript.add(effect.entry, new Date());
 */
export async function openTranscript(folder: string, key: SigningHandle): Promise<Transcript> {
  const log = await openReleaseLog(folder);
  const known = new Set(log.entries.map(({ message }) => digest(message)));
  let head = log.heads.at(-1);
  return {
    add: async (message, now) => {
      const id = digest(message);
      if (known.has(id)) return;
      const at = head && now < new Date(head.at) ? new Date(head.at) : now; // a clock that was set back stops no round
      head = (await appendToLog(folder, { kind, message }, key, at)).head;
      known.add(id);
    },
    head: () => head,
  };
}

const digest = (message: unknown) => createHash("sha256").update(canonicalJson(message)).digest("hex");

/** A transcript that holds. */
export interface CheckedTranscript extends TranscriptFacts {
  readonly holder: string;
  readonly entries: readonly Message[];
  readonly head: LogHead;
}

/**
 * Reads and checks a transcript: the log's own hashes, its last head's signature, and that its messages make one study.
 * @param holder name of the party whose transcript it is
 * @param key its public key
 * @throws E_CHECKSUM, E_SIGNATURE, E_ROUND, E_FORMAT naming the first entry that does not hold
 */
export async function readTranscript(folder: string, holder: string, key: KeyObject): Promise<CheckedTranscript> {
  const log = await openReleaseLog(folder);
  const head = log.heads.at(-1);
  const fault = (code: "E_SIGNATURE" | "E_ROUND", problem: string) =>
    new ConcordError(code, { operation: "check transcript", problem, got: holder, path: folder });
  if (!head) throw fault("E_ROUND", "the transcript is empty");
  if (!isHeadOf(head, key)) throw fault("E_SIGNATURE", `the head of the transcript is not signed by ${holder}`);
  const messages = log.entries.map(({ message }) => message);
  const facts = checkTranscript(nodePrimitives, messages, holder);
  return { ...facts, holder, entries: messages as unknown as Message[], head }; // checkTranscript read each
}

/**
 * Holds two transcripts of one study together.
 * @throws E_ROUND naming the first message that the coordinator told two parties differently
 * @returns the first message that only one of them has, for the caller to judge: a member may have been away
 */
export function compareTranscripts(
  one: CheckedTranscript,
  other: CheckedTranscript,
): { readonly round: number; readonly phase: string; readonly lacks: string } | undefined {
  const found = firstDifference(nodePrimitives, one.entries, other.entries);
  if (!found) return undefined;
  const { round, phase } = found;
  if (found.one === undefined) return { round, phase, lacks: one.holder };
  if (found.other === undefined) return { round, phase, lacks: other.holder };
  throw new ConcordError("E_ROUND", {
    operation: "compare transcripts",
    problem: `${one.holder} and ${other.holder} were told different things: ${phase} of round ${round}`,
    expected: `message ${found.one.slice(0, 16)}…`,
    got: `message ${found.other.slice(0, 16)}…`,
  });
}
