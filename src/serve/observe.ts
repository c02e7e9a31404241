// What a watcher is told after each answer. It learns digests and measures of the input, and the input itself only where it asks for it.
import { createHash } from "node:crypto";
import { type Answer, withheld } from "../predict/index.ts";
import type { AnsweredItem, ServedInput, ServedItem } from "./model/facts.ts";
import type { ServedModel } from "./model/served.ts";

/** One answer that was given. */
export interface Observation {
  readonly requestId: string;
  /** Position of the input in the request. */
  readonly index: number;
  readonly model: string;
  readonly version: string;
  /** Where the request told it. */
  readonly group?: string;
  /** SHA-256 of the input, hex. */
  readonly digest: string;
  /** Tokens of a text, and how many of them the vocabulary lacks. */
  readonly tokens?: number;
  readonly unknown?: number;
  /** What the model's head read; absent where its file does not give it. */
  readonly features?: Float32Array;
  /** Texts of the input: of observers with `payloads`. */
  readonly texts?: readonly string[];
  /** As it was given, after abstention. Absent for an input that could not be used. */
  readonly answer?: Answer;
  /** From the request's arrival to its answer, in milliseconds. */
  readonly ms: number;
  /** When it was answered, milliseconds since 1970. */
  readonly at: number;
}

/** Watches answers. What it throws is logged and changes no answer. */
export interface Observer {
  /** Wants the texts themselves. Default false. */
  readonly payloads?: boolean;
  observe(observation: Observation): void;
}

/** What a request has had answered. */
export interface Observed {
  readonly requestId: string;
  readonly model: ServedModel;
  readonly items: readonly ServedItem[];
  readonly answered: readonly AnsweredItem[];
  readonly abstain?: number;
  /** `performance.now()` when the request arrived. */
  readonly arrived: number;
}

/** Tells the observers of a server. */
export type Observe = (observed: Observed) => void;

/**
 * Tells each observer of each answer.
 * @param onFault told what an observer threw
 */
export function observers(list: readonly Observer[], onFault: (error: unknown) => void): Observe {
  if (!list.length) return () => {};
  return ({ requestId, model, items, answered, abstain = 0, arrived }) => {
    const ms = performance.now() - arrived;
    for (const [index, item] of items.entries()) {
      const { answer, features, tokens, unknown } = answered[index]!;
      const { name, version } = model.source;
      const texts = "parts" in item.input ? item.input.parts : undefined;
      const observation: Observation = {
        ...{ requestId, index, model: name, version, group: item.group, ms, at: Date.now() },
        ...{ digest: digestOf(item.input), features, tokens, unknown },
        ...(answer && { answer: withheld(answer, abstain) }),
      };
      for (const { observe, payloads } of list)
        try {
          observe(payloads && texts ? { ...observation, texts } : observation);
        } catch (error) {
          onFault(error);
        }
    }
  };
}

/** SHA-256 of an input, hex. Of two texts with a zero byte between, which no text holds. */
function digestOf(input: ServedInput): string {
  const hash = createHash("sha256");
  if ("bytes" in input) return hash.update(input.bytes).digest("hex");
  return hash.update("ids" in input ? input.ids.join(" ") : input.parts.join("\0")).digest("hex");
}
