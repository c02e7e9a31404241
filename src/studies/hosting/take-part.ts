// A member at work: it dials its coordinator, asks its owner, trains on its own rows when a round asks for it, and keeps a transcript.
// Started again, it goes on.
import { join } from "node:path";
import { isConcordError } from "../../base/index.ts";
import type { ParticipantEffect, Proposal } from "../../federated/index.ts";
import { lockFolder, makeFolder, writeFileAtomically } from "../../formats/node/index.ts";
import {
  defaultLimits,
  enrol,
  type Link,
  openLink,
  type ParticipantEnd,
  ParticipantHost,
  readInvitation,
} from "../../network/index.ts";
import { spentPrivacy } from "../member-privacy.ts";
import { openMemberWork } from "../member-work.ts";
import { studyRecipe } from "../study-recipe.ts";
import { openTranscript } from "../transcript.ts";
import type { MemberWork, WorkEvent } from "../types.ts";
import { pause } from "./coordinate.ts";
import { type OwnIdentity, ownIdentity, readAnswer, readEnrolment, writeEnrolment } from "./folders.ts";
import { endedBefore, fetchStart, noteMembersEnd, submitTranscript } from "./member-end.ts";
import { readOwnersPolicy } from "./owners-policy.ts";

export type ParticipantNews =
  | WorkEvent
  | { readonly kind: "asked"; readonly digest: string; readonly path: string }
  | { readonly kind: "consented"; readonly digest: string }
  | Extract<ParticipantEffect, { kind: "clipped" | "alarm" | "finished" | "left" | "stopped" }>
  | { readonly kind: "round"; readonly round: number; readonly task: "train" | "evaluate"; readonly rounds: number }
  | { readonly kind: "refused"; readonly problem: string }
  | { readonly kind: "retry"; readonly problem: string; readonly waitMs: number };

export interface TakePartOptions {
  /** Of the enrolment. */
  readonly folder: string;
  /** Table of the member's own rows. */
  readonly table: string;
  readonly passphrase?: string;
  /** Agrees to the proposal with this digest, and no other. Default the owner is asked: `concord study consent`. */
  readonly consent?: string;
  /**
   * Asks the owner at once, where nothing is answered yet; undefined where the answer is no. The signal takes the question back. Default it is
   * waited for `concord study consent`.
   */
  readonly ask?: (proposal: Proposal, signal: AbortSignal) => Promise<{ readonly siteValues: boolean } | undefined>;
  /** Whether the member's own test values may be shown. Default false. */
  readonly siteValues?: boolean;
  /** The owner's own policy file; see {@link readOwnersPolicy}. Default none: rounds need what the proposal says. */
  readonly policy?: string;
  readonly threads?: number;
  /** How long the coordinator is waited for to take the transcript at the end, ms. Default five minutes; the next start tries again. */
  readonly submitTimeoutMs?: number;
  /** As a host's: 32 bytes for the secrets that a message begins. Default random ones. A test gives its own to have the same bits twice. */
  readonly entropy?: (message: unknown) => Uint8Array;
  readonly signal?: AbortSignal;
  readonly onNews?: (news: ParticipantNews) => void;
}

/** Enrols with a one-time code and keeps what came of it in a folder. @throws as `enrol`; E_ARGUMENT where the folder holds an enrolment */
export async function enrolMember(given: {
  readonly code: string;
  readonly keyFile: string;
  readonly folder: string;
  readonly passphrase?: string;
  readonly signal?: AbortSignal;
}): Promise<{ readonly name: string; readonly coordinator: string }> {
  const invitation = readInvitation(given.code);
  const identity = await ownIdentity(invitation.name, given.keyFile, given.passphrase);
  await makeFolder(given.folder);
  const enrolment = await enrol(invitation, identity, { limits: defaultLimits, signal: given.signal });
  await writeEnrolment(given.folder, enrolment, given.keyFile);
  return { name: enrolment.name, coordinator: enrolment.coordinator.name };
}

/**
 * Takes part in the study of an enrolment to its end.
 * @throws E_LOCKED while another process does; E_INTERRUPTED after an abort: started again, it goes on; what the work throws
 * @example const { end } = await takePart({ folder: "together", table: "rows.csv", consent: digest });
 */
export async function takePart(options: TakePartOptions): Promise<ParticipantEnd["end"]> {
  const { folder } = options;
  const enrolment = await readEnrolment(folder);
  const lock = await lockFolder(folder);
  try {
    const before = await endedBefore(folder);
    const end = before?.end ?? (await takePartNow(options, enrolment));
    if (end !== "unanswered" && !before?.given) await giveTranscript(options, enrolment, end);
    return end;
  } finally {
    await lock.release();
  }
}

async function takePartNow(options: TakePartOptions, enrolment: StoredEnrolment): Promise<ParticipantEnd["end"]> {
  const { folder, signal } = options;
  const over = new AbortController();
  const until = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const link = linkOf(options, enrolment, until);
  const work = lazyWork(options, link);
  try {
    const identity = await ownIdentity(enrolment.name, enrolment.keyFile, options.passphrase);
    const transcript = join(folder, "transcript");
    const { coordinator } = enrolment;
    const host = await openHost(options, { link, work, identity, coordinator, transcript, until });
    const watch = setInterval(() => void withdrawIfAsked(host, folder), 1000);
    try {
      const end = await host.run();
      if (end.end === "unanswered") return end.end;
      await noteMembersEnd(folder, end.model ? await fetchStart(folder, end.state.proposal!, link) : "", end);
      return end.end;
    } finally {
      clearInterval(watch);
    }
  } finally {
    over.abort();
    link.close();
    await work.close();
  }
}

