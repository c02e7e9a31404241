// Keeps what shadows answered beside what was sent, so that one true label judges both. No alert is about a shadow. Knows no model.
import type { AnswerRecord, WatchStore } from "../../watch/index.ts";
import type { Recorder } from "../../watch/node/index.ts";

export interface ShadowWatcher {
  /** Keeps answers of a shadow. @param records with the ids of what was sent */
  keep(records: readonly AnswerRecord[]): Promise<void>;
  /** Judges what the shadows answered to a request. */
  feedback(id: string, truth: string): Promise<void>;
}

/** True labels that are remembered for shadows which answer after the label came. */
const mostEarly = 1000;

/** The id of a shadow's answer: that of what was sent, and the shadow's version. */
const shadowId = (id: string, version: string): string => `${id}@${version}`;

/**
 * @param store knows the shadows of earlier starts and of other servers
 * @example const shadows = await watchShadows(store, recorder); await shadows.feedback("mail-1", "spam");
 */
export async function watchShadows(store: WatchStore, recorder: Recorder): Promise<ShadowWatcher> {
  const described = await store.models();
  const versions = new Set(described.filter(({ shadow }) => shadow).map(({ version }) => version));
  const known = new Set(described.map(({ model, version }) => `${model} ${version}`));
  const early = new Map<string, string>();
  return {
    async keep(records) {
      for (const { model, version } of records) {
        versions.add(version);
        if (known.has(`${model} ${version}`)) continue; // one that served before keeps what it is compared with
        known.add(`${model} ${version}`);
        await store.describe({ model, version, gates: [], shadow: true });
      }
      for (const record of records) recorder.keep({ ...record, id: shadowId(record.id, record.version) });
      for (const { id, version } of records) {
        const truth = early.get(id);
        if (truth !== undefined) await recorder.feedback(shadowId(id, version), truth);
      }
    },
    async feedback(id, truth) {
      early.set(id, truth);
      for (const oldest of early.keys()) {
        if (early.size <= mostEarly) break;
        early.delete(oldest);
      }
      for (const version of versions) await recorder.feedback(shadowId(id, version), truth);
    },
  };
}
