// The coordinator's round machine on a machine that may be killed at any moment: events go to disk before anything that follows from them
// leaves, and a restart replays them. It knows clocks and files; not the network, and nothing of what is learned.
import { ConcordError, isConcordError } from "../../base/index.ts";
import type { Identity } from "../../federated/index.ts";
import {
  type CoordinatorEffect,
  type CoordinatorEvent,
  type CoordinatorSetup,
  type CoordinatorState,
  contentBytes,
  type Message,
  newCoordinator,
  type Proposal,
  proposalDigest,
  type RoundPhase,
  stepCoordinator,
} from "../../federated/index.ts";
import { nodePrimitives } from "../../federated/node/index.ts";
import { type Journal, openJournal } from "../journal.ts";
import { Outbox, type OutboxState } from "./outbox.ts";

/** How long is waited for members, ms. */
export interface Waits {
  /** For all to consent. */
  readonly consentMs: number;
  /** For work: training and the masked words. */
  readonly workMs: number;
  /** In every other phase. */
  readonly phaseMs: number;
}

export const defaultWaits: Waits = { consentMs: 7 * 24 * 3_600_000, workMs: 6 * 3_600_000, phaseMs: 300_000 };

export interface CoordinatorHostOptions {
  /** Of the journal. The caller holds its lock. */
  readonly folder: string;
  readonly identity: Identity;
  readonly proposal: Proposal;
  /** Flat vector that the first round starts from. */
  readonly model: Float32Array;
  readonly waits: Waits;
  readonly chunkBytes: number;
  /** Entries for the coordinator's transcript, numbered from 0 over restarts: one that was given before may be given again. */
  readonly record: (index: number, entry: Message) => void | Promise<void>;
  /** Told of everything but messages and records; not of what happened before a restart. */
  readonly onEffect?: (effect: CoordinatorEffect) => void;
  /** Told of messages that are refused. */
  readonly onRefused?: (member: string, error: ConcordError) => void;
}

interface Snapshot {
  readonly state: CoordinatorState;
  readonly outbox: OutboxState;
  readonly records: number;
  readonly wait?: { readonly round: number; readonly phase: RoundPhase | "consent" };
}

export class CoordinatorHost {
  readonly #options: CoordinatorHostOptions;
  readonly #setup: CoordinatorSetup;
  readonly #journal: Journal;
  readonly outbox: Outbox;
  #state: CoordinatorState;
  #records = 0;
  #wait: Snapshot["wait"];
  #timer: NodeJS.Timeout | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #failure: unknown;

  private constructor(options: CoordinatorHostOptions, journal: Journal) {
    const { identity, proposal, model, chunkBytes } = options;
    this.#options = options;
    this.#journal = journal;
    this.#setup = { primitives: nodePrimitives, identity, proposal, digest: proposalDigest(nodePrimitives, proposal) };
    const before = journal.snapshot as Snapshot | undefined;
    this.#state = before?.state ?? newCoordinator(model);
    this.#records = before?.records ?? 0;
    this.#wait = before?.wait;
    this.outbox = new Outbox(
      proposal.members.map((m) => m.name),
      chunkBytes,
      before?.outbox,
    );
  }

  /** Opens a study, or goes on with one. @throws E_CHECKSUM for a journal that was changed; E_IO */
  static async open(options: CoordinatorHostOptions): Promise<CoordinatorHost> {
    const host = new CoordinatorHost(options, await openJournal(options.folder));
    try {
      for (const event of host.#journal.events) await host.#apply(event as CoordinatorEvent, true);
      if (host.#journal.snapshot === undefined && host.#journal.events.length === 0) await host.give({ kind: "start" });
      else host.#schedule();
    } catch (cause) {
      await host.close();
      throw cause;
    }
    return host;
  }

  get state(): CoordinatorState {
    return this.#state;
  }

  /** Why the host takes nothing more, if so. */
  get failure(): unknown {
    return this.#failure;
  }

  /** One event, after those before it. On disk when this returns. @throws what refuses it; E_IO ends the host */
  give(event: CoordinatorEvent): Promise<void> {
    const done = this.#queue.then(async () => {
      if (this.#failure) throw this.#failure;
      await this.#apply(event, false);
    });
    this.#queue = done.catch(() => {});
    return done;
  }

  /** Bytes that are wanted beside a message now. @throws what refuses the message */
  contentBytes(member: string, message: unknown): number {
    try {
      return contentBytes(this.#setup, this.#state, message);
    } catch (error) {
      throw this.#refused(member, error);
    }
  }

  async deliver(member: string, message: unknown, payload: Uint8Array | undefined): Promise<void> {
    await this.give({ kind: "message", message, payload }).catch((error: unknown) => {
      throw this.#refused(member, error);
    });
  }

  #refused(member: string, error: unknown): unknown {
    if (isConcordError(error)) this.#options.onRefused?.(member, error);
    return error;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#failure ??= new ConcordError("E_INTERRUPTED", { operation: "coordinate a study", problem: "it was stopped" });
    await this.#queue;
    await this.#journal.close();
  }

  async #apply(event: CoordinatorEvent, again: boolean): Promise<void> {
    const before = this.#state;
    const { state, effects } = stepCoordinator(this.#setup, before, event);
    if (state === before && effects.length === 0) return; // nothing happened: a message that came twice, or too late
    if (!again)
      try {
        await this.#journal.append(event);
      } catch (cause) {
        this.#failure = cause; // the state in memory is ahead of the disk: only a restart is right now
        throw cause;
      }
    this.#state = state;
    for (const effect of effects) await this.#carryOut(effect, again);
    if (again) return;
    this.#schedule();
    // between rounds the events behind us are not needed any more
    if (effects.some((e) => e.kind === "counted" || e.kind === "failed" || e.kind === "stopped")) await this.#compact();
  }

  async #carryOut(effect: CoordinatorEffect, again: boolean): Promise<void> {
    if (effect.kind === "send") this.outbox.push(effect.message, effect.payload);
    else if (effect.kind === "wait") this.#wait = effect;
    else if (effect.kind === "record") await this.#options.record(this.#records++, effect.entry);
    if (!again && effect.kind !== "send" && effect.kind !== "record") this.#options.onEffect?.(effect);
  }

  async #compact(): Promise<void> {
    const wait = this.#wait && { round: this.#wait.round, phase: this.#wait.phase };
    const snapshot: Snapshot = { state: this.#state, outbox: this.outbox.state(), records: this.#records, wait };
    await this.#journal.compact(snapshot).catch((cause: unknown) => {
      this.#failure = cause;
      throw cause;
    });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const wait = this.#wait;
    const { stage } = this.#state;
    if (!wait || stage === "finished" || stage === "stopped") return;
    const { consentMs, workMs, phaseMs } = this.#options.waits;
    const ms = wait.phase === "consent" ? consentMs : wait.phase === "masked" ? workMs : phaseMs;
    this.#timer = setTimeout(
      () => {
        this.give({ kind: "deadline", round: wait.round, phase: wait.phase }).catch(() => {});
      },
      Math.min(ms, 2 ** 31 - 1),
    );
  }
}
