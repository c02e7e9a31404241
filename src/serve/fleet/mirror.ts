// Copies of requests for the shadows of a model: at lower priority, compared with what was sent, and dropped where a shadow does not follow.
import type { SeenAnswers } from "../watch/watcher.ts";
import type { Models } from "./models.ts";
import type { Traffic } from "./traffic.ts";

/** Inputs that may wait for a shadow. */
const mostWaiting = 64;

/**
 * Makes what is told of each answer that was sent.
 * @example const seen = mirror(() => models, trafficCounts()); seen({ source, items, answered, ms: 4 });
 */
export const mirror =
  (models: () => Models, traffic: Traffic) =>
  ({ source, items, answered }: SeenAnswers): void => {
    traffic.answered(source, items.length);
    models().useShadows(source.name, async (shadow) => {
      if (shadow.waiting + items.length > mostWaiting) return traffic.dropped(shadow.source, items.length);
      try {
        traffic.compared(shadow.source, await shadow.answers(items, { priority: -1 }), answered);
      } catch {
        traffic.dropped(shadow.source, items.length);
      }
    });
  };
