// The transcript of a study: the signed messages that a party recorded, in order. Whether they make one study under the rules that its
// members consented to, and where two parties' transcripts part. Knows no file and no log.
import { ConcordError } from "../../base/index.ts";
import type { Primitives } from "../../secret-sums/index.ts";
import { type BucketResult, bucketsOf, bucketsProblem } from "./buckets.ts";
import { type Message, messageDigest, readMessage, type SpentPrivacy } from "./messages.ts";
import { type Proposal, proposalDigest, readProposal } from "./proposal.ts";

/** A round as a transcript has it. */
export interface RecordedRound {
  readonly round: number;
  readonly survivors: readonly string[];
  readonly examples: number;
  /** SHA-256 of the model after it. */
  readonly model: string;
  /** Of robust aggregation, in training. */
  readonly buckets?: readonly BucketResult[];
}

/** What a transcript that holds says. */
export interface TranscriptFacts {
  readonly proposal: Proposal;
  /** SHA-256 of it. */
  readonly digest: string;
  /** Members whose consent is in it, with whether they show site values: all in the coordinator's, its own in a member's. */
  readonly consents: ReadonlyMap<string, { readonly siteValues: boolean }>;
  /** Members that took no further part, with the reason: they withdrew, or the coordinator left them out. */
  readonly left: ReadonlyMap<string, string>;
  readonly rounds: readonly RecordedRound[];
  /** Rounds that were opened: all in the coordinator's, in a member's those that it took part in. */
  readonly opened: readonly number[];
  /** Rounds that failed, with the reason. */
  readonly aborted: readonly { readonly round: number; readonly reason: string }[];
  readonly sites: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** What members state that their rows have spent. */
  readonly privacy: ReadonlyMap<string, SpentPrivacy>;
  /** SHA-256 of the last model, once the study is finished. */
  readonly finished?: string;
  /** Why the study ended before its time. */
  readonly stopped?: string;
}

interface Reading {
  readonly proposal: Proposal;
  readonly digest: string;
  readonly consents: Map<string, { readonly siteValues: boolean }>;
  readonly left: Map<string, string>;
  readonly rounds: RecordedRound[];
  readonly opened: number[];
  readonly aborted: { round: number; reason: string }[];
  readonly sites: Map<string, Readonly<Record<string, number>>>;
  readonly privacy: Map<string, SpentPrivacy>;
  last: number;
  finished?: string;
  stopped?: string;
}

const differs = (at: number, problem: string, got?: string, expected?: string) =>
  new ConcordError("E_ROUND", { operation: "check transcript", problem: `entry ${at}: ${problem}`, got, expected });

/**
 * Checks a transcript: the proposal first, every signature, consents to this proposal, rounds in order and none twice, survivors whom
 * the proposal knows and enough of them, and an end that is the last round's model.
 * @param holder whose transcript it is: a member's has only its own consent
 * @throws E_ROUND, E_SIGNATURE, E_VERSION, E_CONFIG naming the first entry that does not hold
 * @example checkTranscript(primitives, messages, "coordinator").rounds.length
 */
export function checkTranscript(primitives: Primitives, entries: readonly unknown[], holder: string): TranscriptFacts {
  const reading = readPropose(primitives, entries[0]);
  const { proposal } = reading;
  const keyOf = (name: string) => [proposal.coordinator, ...proposal.members].find((p) => p.name === name)?.key;
  if (keyOf(holder) === undefined) throw differs(0, "a transcript of no party of the study", holder);
  for (const [i, entry] of entries.entries()) {
    if (i === 0) continue;
    const message = readMessage(entry, primitives, keyOf);
    if (message.run !== proposal.run) throw differs(i, "a message of another run", message.run, proposal.run);
    take(primitives, reading, message, i, holder);
  }
  const { last: _, ...facts } = reading;
  return facts;
}