/** The last that a member does; its coordinator may be gone. */
async function giveTranscript(options: TakePartOptions, enrolment: StoredEnrolment, end: ParticipantEnd["end"]) {
  const { folder, signal, submitTimeoutMs = 300_000, onNews } = options;
  const late = AbortSignal.timeout(submitTimeoutMs);
  const link = linkOf(options, enrolment, signal ? AbortSignal.any([signal, late]) : late);
  try {
    const problem = await submitTranscript({ folder, end, log: join(folder, "transcript", "log.jsonl"), link, signal });
    if (problem !== undefined) onNews?.({ kind: "refused", problem });
  } finally {
    link.close();
  }
}

type StoredEnrolment = Awaited<ReturnType<typeof readEnrolment>>;

const linkOf = ({ onNews }: TakePartOptions, enrolment: StoredEnrolment, signal: AbortSignal): Link =>
  openLink({
    address: enrolment.address,
    authority: enrolment.authority,
    credentials: enrolment,
    limits: defaultLimits,
    signal,
    onRetry: (problem, waitMs) => onNews?.({ kind: "retry", problem, waitMs }),
  });

interface Opened {
  readonly link: Link;
  readonly work: ReturnType<typeof lazyWork>;
  readonly identity: OwnIdentity;
  readonly coordinator: { readonly name: string; readonly key: string };
  /** Folder of the member's log. */
  readonly transcript: string;
  /** Aborted when the member's part is over. */
  readonly until: AbortSignal;
}

async function openHost(options: TakePartOptions, opened: Opened) {
  const { link, work, identity, coordinator, transcript, until } = opened;
  const { folder, signal, onNews, entropy } = options;
  const policy = options.policy === undefined ? undefined : await readOwnersPolicy(options.policy);
  const log = await openTranscript(transcript, identity.secret);
  const host: ParticipantHost = await ParticipantHost.open({
    folder: join(folder, "rounds"),
    identity,
    policy,
    coordinator,
    link,
    consent: (proposal, digest) => ownersAnswer({ ...options, signal: until }, proposal, digest),
    work: async (task, round, model) => {
      const proposal = host.state.proposal!;
      onNews?.({ kind: "round", round, task, rounds: proposal.rounds });
      return await (await work.open(proposal)).work(task, round, model);
    },
    siteValues: async (model) => await (await work.open(host.state.proposal!)).siteValues(model),
    privacy: () => spentPrivacy(join(folder, "private"), studyRecipe(host.state.proposal!.recipe)),
    withdrawReason: (fault) =>
      isConcordError(fault, "E_CONFIG") && fault.facts.path === "adapt.privacy.epsilon"
        ? fault.facts.problem
        : undefined,
    record: (_, entry) => log.add(entry, new Date()),
    onEffect: (effect) => {
      if (effect.kind !== "send" && effect.kind !== "record" && effect.kind !== "ask" && effect.kind !== "work")
        onNews?.(effect);
    },
    onRefused: (error) => onNews?.({ kind: "refused", problem: error.facts.problem }),
    signal,
    entropy,
  });
  return host;
}

async function withdrawIfAsked(host: ParticipantHost, folder: string): Promise<void> {
  const { proposal, consent, finished, stopped } = host.state;
  if (!proposal || consent === "withdrawn" || finished !== undefined || stopped !== undefined) return;
  const asked = await readAnswer(folder, "withdraw").catch(() => undefined);
  if (asked) await host.withdraw(String(asked.reason)).catch(() => {}); // asked again in a second
}

/** Waits for the owner's answer to this proposal: an option, or a file that `concord study consent` writes. */
async function ownersAnswer(
  { folder, consent, ask, siteValues = false, signal, onNews }: TakePartOptions & { readonly signal: AbortSignal },
  proposal: Proposal,
  digest: string,
) {
  const path = join(folder, "proposal.json");
  await writeFileAtomically(path, [new TextEncoder().encode(`${JSON.stringify(proposal, null, 2)}\n`)]);
  if (consent === digest) return { digest, siteValues };
  if (ask && (await readAnswer(folder, "consent"))?.digest !== digest && !(await readAnswer(folder, "withdraw"))) {
    const ownerAnswer = await ask(proposal, signal);
    if (ownerAnswer) onNews?.({ kind: "consented", digest });
    return ownerAnswer && { digest, ...ownerAnswer };
  }
  onNews?.({ kind: "asked", digest, path });
  for (;;) {
    if (await readAnswer(folder, "withdraw")) return undefined;
    const answer = await readAnswer(folder, "consent");
    if (answer?.digest === digest) {
      onNews?.({ kind: "consented", digest });
      return { digest, siteValues: answer.siteValues === true };
    }
    await pause(500, signal);
  }
}

/** The work, opened when it is first asked for: its start model is fetched by hash, its rows are read. */
function lazyWork({ folder, table, threads, signal, onNews }: TakePartOptions, link: Link) {
  let opened: Promise<MemberWork> | undefined;
  const openNow = async (proposal: Proposal): Promise<MemberWork> => {
    const start = await fetchStart(folder, proposal, link);
    return await openMemberWork({
      proposal,
      start,
      table,
      folder: join(folder, "private"),
      threads,
      onEvent: onNews,
      signal,
    });
  };
  return {
    open: (proposal: Proposal) => (opened ??= openNow(proposal)),
    close: async () => await (await opened?.catch(() => undefined))?.close(),
  };
}
