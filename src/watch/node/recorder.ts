// Keeps answers while a model serves: in the background, in batches, and looks at each full window for alerts. A store that fails never
// delays an answer; what could not be kept is counted.
import { inWords, type Language, type Message } from "../../messages/index.ts";
import { type Alert, type AlertRule, windowKind } from "../alerts.ts";
import type { AlertRecord, AnswerRecord, WatchedModel, WatchStore } from "../records.ts";
import { windowAlerts } from "../report.ts";

export interface RecorderOptions {
  readonly rules?: readonly AlertRule[];
  /** Answers of a model that are tested together. Rules about true labels wait for as many of them. Default 200. */
  readonly window?: number;
  /** Longest time that an answer waits in memory, in milliseconds. Default 500. */
  readonly flushMs?: number;
  /** Most answers that wait in memory; further ones are dropped and counted. Default 10 000. */
  readonly most?: number;
  /** Told of each alert. */
  readonly onAlert?: (alert: AlertRecord) => void;
  /** Told when the store fails. */
  readonly onFault?: (fault: unknown) => void;
  readonly language?: Language;
  readonly now?: () => number;
}

export interface Recorder {
  /** Adds a model, or changes what its answers are compared with. */
  describe(model: WatchedModel): Promise<void>;
  /** Keeps an answer soon; never waits and never throws. */
  keep(record: AnswerRecord): void;
  /** Keeps a true label; answers that wait are written first. @returns false for a request that is not known @throws as the store */
  feedback(id: string, truth: string): Promise<boolean>;
  /** Answers that were kept, and that were dropped because the store failed or was too slow. */
  readonly kept: number;
  readonly dropped: number;
  /** Writes what waits. */
  flush(): Promise<void>;
  /** Writes what waits and closes the store. */
  close(): Promise<void>;
}

/**
 * Starts to keep answers of these models.
 * @throws as the store, for what the models' answers are compared with
 * @example const recorder = await startRecorder(store, [{ model: "disease", version: "3f2a", gates: [] }], { rules: [{ when: "drift" }] });
 */
export async function startRecorder(
  store: WatchStore,
  models: readonly WatchedModel[],
  options: RecorderOptions = {},
): Promise<Recorder> {
  const { rules = [], window = 200, flushMs = 500, most = 10_000, onFault = () => {}, now = Date.now } = options;
  const known = new Map<string, WatchedModel>();
  const describe = async (model: WatchedModel) => {
    await store.describe(model);
    known.set(`${model.model} ${model.version}`, model);
  };
  for (const model of models) await describe(model);
  let waiting: AnswerRecord[] = [];
  let [kept, dropped, judged] = [0, 0, false];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = async () => {
    const [batch, isJudged] = [waiting, judged];
    [waiting, judged] = [[], false];
    try {
      if (batch.length) await store.append(batch);
      kept += batch.length;
    } catch (fault) {
      dropped += batch.length;
      return onFault(fault);
    }
    const answered = new Set(batch.map(({ model, version }) => `${model} ${version}`));
    for (const [key, model] of known) {
      if (answered.has(key)) await look(model, "answers").catch(onFault);
      if (isJudged) await look(model, "judged").catch(onFault);
    }
  };
  /** Tests each window that is full by now. */
  const look = async (watched: WatchedModel, of: "answers" | "judged") => {
    const { model, version } = watched;
    const own = rules.filter((rule) => windowKind(rule) === of);
    while (own.length) {
      const records = await store.nextWindow({ model, version, of, size: window });
      if (!records.length) return;
      for (const alert of windowAlerts(own, watched, records)) {
        const record = recordOf(alert, watched, now(), options.language ?? "en");
        await store.alert(record);
        options.onAlert?.(record);
      }
    }
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  };
  return {
    describe,
    keep(record) {
      if (waiting.length >= most) {
        dropped++;
        return;
      }
      waiting.push(record);
      timer ??= setTimeout(() => void flush(), flushMs);
    },
    async feedback(id, truth) {
      await flush();
      const found = await store.feedback(id, truth, now());
      judged ||= found;
      if (found) timer ??= setTimeout(() => void flush(), flushMs);
      return found;
    },
    get kept() {
      return kept;
    },
    get dropped() {
      return dropped;
    },
    flush,
    async close() {
      await flush();
      await store.close();
    },
  };
}

const sentences = {
  drift: {
    en: "{about} has drifted: PSI {measured} over {rows} answers",
    zh: "{about} 发生漂移：{rows} 个回答上的 PSI 为 {measured}",
  },
  accuracy: {
    en: "accuracy is {measured} over {rows} judged answers; limit {limit}",
    zh: "在 {rows} 个有真实标签的回答上，准确率为 {measured}；下限 {limit}",
  },
  gap: {
    en: "accuracy of {about} is {measured} lower than that of the others; limit {limit}",
    zh: "{about} 的准确率比其他组低 {measured}；上限 {limit}",
  },
  abstention: {
    en: "the model abstains from {measured} of {rows} answers; limit {limit}",
    zh: "模型在 {rows} 个回答中拒绝判断的比例为 {measured}；上限 {limit}",
  },
  gate: {
    en: "{about} is {measured} over {rows} judged answers and breaks the policy's gate {gate} ({limit})",
    zh: "在 {rows} 个有真实标签的回答上，{about} 为 {measured}，未达到策略的发布门槛 {gate}（{limit}）",
  },
} as const satisfies Record<AlertRule["when"], Message>;

/** An alert as it is kept: a sentence. */
export function recordOf(alert: Alert, { model, version }: WatchedModel, at: number, language: Language): AlertRecord {
  const { rule, about, measured, limit, rows, gate } = alert;
  const text = inWords(language, sentences[rule], {
    about,
    measured: measured.toFixed(3),
    limit: limit ?? "",
    rows,
    gate: gate ?? "",
  } as never); // each sentence names some of these
  return { at, model, version, rule, text, ...(gate !== undefined && { gate }) };
}
