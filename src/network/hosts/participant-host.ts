// A member's round machine on a machine that may be killed at any moment: messages and the entropy of their secrets go to disk before
// any answer leaves, and a restart replays them. It knows files and the link to its coordinator; not what the work is.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type ConcordError, isConcordError } from "../../base/index.ts";
import type { Identity, Work } from "../../federated/index.ts";
import {
  type Message,
  newParticipant,
  type OwnersPolicy,
  type ParticipantEffect,
  type ParticipantEvent,
  type ParticipantSetup,
  type ParticipantState,
  type Proposal,
  pendingWork,
  type SpentPrivacy,
  stepParticipant,
  type Task,
  wordsIn,
} from "../../federated/index.ts";
import { nodePrimitives } from "../../federated/node/index.ts";
import { type Blobs, openBlobs, sha256 } from "../blobs.ts";
import { type Journal, openJournal } from "../journal.ts";
import type { Link } from "../transport/client.ts";
import type { OutboxEntry } from "../transport/limits.ts";
import { type SerialQueue, serialQueue } from "./serial-queue.ts";
import { type Outgoing, openUnsent, type Unsent } from "./unsent.ts";

/** An owner's answer to a proposal. */
export interface Consent {
  readonly digest: string;
  readonly siteValues: boolean;
}

export interface ParticipantHostOptions {
  /** Of the journal. The caller holds its lock. */
  readonly folder: string;
  readonly identity: Identity;
  /** What the owner of the rows asks of rounds beyond the proposal. */
  readonly policy?: OwnersPolicy;
  readonly coordinator: ParticipantSetup["coordinator"];
  readonly link: Link;
  /** Asks the owner; undefined leaves the proposal unanswered, and the member stops. */
  consent(proposal: Proposal, digest: string): Promise<Consent | undefined>;
  /** Learns or counts. Asked again after a restart. @throws whatever stops the member, or withdraws it: {@link withdrawReason} */
  work(task: Task, round: number, model: Float32Array): Promise<Work>;
  /** The member's own values, where its owner agreed to show them. */
  siteValues?(model: Float32Array): Promise<Readonly<Record<string, number>>>;
  /** What its rows have spent, of a member that trains privately: stated at the end, or before it withdraws. */
  privacy?(): Promise<SpentPrivacy | undefined>;
  /** Why this fault means to withdraw, if it does: a budget that is spent. */
  withdrawReason?(fault: unknown): string | undefined;
  /** As the coordinator's. */
  readonly record: (index: number, entry: Message) => void | Promise<void>;
  /** 32 bytes for the secrets that a message begins. Default random ones; a test gives its own to have the same bits twice. */
  readonly entropy?: (message: unknown) => Uint8Array;
  readonly onEffect?: (effect: ParticipantEffect) => void;
  readonly onRefused?: (error: ConcordError) => void;
  readonly signal?: AbortSignal;
}

/** How a member's part ended. */
export interface ParticipantEnd {
  readonly state: ParticipantState;
  readonly end: "finished" | "stopped" | "withdrawn" | "unanswered";
  /** Of a finished study: the flat vector that it ended with, checked by the hash of the end. */
  readonly model?: Float32Array;
}

interface Snapshot {
  readonly state: ParticipantState;
  readonly cursor: number;
  readonly records: number;
  readonly unsent: readonly Outgoing[];
  /** The last model that was seen: what site values are of. */
  readonly model?: Uint8Array;
}

/** An event on disk, with the place in the coordinator's list up to which messages were taken. */
interface Journaled {
  readonly event: ParticipantEvent;
  readonly cursor: number;
}

export class ParticipantHost {
  readonly #options: ParticipantHostOptions;
  readonly #setup: ParticipantSetup;
  readonly #journal: Journal;
  readonly #kept: Blobs;
  /** Events, one at a time. */
  readonly #events: SerialQueue = serialQueue();
  /** Work, one at a time, beside the events. */
  readonly #work: SerialQueue = serialQueue();
  readonly #unsent: Unsent;
  #state: ParticipantState;
  #cursor: number;
  #records: number;
  #model: Uint8Array | undefined;
  #asked: { readonly proposal: Proposal; readonly digest: string } | undefined;
  #answering: Promise<boolean> | undefined;
  #polling: Promise<unknown> | undefined;

