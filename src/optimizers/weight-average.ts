// The mean of the weights along the last steps of a run (Polyak & Juditsky 1992; stochastic weight averaging, Izmailov 2018,
// arXiv:1803.05407): less noise than the last step's, for one addition in ten steps. Knows no model.
import { ConcordError, type HostArray } from "../base/index.ts";

/** Weights are taken at every tenth step: neighbours hardly differ. */
const every = 10;

/** Averages trained weights. */
export interface WeightAverage {
  /** True at a step whose weights count. @param step done so far, 1 for the first */
  wants(step: number): boolean;
  /** @param values the trained parameters, brought up to date */
  add(values: Iterable<readonly [name: string, array: HostArray<"float32">]>): void;
  /** The mean so far by name; empty before the first step that counts. */
  mean(): Map<string, Float32Array>;
  save(): { readonly tensors: Map<string, HostArray<"float32">>; readonly count: number };
  /** @throws E_CONFIG for the checkpoint of a run that did not average */
  restore(tensors: ReadonlyMap<string, HostArray>, count: unknown): void;
}

/** @param share of the last steps, 0 … 1 @param steps of the run */
export function weightAverage(share: number, steps: number): WeightAverage {
  const means = new Map<string, Float32Array>();
  let count = 0;
  return {
    wants: (step) => step > (1 - share) * steps && (step % every === 0 || step === steps),
    add(values) {
      count++;
      for (const [name, { data }] of values) {
        const mean = means.get(name);
        if (!mean) means.set(name, data.slice());
        else for (let i = 0; i < data.length; i++) mean[i]! += (data[i]! - mean[i]!) / count;
      }
    },
    mean: () => new Map(means),
    save: () => ({
      tensors: new Map(
        [...means].map(([name, data]) => [`average.${name}`, { dtype: "float32", shape: [data.length], data }]),
      ),
      count,
    }),
    restore(tensors, saved) {
      const averages = [...tensors].filter(([name]) => name.startsWith("average."));
      if (typeof saved !== "number" || averages.length > 0 !== saved > 0)
        throw new ConcordError("E_CONFIG", {
          operation: "resume",
          problem: "the checkpoint is of another run: it has no average of weights",
          hint: "use another folder, or the settings of the first run",
        });
      means.clear();
      for (const [name, { data }] of averages)
        means.set(name.slice("average.".length), Float32Array.from(data as Float32Array));
      count = saved;
    },
  };
}
