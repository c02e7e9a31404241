// Watches the models of a server: keeps their answers in a store, takes true labels, raises alerts. No answer waits for it.
import { randomUUID } from "node:crypto";
import { withheld } from "../../predict/index.ts";
import {
  type AlertRecord,
  type AlertRule,
  answerParts,
  maskPrivate,
  type WatchedModel,
  type WatchStore,
} from "../../watch/index.ts";
import { openWatchStore, type Recorder, sendAlert, startRecorder } from "../../watch/node/index.ts";
import type { AnsweredItem, ServedItem } from "../model/facts.ts";
import type { ModelSource } from "../model/source.ts";
import type { CallOptions } from "../queue/dispatcher.ts";

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
  return {
    store,
    recorder,
    describe: (model) => recorder.describe(model),
    observe({ source, items, answered, call = {}, ms }) {
      const at = Date.now();
      const requestId = call.requestId ?? randomUUID();
      for (const [i, { answer, bins }] of answered.entries()) {
        if (!answer) continue;
        const { label, confidence, value, abstained } = answerParts(withheld(answer, call.abstain ?? 0));
        const { input, group } = items[i]!;
        const text = capture && "parts" in input ? input.parts.map(maskPrivate).join("\t") : undefined;
        recorder.keep({
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
        });
      }
    },
    close: () => recorder.close(),
  };
}