  private constructor(options: ParticipantHostOptions, journal: Journal, kept: Blobs) {
    this.#options = options;
    this.#journal = journal;
    this.#kept = kept;
    const { identity, coordinator, policy } = options;
    this.#setup = { primitives: nodePrimitives, identity, coordinator, policy };
    const before = journal.snapshot as Snapshot | undefined;
    this.#state = before?.state ?? newParticipant;
    this.#cursor = before?.cursor ?? 0;
    this.#records = before?.records ?? 0;
    this.#model = before?.model;
    const { link, onRefused } = options;
    this.#unsent = openUnsent({ waiting: before?.unsent ?? [], link, onRefused, events: this.#events });
  }

  /** Opens a member's part, or goes on with it. @throws E_CHECKSUM for a journal that was changed; E_IO */
  static async open(options: ParticipantHostOptions): Promise<ParticipantHost> {
    const kept = await openBlobs(join(options.folder, "incoming"));
    const host = new ParticipantHost(options, await openJournal(options.folder), kept);
    try {
      for (const { event, cursor } of host.#journal.events as readonly Journaled[])
        await host.#apply(event, cursor, true);
    } catch (cause) {
      await host.#journal.close();
      throw cause;
    }
    return host;
  }

  get state(): ParticipantState {
    return this.#state;
  }

  /** Takes part until the study is over for this member. @throws E_INTERRUPTED after an abort; what the work throws; E_SIGNATURE once revoked */
  async run(): Promise<ParticipantEnd> {
    if (this.#state.proposal && this.#state.consent === "none")
      this.#asked = { proposal: this.#state.proposal, digest: this.#state.digest! };
    const pending = pendingWork(this.#state);
    if (pending) this.#begin(pending);
    this.#unsent.send();
    try {
      return await Promise.race([this.#takePart(), this.#events.stopped]);
    } finally {
      await this.#events.idle();
      await this.#journal.close();
    }
  }

  /** The owner withdraws; the others are told why. */
  async withdraw(reason: string): Promise<void> {
    await this.#statePrivacy().catch((error: unknown) => {
      if (!isConcordError(error)) throw error; // a ledger that cannot be read keeps nobody from withdrawing
      this.#options.onRefused?.(error);
    });
    return this.#give({ kind: "withdraw", reason }, this.#cursor);
  }

  async #statePrivacy(): Promise<void> {
    if (this.#state.stated || this.#state.consent !== "given") return;
    const spent = await this.#options.privacy?.();
    if (spent) await this.#give({ kind: "privacy", ...spent }, this.#cursor);
  }

  async #takePart(): Promise<ParticipantEnd> {
    for (;;) {
      if (this.#state.consent === "withdrawn" || this.#state.stopped !== undefined) {
        await this.#unsent.empty(this.#options.signal);
        return { state: this.#state, end: this.#state.consent === "withdrawn" ? "withdrawn" : "stopped" };
      }
      if (this.#state.finished !== undefined) return await this.#finish();
      this.#polling ??= this.#poll();
      if (!this.#asked) await this.#polling;
      else {
        this.#answering ??= this.#ask(); // while the owner thinks it over, the study may end
        if ((await Promise.race([this.#answering, this.#polling])) === false)
          return { state: this.#state, end: "unanswered" };
      }
    }
  }

  async #poll(): Promise<true> {
    try {
      for (const entry of await this.#options.link.outbox(this.#cursor)) await this.#take(entry);
      return true;
    } finally {
      this.#polling = undefined;
    }
  }

  async #take({ seq, message, payload }: OutboxEntry): Promise<void> {
    const round = (message as { round?: unknown } | null)?.round;
    const stale = typeof round === "number" && round < this.#state.lastRound;
    const content = payload && !stale ? await this.#options.link.fetch(payload.sha256, this.#kept) : undefined;
    const entropy = this.#options.entropy?.(message) ?? new Uint8Array(randomBytes(32));
    try {
      await this.#give({ kind: "message", message, payload: content, entropy }, seq);
    } catch (error) {
      if (!isConcordError(error) || error.code === "E_IO") throw error;
      this.#options.onRefused?.(error);
    }
    this.#cursor = seq;
  }

  /** Asks the owner. False when there is no answer. */
  async #ask(): Promise<boolean> {
    const { proposal, digest } = this.#asked!;
    const consent = await this.#options.consent(proposal, digest);
    if (!consent) return false;
    await this.#give({ kind: "consent", ...consent }, this.#cursor);
    this.#asked = undefined;
    this.#answering = undefined;
    return true;
  }

  async #finish(): Promise<ParticipantEnd> {
    const { siteValues, link } = this.#options;
    const { finished } = this.#state;
    const isLast = this.#model && sha256(this.#model) === finished; // else no round began with it, or this member was away
    const model = floats(isLast ? this.#model! : await link.fetch(finished!, this.#kept));
    await this.#statePrivacy();
    if (siteValues && this.#state.siteValues)
      await this.#give({ kind: "site", values: await siteValues(model) }, this.#cursor);
    await this.#unsent.empty(this.#options.signal);
    return { state: this.#state, end: "finished", model };
  }

  #give(event: ParticipantEvent, cursor: number): Promise<void> {
    return this.#events.run(() => this.#apply(event, cursor, false));
  }

  async #apply(event: ParticipantEvent, cursor: number, again: boolean): Promise<void> {
    const before = this.#state;
    const { state, effects } = stepParticipant(this.#setup, before, event);
    if (!again && (state !== before || event.kind === "site")) {
      const journaled: Journaled = { event, cursor };
      await this.#journal.append(journaled).catch((cause: unknown) => {
        this.#events.stop(cause); // memory must not be ahead of the disk
        throw cause;
      });
    }
    this.#state = state;
    this.#cursor = Math.max(this.#cursor, cursor);
    if (state.round) this.#model = state.round.content;
    for (const effect of effects) await this.#carryOut(effect, again);
    if (!again && before.round && !state.round) await this.#compact(); // its secrets go
    if (!again) this.#unsent.send();
  }

  async #carryOut(effect: ParticipantEffect, again: boolean): Promise<void> {
    if (effect.kind === "send") this.#unsent.put({ message: effect.message, payload: effect.payload });
    else if (effect.kind === "record") await this.#options.record(this.#records++, effect.entry);
    else if (effect.kind === "ask") this.#asked = effect;
    if (again) return;
    if (effect.kind === "work") this.#begin(effect);
    if (effect.kind !== "send" && effect.kind !== "record") this.#options.onEffect?.(effect);
  }

  async #compact(): Promise<void> {
    const round = this.#state.lastRound - 1;
    this.#unsent.keep(({ message }) => message.round > round || !passing.has(message.phase));
    const snapshot: Snapshot = {
      state: this.#state,
      cursor: this.#cursor,
      records: this.#records,
      unsent: this.#unsent.waiting(),
      model: this.#model,
    };
    await this.#journal.compact(snapshot).catch((cause: unknown) => {
      this.#events.stop(cause);
      throw cause;
    });
  }

  /** One work at a time; one that a newer round overtook is given all the same, and ignored. What goes wrong stops the member. */
  #begin({ task, round, model }: ParticipantEffect & { kind: "work" }): void {
    const { work, withdrawReason } = this.#options;
    void this.#work.run(async () => {
      if (this.#events.isStopped() || this.#state.round?.id !== round || this.#state.round.words) return;
      try {
        const done = await work(task, round, floats(model));
        await this.#give({ kind: "trained", round, ...done }, this.#cursor);
      } catch (fault) {
        const reason = withdrawReason?.(fault);
        if (reason === undefined) this.#events.stop(fault);
        else await this.withdraw(reason).catch((cause: unknown) => this.#events.stop(cause));
      }
    });
  }
}

/** Phases that are of no use to a coordinator whose round is over. */
const passing: ReadonlySet<string> = new Set([
  "keys",
  "shares",
  "opened",
  "open",
  "masked",
  "checked",
  "agree",
  "reveal",
]);

function floats(bytes: Uint8Array): Float32Array {
  const { buffer } = wordsIn(bytes.slice());
  return new Float32Array(buffer);
}