function readPropose(primitives: Primitives, first: unknown): Reading {
  const opening = first as { phase?: unknown; body?: { proposal?: unknown } } | undefined;
  if (opening?.phase !== "propose" || opening.body?.proposal === undefined)
    throw differs(0, "a transcript begins with the proposal");
  const proposal = readProposal(opening.body.proposal);
  const message = readMessage(first, primitives, (n) =>
    n === proposal.coordinator.name ? proposal.coordinator.key : undefined,
  );
  if (message.run !== proposal.run) throw differs(0, "a proposal of another run", message.run, proposal.run);
  return {
    proposal,
    digest: proposalDigest(primitives, proposal),
    consents: new Map(),
    left: new Map(),
    rounds: [],
    opened: [],
    aborted: [],
    sites: new Map(),
    privacy: new Map(),
    last: 0,
  };
}

const ofCoordinators: ReadonlySet<Message["phase"]> = new Set(["round", "result", "abort", "finish", "left", "stop"]);

function take(primitives: Primitives, reading: Reading, message: Message, at: number, holder: string): void {
  const { proposal, digest, consents, left } = reading;
  const { from, phase, round } = message;
  const ofCoordinator = ofCoordinators.has(phase);
  if (ofCoordinator !== (from === proposal.coordinator.name))
    throw differs(at, `a message of phase ${phase} that ${from} does not send`);
  if (reading.finished !== undefined && phase !== "site" && phase !== "privacy")
    throw differs(at, `${phase} after the study's end`);
  if (reading.stopped !== undefined) throw differs(at, `${phase} after the study stopped`);
  switch (message.phase) {
    case "consent":
      if (message.body.proposal !== digest)
        throw differs(at, `${from} consents to another proposal`, message.body.proposal, digest);
      consents.set(from, { siteValues: message.body.siteValues });
      return;
    case "withdraw":
      left.set(from, message.body.reason);
      return;
    case "left": {
      const { member, reason } = message.body;
      if (!proposal.members.some((m) => m.name === member)) throw differs(at, "a stranger leaves", member);
      if (!left.has(member)) left.set(member, reason); // a member's own word came first
      return;
    }
    case "stop":
      reading.stopped = message.body.reason;
      return;
    case "privacy":
      if (!consents.has(from)) throw differs(at, `a statement of ${from}, who did not consent`);
      if (reading.privacy.has(from)) throw differs(at, `a second statement of ${from}`);
      reading.privacy.set(from, message.body);
      return;
    case "site":
      if (consents.get(from)?.siteValues !== true)
        throw differs(at, `values of ${from}, who did not agree to show them`);
      reading.sites.set(from, message.body.values);
      return;
    case "round":
      if (round <= (reading.opened.at(-1) ?? 0)) throw differs(at, `round ${round} is opened a second time, or late`);
      if (round <= reading.last) throw differs(at, `round ${round} is opened after its end`);
      reading.opened.push(round);
      return;
    case "shown":
      if (from !== holder || !reading.opened.includes(round))
        throw differs(at, `${from} showed shares in round ${round}, which it was not asked for`);
      return;
    case "result":
    case "abort":
      if (holder === proposal.coordinator.name && reading.opened.at(-1) !== round)
        throw differs(at, `round ${round} ends, which was not opened`);
      if (round <= reading.last) throw differs(at, `round ${round} after round ${reading.last}: a round is ended once`);
      reading.last = round;
      if (message.phase === "abort") reading.aborted.push({ round, reason: message.body.reason });
      else takeResult(primitives, reading, message, { at, holder });
      return;
    case "finish":
      takeFinish(reading, message, at, holder);
      return;
    default:
      throw differs(at, `a message of phase ${phase}, which is not recorded`);
  }
}

