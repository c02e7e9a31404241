// The head for classes in an order: the architecture's own head for one number, and thresholds between the classes (see nn/ordinal.ts).
// Adds it to any architecture that has such a head. Knows no architecture.
import { ConcordError } from "../base/index.ts";
import { type Config, labels } from "../formats/index.ts";
import { orderedLogits, orderedStart, weight } from "../nn/index.ts";
import { headFactsOf } from "./head-facts.ts";
import { type Family, orderedProblem } from "./heads.ts";
import type { ModelParts, ParameterSpec } from "./model.ts";

/** Module of the thresholds: `first` [1] and `gaps` [K − 2]. */
export const orderedModule = "ordinal";

/**
 * The parts of a config, through `read`; where its `problem_type` is {@link orderedProblem}, those of the head for one number with
 * thresholds behind it.
 * @throws E_CONFIG, E_MODEL as `read`
 */
export function readOrdered(
  config: Config,
  family: Family,
  read: (config: Config, family: Family) => ModelParts,
): ModelParts {
  if (config.entries.problem_type !== orderedProblem) return read(config, family);
  const { id2label: _i, label2id: _l, problem_type: _p, ...entries } = config.entries;
  const parts = read({ ...config, entries: { ...entries, problem_type: "regression", num_labels: 1 } }, family);
  if (headFactsOf(parts.task).of !== "inputs") return read(config, family); // the head of another task
  const classes = labels(config);
  const count = classes?.names.length ?? 0;
  if (count < 2)
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: "a head for ordered classes needs their names, from the lowest to the highest",
      expected: "id2label with two classes or more",
      got: `${count} classes`,
      path: config.path,
    });
  return {
    ...parts,
    task: "ordinal",
    labels: classes,
    parameters: [...parts.parameters, ...thresholds(count)],
    forward(params, inputs, layout, options) {
      const outputs = parts.forward(params, inputs, layout, options);
      const gaps = count > 2 ? weight(params, `${orderedModule}.gaps`) : undefined;
      return { ...outputs, logits: orderedLogits(outputs.logits!, weight(params, `${orderedModule}.first`), gaps) };
    },
  };
}

/** At first all classes are as likely where the score is 0. */
function thresholds(classes: number): ParameterSpec[] {
  const { first, gaps } = orderedStart(new Array<number>(classes).fill(1 / classes));
  const spec = (name: string, values: readonly number[]): ParameterSpec => ({
    name: `${orderedModule}.${name}`,
    shape: [values.length],
    initial: { kind: "values", values },
    linear: false,
    head: true,
  });
  return [spec("first", [first]), ...(gaps.length ? [spec("gaps", gaps)] : [])];
}
