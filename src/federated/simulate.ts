// A whole study in one process: the same state machines, with a network that delivers as it is told. What a member learns comes from
// a function; everything else is as between organisations, masks and signatures included.
import { ConcordError, type Random } from "../base/index.ts";
import type { Identity, Primitives } from "../secret-sums/index.ts";
import {
  type CoordinatorEffect,
  type CoordinatorEvent,
  type CoordinatorSetup,
  type CoordinatorState,
  type Message,
  newCoordinator,
  newParticipant,
  type ParticipantEffect,
  type ParticipantSetup,
  type ParticipantState,
  type Proposal,
  proposalDigest,
  type RoundResult,
  type SpentPrivacy,
  stepCoordinator,
  stepParticipant,
  type Task,
  wordsIn,
} from "./round/index.ts";

/** What a member gives to a round. */
export interface Work {
  /** Rows that it comes from. */
  readonly examples: number;
  /** Differences to the model by part (of task `train`), and counts by part. */
  readonly values: Readonly<Record<string, ArrayLike<number>>>;
}

export interface SimulatedMember {
  readonly identity: Identity;
  /** A ConcordError that it throws makes the member withdraw with its problem as the reason. */
  work(task: Task, round: number, model: Float32Array): Work | Promise<Work>;
  /** What its rows have spent, of a member that trains privately: stated at the end, or before it withdraws. */
  privacy?(): Promise<SpentPrivacy | undefined>;
  /** Whether its owner agrees. Default true. */
  readonly agrees?: boolean;
}

/** A message on its way. */
export interface Delivery {
  readonly message: unknown;
  readonly payload?: Uint8Array;
  readonly from: string;
  readonly to: string;
  readonly tries: number;
}

/** What happens to deliveries; the default network delivers each once, in order. */
export interface Network {
  /** Which of the waiting deliveries comes next. Default the first. */
  next?(waiting: readonly Delivery[]): number;
  /** What arrives instead of a delivery: nothing, it, or others. Default it. */
  carry?(delivery: Delivery): readonly Delivery[];
}

export interface Study {
  readonly primitives: Primitives;
  readonly proposal: Proposal;
  readonly coordinator: Identity;
  readonly members: readonly SimulatedMember[];
  readonly model: Float32Array;
  /** Of the members' secrets: simulations are repeatable. */
  readonly entropy: Random;
  readonly network?: Network;
  /** What the coordinator's owner does when a round has counted: revoke a member, say. Default nothing. */
  afterRound?(result: RoundResult): CoordinatorEvent | undefined;
  /** Called with every effect that is not a message. */
  onEffect?(who: string, effect: CoordinatorEffect | ParticipantEffect): void;
}

export interface StudyOutcome {
  readonly coordinator: CoordinatorState;
  readonly members: ReadonlyMap<string, ParticipantState>;
  /** Messages that were refused, in order. */
  readonly refused: readonly { readonly who: string; readonly error: ConcordError }[];
}

/** A message that comes before the one that it follows is given again as often. */
const mostTries = 6;

/**
 * Runs a study to its end: finished, or stopped with a reason.
 * @example const { coordinator } = await simulate({ primitives, proposal, coordinator, members, model, entropy: random(0) });
 */
export async function simulate(study: Study): Promise<StudyOutcome> {
  const simulation = new Simulation(study);
  simulation.start();
  while (await simulation.turn());
  return simulation.outcome();
}

class Simulation {
  readonly #study: Study;
  readonly #setup: CoordinatorSetup;
  readonly #setups: ReadonlyMap<string, ParticipantSetup>;
  #coordinator: CoordinatorState;
  readonly #members: Map<string, ParticipantState>;
  readonly #waiting: Delivery[] = [];
  readonly #works: { who: string; effect: ParticipantEffect & { kind: "work" } }[] = [];
  readonly #refused: { who: string; error: ConcordError }[] = [];
  #ended = false;
  #wait: (CoordinatorEffect & { kind: "wait" }) | undefined;