function takeResult(
  primitives: Primitives,
  reading: Reading,
  message: Message<"result">,
  { at, holder }: { readonly at: number; readonly holder: string },
): void {
  const { proposal, digest, consents, left, rounds } = reading;
  const { survivors, examples, model, buckets } = message.body;
  const known = new Set(proposal.members.map((m) => m.name));
  if (new Set(survivors).size !== survivors.length || survivors.some((n) => !known.has(n)))
    throw differs(at, `round ${message.round} counts others than the participants`, survivors.join(", "));
  if (survivors.length < proposal.threshold)
    throw differs(at, `round ${message.round} counts too few`, `${survivors.length}`, `${proposal.threshold} or more`);
  const whole = holder === proposal.coordinator.name;
  const silent = whole ? survivors.find((n) => !consents.has(n)) : undefined;
  if (silent !== undefined) throw differs(at, `round ${message.round} counts ${silent}, who did not consent`);
  const gone = survivors.find((n) => left.has(n));
  if (gone !== undefined) throw differs(at, `round ${message.round} counts ${gone}, who had left`);
  if (rounds.length >= proposal.rounds + (proposal.tests.length > 0 ? 1 : 0))
    throw differs(at, "more rounds than were proposed", `${rounds.length + 1}`);
  const divided = bucketsOf(primitives, proposal, digest);
  const trains = whole ? rounds.length < proposal.rounds : buckets !== undefined; // a member that was away lacks rounds
  const problem =
    divided && trains ? bucketsProblem(divided, survivors, buckets) : buckets && "buckets that were not proposed";
  if (problem) throw differs(at, `round ${message.round}: ${problem}`);
  rounds.push({ round: message.round, survivors, examples, model, ...(buckets && { buckets }) });
}

/** A member that was away may lack rounds; the coordinator has all. */
function takeFinish(reading: Reading, message: Message<"finish">, at: number, holder: string): void {
  const { proposal, rounds } = reading;
  const last = rounds.at(-1);
  const whole = holder === proposal.coordinator.name;
  if (whole && rounds.length !== proposal.rounds + (proposal.tests.length > 0 ? 1 : 0))
    throw differs(at, "an end before all rounds counted", `${rounds.length} rounds`);
  if (last?.round === message.round && last.model !== message.body.model)
    throw differs(at, "the end names another model than the last round", message.body.model, last.model);
  reading.finished = message.body.model;
}

/** Where two transcripts part. */
export interface TranscriptDifference {
  readonly round: number;
  readonly phase: Message["phase"];
  /** Digests of the two messages; undefined where one has none. */
  readonly one?: string;
  readonly other?: string;
}

/**
 * The first message of the coordinator to everybody that two transcripts have differently; else the first that `one` lacks, being the one
 * that should have all (the coordinator's); else the first that `other` lacks.
 * @param entries of both, as {@link checkTranscript} took them
 * @returns undefined where they tell the same story; with `one` and `other` both set where the coordinator told two stories
 */
export function firstDifference(
  primitives: Primitives,
  one: readonly Message[],
  other: readonly Message[],
): TranscriptDifference | undefined {
  const announcements = (entries: readonly Message[]) =>
    new Map(entries.filter(({ to }) => to === "*").map((m) => [placeOf(m), m] as const));
  const [left, right] = [announcements(one), announcements(other)];
  const places = [...new Set([...left.keys(), ...right.keys()])].sort((a, b) => {
    const [x, y] = [left.get(a) ?? right.get(a)!, left.get(b) ?? right.get(b)!];
    return x.round - y.round || order(x) - order(y);
  });
  const parts = places.flatMap((place): TranscriptDifference[] => {
    const [a, b] = [left.get(place), right.get(place)];
    const [x, y] = [a && messageDigest(primitives, a), b && messageDigest(primitives, b)];
    return x === y ? [] : [{ round: (a ?? b)!.round, phase: (a ?? b)!.phase, one: x, other: y }];
  });
  const stories = parts.find((part) => part.one !== undefined && part.other !== undefined);
  return stories ?? parts.find((part) => part.one === undefined) ?? parts[0];
}

/** Where two transcripts hold the same message: a round is ended once, and a member leaves once. */
function placeOf(message: Message): string {
  const { phase } = message;
  if (phase === "left") return `left/${message.body.member}`;
  return `${message.round}/${phase === "result" || phase === "abort" ? "end" : phase}`;
}

const order = ({ phase }: Message) => ["propose", "left", "round", "abort", "result", "finish", "stop"].indexOf(phase);
