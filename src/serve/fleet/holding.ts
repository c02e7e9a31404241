// Which models are in use: one that is no longer wanted is closed when the last request that uses it has ended.
import type { ServedModel } from "../model/served.ts";

export interface Holding {
  /** Works with a model, which stays open so long. */
  hold<T>(model: ServedModel, work: (model: ServedModel) => Promise<T>): Promise<T>;
  /** Closes a model as soon as nobody uses it. */
  retire(model: ServedModel | undefined): void;
  /** Waits until all that were retired are closed. */
  settled(): Promise<void>;
}

/** @example const { hold } = holding(); await hold(model, (open) => open.answers(items)); */
export function holding(): Holding {
  const uses = new Map<ServedModel, { count: number; ended?: () => void }>();
  const closing = new Set<Promise<void>>();
  return {
    async hold(model, work) {
      const use = uses.get(model) ?? { count: 0 };
      uses.set(model, use);
      use.count++;
      try {
        return await work(model);
      } finally {
        use.count--;
        if (use.count === 0) {
          uses.delete(model);
          use.ended?.();
        }
      }
    },
    retire(model) {
      if (!model) return;
      const use = uses.get(model);
      const unused = use && new Promise<void>((resolve) => Object.assign(use, { ended: resolve }));
      const closed = Promise.resolve(unused)
        .then(() => model.close())
        .finally(() => closing.delete(closed));
      closing.add(closed);
    },
    settled: async () => void (await Promise.all(closing)),
  };
}