  constructor(study: Study) {
    const { primitives, proposal, coordinator, members } = study;
    this.#study = study;
    this.#setup = { primitives, identity: coordinator, proposal, digest: proposalDigest(primitives, proposal) };
    this.#coordinator = newCoordinator(study.model);
    this.#members = new Map(members.map((m) => [m.identity.name, newParticipant]));
    this.#setups = new Map(
      members.map(({ identity }) => [identity.name, { primitives, identity, coordinator: proposal.coordinator }]),
    );
  }

  start(): void {
    this.#coordinate(() => stepCoordinator(this.#setup, this.#coordinator, { kind: "start" }));
  }

  outcome(): StudyOutcome {
    return { coordinator: this.#coordinator, members: this.#members, refused: this.#refused };
  }

  /** One delivery, else one member's work, else the end of a wait. False when nothing is left to happen. */
  async turn(): Promise<boolean> {
    if (this.#waiting.length > 0) {
      const at = this.#study.network?.next?.(this.#waiting) ?? 0;
      const [delivery] = this.#waiting.splice(at, 1);
      const arriving = this.#study.network?.carry?.(delivery!) ?? [delivery!];
      for (const one of arriving) this.#deliver(one);
      return true;
    }
    const work = this.#works.shift();
    if (work) {
      await this.#work(work.who, work.effect);
      return true;
    }
    const wait = this.#wait;
    if (this.#coordinator.stage === "finished" && !this.#ended) {
      this.#ended = true;
      for (const [who, { finished }] of this.#members) if (finished !== undefined) await this.#state(who);
      return true;
    }
    if (!wait || this.#coordinator.stage === "finished" || this.#coordinator.stage === "stopped") return false;
    this.#wait = undefined;
    const { round, phase } = wait;
    this.#coordinate(() => stepCoordinator(this.#setup, this.#coordinator, { kind: "deadline", round, phase }));
    return true;
  }

  async #work(who: string, { task, round, model }: ParticipantEffect & { kind: "work" }): Promise<void> {
    const member = this.#study.members.find((m) => m.identity.name === who)!;
    const { buffer } = wordsIn(model.slice());
    let work: Work;
    try {
      work = await member.work(task, round, new Float32Array(buffer));
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error;
      await this.#state(who);
      const { problem } = error.facts; // whoever cannot do its part takes no further part: a budget that is spent, say
      this.#take(who, () =>
        stepParticipant(this.#setups.get(who)!, this.#members.get(who)!, { kind: "withdraw", reason: problem }),
      );
      return;
    }
    this.#take(who, () =>
      stepParticipant(this.#setups.get(who)!, this.#members.get(who)!, { kind: "trained", round, ...work }),
    );
  }

  async #state(who: string): Promise<void> {
    const spent = await this.#study.members.find((m) => m.identity.name === who)!.privacy?.();
    if (spent)
      this.#take(who, () =>
        stepParticipant(this.#setups.get(who)!, this.#members.get(who)!, { kind: "privacy", ...spent }),
      );
  }

  #deliver(delivery: Delivery): void {
    const { message, payload, to } = delivery;
    const before = this.#refused.length;
    if (to === this.#setup.identity.name)
      this.#coordinate(() => stepCoordinator(this.#setup, this.#coordinator, { kind: "message", message, payload }));
    else if (this.#members.has(to)) {
      const entropy = new Uint8Array(Uint32Array.from({ length: 8 }, () => this.#study.entropy.uint32()).buffer);
      this.#take(to, () =>
        stepParticipant(this.#setups.get(to)!, this.#members.get(to)!, { kind: "message", message, payload, entropy }),
      );
    }
    const early = this.#refused.length > before && this.#refused.at(-1)!.error.code === "E_ROUND";
    if (early && this.#waiting.length > 0 && delivery.tries < mostTries)
      this.#waiting.push({ ...delivery, tries: delivery.tries + 1 });
  }

  #coordinate(step: () => ReturnType<typeof stepCoordinator>): void {
    const { name } = this.#setup.identity;
    const done = this.#try(name, step);
    if (!done) return;
    this.#coordinator = done.state;
    for (const effect of done.effects) {
      if (effect.kind === "send") this.#send(name, effect.message, effect.payload);
      else if (effect.kind === "wait") this.#wait = effect;
      this.#study.onEffect?.(name, effect);
    }
    for (const effect of done.effects) {
      const event = effect.kind === "counted" && this.#study.afterRound?.(effect.result);
      if (event) this.#coordinate(() => stepCoordinator(this.#setup, this.#coordinator, event));
    }
  }

  #take(who: string, step: () => ReturnType<typeof stepParticipant>): void {
    const done = this.#try(who, step);
    if (!done) return;
    this.#members.set(who, done.state);
    for (const effect of done.effects) {
      if (effect.kind === "send") this.#send(who, effect.message, effect.payload);
      else if (effect.kind === "work") {
        const known = this.#works.some((w) => w.who === who && w.effect.round === effect.round);
        if (!known) this.#works.push({ who, effect });
      } else if (effect.kind === "ask" && (this.#study.members.find((m) => m.identity.name === who)?.agrees ?? true))
        this.#take(who, () =>
          stepParticipant(this.#setups.get(who)!, this.#members.get(who)!, {
            kind: "consent",
            digest: effect.digest,
            siteValues: true,
          }),
        );
      this.#study.onEffect?.(who, effect);
    }
  }

  #try<T>(who: string, step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error;
      this.#refused.push({ who, error });
      return undefined;
    }
  }

  #send(from: string, message: Message, payload?: Uint8Array): void {
    const receivers = message.to === "*" ? [...this.#members.keys()] : [message.to];
    for (const to of receivers) this.#waiting.push({ message, payload, from, to, tries: 0 });
  }
}
