// Targets of several heads side by side: a value for each output, and which heads an example has a label for. Shapes: B examples, C outputs
// of all heads, H heads.
import { ConcordError, type HostArray, hostArray } from "../../base/index.ts";
import { add, type InputSpec, logSoftmax, mul, neg, reshape, slice, sum, type Value } from "../../graph/index.ts";
import { headFactsOf, headRanges, type Model } from "../../models/index.ts";
import { multiLabelLoss, squaredLoss } from "../../nn/index.ts";
import type { Example } from "../example.ts";

/** Inputs of targets of several heads. */
export const severalSpecs = ({ heads = [], labels }: Model): Record<string, InputSpec> => ({
  labels: ["float32", ["B", labels!.names.length]],
  "labels.heads": ["float32", ["B", heads.length]],
});

/**
 * An example's label has a value for each output: 0 or 1 for classes, one 1 of single labels; the number. NaN for all outputs of a head
 * means that the example has no label of it.
 * @throws E_DATA for another label
 */
export function severalTargets({ heads = [], labels }: Model, examples: readonly Example[]): Record<string, HostArray> {
  const width = labels!.names.length;
  const targets = new Float32Array(examples.length * width);
  const known = new Float32Array(examples.length * heads.length);
  for (const [b, { label }] of examples.entries()) {
    if (!(label instanceof Float32Array) || label.length !== width)
      throw refusal(b, `a Float32Array of ${width} values`, String(label));
    for (const [h, { head, start, end }] of headRanges(heads).entries()) {
      const values = label.subarray(start, end);
      if (values.every(Number.isNaN)) continue;
      const ones = values.filter((x) => x === 1).length;
      const bits = values.every((x) => x === 0 || x === 1);
      const { loss } = headFactsOf(head.task);
      const fits = loss === "squared" ? Number.isFinite(values[0]) : bits;
      if (!fits || (loss === "cross-entropy" && ones !== 1))
        throw refusal(b, `${head.name}: ${expectedOf[loss as keyof typeof expectedOf]}, or NaN`, values.join(", "));
      targets.set(values, b * width + start);
      known[b * heads.length + h] = head.weight;
    }
  }
  return {
    labels: hostArray("float32", [examples.length, width], targets),
    "labels.heads": hostArray("float32", [examples.length, heads.length], known),
  };
}

const expectedOf = {
  "cross-entropy": "0 and a single 1",
  binary: "0 and 1",
  squared: "a finite number",
} as const;

const refusal = (at: number, expected: string, got: string) =>
  new ConcordError("E_DATA", {
    operation: "train",
    problem: `example ${at}: its label is not that of the model's heads`,
    expected,
    got,
  });

/** By the loss of a head. */
const lossOf: Readonly<Record<keyof typeof expectedOf, (logits: Value, targets: Value) => Value>> = {
  "cross-entropy": (logits, targets) => neg(sum(mul(logSoftmax(logits, 1), targets), { axes: [1] })),
  binary: (logits, targets) => multiLabelLoss(logits, targets),
  squared: (logits, targets) => squaredLoss(logits, targets),
};

/** Σ weight·loss over the heads that an example has a label for, [B]: cross-entropy, the mean binary loss, or the squared error. */
export function severalLosses({ heads = [] }: Model, logits: Value, values: Readonly<Record<string, Value>>): Value {
  const losses = headRanges(heads).map(({ head, start, end }, h) => {
    const [own, targets] = [logits, values.labels!].map((all) => slice(all, 1, start, end)) as [Value, Value];
    const loss = lossOf[headFactsOf(head.task).loss as keyof typeof lossOf](own, targets);
    const known = reshape(slice(values["labels.heads"]!, 1, h, h + 1), ["B"]);
    return mul(loss, known);
  });
  return losses.reduce((all, one) => add(all, one));
}
