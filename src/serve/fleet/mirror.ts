// Copies of requests for the shadows of a model: at lower priority, compared with what was sent, and dropped where a shadow does not follow.
import type { SeenAnswers, Watcher } from "../watch/watcher.ts";
import type { Models } from "./models.ts";
import type { Traffic } from "./traffic.ts";

/** Inputs that may wait for a shadow. */
const mostWaiting = 64;

/**
 * Makes what is told of each answer that was sent.
 * @param watch keeps what shadows answered, so that true labels judge it. Default it is only compared
 * @example const seen = mirror(() => models, trafficCounts()); seen({ source, items, answered, ms: 4 });
 */
export const mirror =
  (models: () => Models, traffic: Traffic, watch?: Pick<Watcher, "observeShadow">) =>
  (seen: SeenAnswers): void => {
    const { source, items, answered } = seen;
    traffic.answered(source, items.length);
    models().useShadows(source.name, async (shadow) => {
      if (shadow.waiting + items.length > mostWaiting) return traffic.dropped(shadow.source, items.length);
      try {
        const start = performance.now();
        const own = await shadow.answers(items, { priority: -1 });
        traffic.compared(shadow.source, own, answered);
        watch?.observeShadow({ ...seen, source: shadow.source, answered: own, ms: performance.now() - start });
      } catch {
        traffic.dropped(shadow.source, items.length);
      }
    });
  };
