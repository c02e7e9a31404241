// Versions of a model side by side: their traffic, and by true labels how much better one is than the other.
import { type PerformanceReport, performanceOf, shareDifference, type WatchStore } from "../../watch/index.ts";
import type { VersionsOf } from "../http/routes/models.ts";
import type { Models } from "./models.ts";
import type { Traffic } from "./traffic.ts";

/** Answers of each version that its accuracy is told from: the last. */
const last = 10_000;

/**
 * What `GET /models/{name}` says of versions.
 * @param store of answers and true labels, where the models are watched
 */
export function versionsOf(models: Models, traffic: Traffic, store?: WatchStore): VersionsOf {
  const accuracyOf = async (model: string, version: string): Promise<PerformanceReport["accuracy"]> =>
    store && performanceOf(await store.answers({ model, version, last })).accuracy;
  return async (name) => {
    const states = models.states().filter((one) => one.name === name);
    const accuracies = await Promise.all(
      states.map(({ version }) => (version === undefined ? undefined : accuracyOf(name, version))),
    );
    const first = states.reduce((best, { share }, i) => (share > states[best]!.share ? i : best), 0);
    return states.map(({ version = "", state, reason, shadow, share }, i) => {
      const [own, main] = [accuracies[i], accuracies[first]];
      return {
        ...{ version, state, shadow, share, ...traffic.of({ name, version }) },
        ...(reason !== undefined && { reason }),
        ...(own && { accuracy: own }),
        ...(own && main && i !== first && { difference: shareDifference(own, main) }),
      };
    });
  };
}
