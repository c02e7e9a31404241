// Watches the models of a server: keeps their answers in a store, takes true labels, raises alerts. No answer waits for it.
import { randomUUID } from "node:crypto";
import { withheld } from "../../predict/index.ts";
import {
  type AlertRecord,
  type AlertRule,
  type AnswerRecord,
  answerParts,
  maskPrivate,
  type WatchedModel,
  type WatchStore,
} from "../../watch/index.ts";
import { openWatchStore, type Recorder, sendAlert, startRecorder } from "../../watch/node/index.ts";
import type { AnsweredItem, ServedItem } from "../model/facts.ts";
import type { ModelSource } from "../model/source.ts";
import type { CallOptions } from "../queue/dispatcher.ts";
import { watchShadows } from "./shadows.ts";

/** What a request led to. */
export interface SeenAnswers {
  readonly source: ModelSource;
  readonly items: readonly ServedItem[];
  readonly answered: readonly AnsweredItem[];
  readonly call?: CallOptions;
  /** From its arrival to its answers, in milliseconds. */
  readonly ms: number;
}

/** What a model tells. */
export interface ModelWatcher {
  describe(model: WatchedModel): Promise<void>;
  observe(seen: SeenAnswers): void;
}

export interface WatchOptions {
  /** SQLite file, or `postgres://…`. */
  readonly store: string;
  /** Default drift, and the gates of the policy. */
  readonly rules?: readonly AlertRule[];
  /** Answers between two looks for alerts. Default 200. */
  readonly window?: number;
  /** Address that alerts are sent to, as JSON by POST. */
  readonly webhook?: string;
  /** Keeps texts too, with private details masked. Default false. */
  readonly capture?: boolean;
  /** Told of alerts, and of faults of the store and the webhook. */
  readonly onEvent?: (event: { readonly alert: AlertRecord } | { readonly fault: unknown }) => void;
}

export interface Watcher extends ModelWatcher {
  readonly store: WatchStore;
  readonly recorder: Recorder;
  /** Keeps what a shadow answered to a request whose client may send a true label. */
  observeShadow(seen: SeenAnswers): void;
  /** Keeps a true label, for the answer that was sent and for those of shadows. @returns false for a request that is not known @throws as the store */
  feedback(id: string, truth: string): Promise<boolean>;
  close(): Promise<void>;
}

export const defaultRules: readonly AlertRule[] = [{ when: "drift" }, { when: "gate" }];

/**
 * Opens the store and begins to watch.
 * @throws as `openWatchStore`
 * @example const watch = await startWatcher({ store: "watch.sqlite" });
 */
export async function startWatcher({
  store: place,
  rules = defaultRules,
  window,
  webhook,
  capture = false,
  onEvent = () => {},
}: WatchOptions): Promise<Watcher> {
  const store = await openWatchStore(place);
  const recorder = await startRecorder(store, [], {
    rules,
    window,
    onFault: (fault) => onEvent({ fault }),
    onAlert: (alert) => {
      onEvent({ alert });
      if (webhook !== undefined) sendAlert(webhook, alert).catch((fault: unknown) => onEvent({ fault }));
    },
  });
  const shadows = await watchShadows(store, recorder);
  return {
    store,
    recorder,
    describe: (model) => recorder.describe(model),
    observe(seen) {
      for (const record of recordsOf(seen, capture)) recorder.keep(record);
    },
    observeShadow(seen) {
      if (seen.call?.requestId === undefined) return; // nobody can judge it
      shadows.keep(recordsOf(seen, false)).catch((fault: unknown) => onEvent({ fault }));
    },
    async feedback(id, truth) {
      const found = await recorder.feedback(id, truth);
      if (found) await shadows.feedback(id, truth);
      return found;
    },
    close: () => recorder.close(),
  };
}

/** What is kept of answers. @param capture also their texts */
function recordsOf({ source, items, answered, call = {}, ms }: SeenAnswers, capture: boolean): AnswerRecord[] {
  const at = Date.now();
  const requestId = call.requestId ?? randomUUID();
  return answered.flatMap(({ answer, bins }, i) => {
    if (!answer) return [];
    const { label, confidence, value, abstained } = answerParts(withheld(answer, call.abstain ?? 0));
    const { input, group } = items[i]!;
    const text = capture && "parts" in input ? input.parts.map(maskPrivate).join("\t") : undefined;
    return [
      {
        id: answered.length === 1 ? requestId : `${requestId}:${i}`,
        at,
        model: source.name,
        version: source.version,
        ...(label !== undefined && { answer: label }),
        ...(confidence !== undefined && { confidence }),
        ...(value !== undefined && { value }),
        abstained,
        ms,
        groups: { ...call.attributes, ...(group !== undefined && { group }) },
        ...(bins && { bins }),
        ...(text !== undefined && { payload: text }),
      },
    ];
  });
}
