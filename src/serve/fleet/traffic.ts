// What each version of a model answered, and how often a shadow answers as the version that serves. Counts since the server's start.
import { wilson } from "../../eval/index.ts";
import type { Answer } from "../../predict/index.ts";
import { answerParts, type WatchedShare } from "../../watch/index.ts";
import type { AnsweredItem } from "../model/facts.ts";
import type { ModelSource } from "../model/source.ts";

/** Of one version. */
export interface VersionTraffic {
  /** Inputs that it answered for clients. */
  readonly answers: number;
  /** Of a shadow: inputs that both answered, and those for which it had no time. */
  readonly compared: number;
  readonly dropped: number;
  /** Of a shadow: how often its answer was that of the version that serves, with its 95 % interval (Wilson 1927). */
  readonly agreement?: WatchedShare;
}

type Version = Pick<ModelSource, "name" | "version">;

export interface Traffic {
  answered(version: Version, items: number): void;
  /** @param own of the shadow @param sent what the client got */
  compared(shadow: Version, own: readonly AnsweredItem[], sent: readonly AnsweredItem[]): void;
  dropped(shadow: Version, items: number): void;
  of(version: Version): VersionTraffic;
}

/** Makes the counts. */
export function trafficCounts(): Traffic {
  const all = new Map<string, { answers: number; compared: number; agreed: number; dropped: number }>();
  const countsOf = ({ name, version }: Version) => {
    const key = `${name} ${version}`;
    const found = all.get(key) ?? { answers: 0, compared: 0, agreed: 0, dropped: 0 };
    all.set(key, found);
    return found;
  };
  return {
    answered(version, items) {
      countsOf(version).answers += items;
    },
    compared(shadow, own, sent) {
      const counts = countsOf(shadow);
      counts.compared += own.length;
      counts.agreed += own.filter((one, i) => sameAnswer(one.answer, sent[i]?.answer)).length;
    },
    dropped(shadow, items) {
      countsOf(shadow).dropped += items;
    },
    of(version) {
      const { agreed, ...counts } = countsOf(version);
      if (counts.compared === 0) return counts;
      const { estimate, low, high } = wilson(agreed, counts.compared);
      return { ...counts, agreement: { value: estimate, low, high, rows: counts.compared } };
    },
  };
}

/** The same label or labels; numbers that differ by less than a thousandth; entities of the same places and types. */
export function sameAnswer(a: Answer | undefined, b: Answer | undefined): boolean {
  if (a?.kind === "value" && b?.kind === "value")
    return Math.abs(a.value - b.value) <= 1e-3 * Math.max(1, Math.abs(b.value));
  if (a?.kind === "entities" && b?.kind === "entities") return placesOf(a) === placesOf(b);
  if (a?.kind === "tasks" && b?.kind === "tasks")
    return Object.entries(a.tasks).every(([name, one]) => sameAnswer(one, b.tasks[name]));
  return a?.kind === b?.kind && (!a || !b || answerParts(a).label === answerParts(b).label);
}

const placesOf = ({ entities }: Extract<Answer, { kind: "entities" }>): string =>
  entities.map(({ start, end, type }) => `${start} ${end} ${type}`).join(", ");
