// Choosing among answers to a prompt: cross-entropy over the scores of a prompt's own choices, however many it has (Radford 2018,
// section 3.3). Knows no text. Shapes: B all that are run, R prompts, K most choices of one.
import { ConcordError, hostArray } from "../../base/index.ts";
import { add, matmul, moveRows, reshape, scope } from "../../graph/index.ts";
import { refuseInput } from "../../modalities/index.ts";
import { headFactsOf } from "../../models/index.ts";
import { classLoss, lowest } from "../../nn/index.ts";
import { type Example, withInput } from "../example.ts";
import type { Objective } from "./objective.ts";
import { exampleWeight, floats } from "./rivals.ts";

/** How many choices an example has: itself and its counterparts. */
const countOf = ({ counterparts = [] }: Example): number => 1 + counterparts.length;

/**
 * −ln softmax(scores)[label] of each prompt. An example is the prompt with its first choice, `counterparts` are the prompt with each of
 * the others, and `label` is the number of the right one, from 0.
 * @throws E_CONFIG for a model without a head for choices; E_DATA for a label that is no choice
 * @example const job = { config, weights, examples, objective: { name: "choices", settings: undefined } };
 */
export const choices = (): Objective => ({
  name: "choices",
  reads: "counterpart",
  inputs({ task }) {
    if (headFactsOf(task).of !== "choices")
      throw new ConcordError("E_CONFIG", {
        operation: "training options",
        problem: "choices need a model that scores one choice at a time",
        expected: "multiple-choice",
        got: task,
        path: "objective",
      });
    return {
      weights: ["float32", ["B"]],
      "choices.label": ["int32", ["R"]],
      "choices.slots": ["int32", ["R", "K"]],
      "choices.places": ["int32", ["B"]],
      "choices.mask": ["float32", ["R", "K"]],
      "choices.first": ["float32", ["B", "R"]],
    };
  },
  divisor: exampleWeight,
  feeds(batch, { divisor = exampleWeight(batch) }) {
    const others = batch.flatMap(({ counterparts = [], ...example }) =>
      counterparts.map((one): Example => ({ ...withInput(example, one), weight: 0 })),
    );
    const examples = [...batch, ...others];
    const [rows, all, most] = [batch.length, examples.length, Math.max(...batch.map(countOf))];
    const slots = new Int32Array(rows * most).fill(all);
    const places = new Int32Array(all);
    const mask = new Float32Array(rows * most).fill(lowest);
    let next = rows;
    for (const [row, example] of batch.entries())
      for (let k = 0; k < countOf(example); k++) {
        const at = k === 0 ? row : next++;
        [slots[row * most + k], places[at], mask[row * most + k]] = [at, row * most + k, 0];
      }
    const first = Float32Array.from({ length: all * rows }, (_, i) => Number(i % rows === Math.floor(i / rows)));
    return {
      examples,
      feeds: {
        weights: floats(examples, (e) => (e.weight ?? 1) / divisor),
        "choices.label": hostArray("int32", [rows], Int32Array.from(batch, labelOf)),
        "choices.slots": hostArray("int32", [rows, most], slots),
        "choices.places": hostArray("int32", [all], places),
        "choices.mask": hostArray("float32", [rows, most], mask),
        "choices.first": hostArray("float32", [all, rows], first),
      },
    };
  },
  losses: ({ logits }, values) =>
    scope("choices", () => {
      const own = moveRows(logits!, values["choices.slots"]!, values["choices.places"]!, { inverseComplete: true });
      const scores = add(reshape(own, ["R", "K"]), values["choices.mask"]!);
      const losses = classLoss(scores, values["choices.label"]!); // [R]
      return reshape(matmul(values["choices.first"]!, reshape(losses, ["R", 1])), ["B"]);
    }),
  alongside: ({ counterparts = [] }) => counterparts,
});

/** @throws E_DATA */
function labelOf(example: Example, at: number): number {
  const { label } = example;
  if (typeof label === "number" && Number.isInteger(label) && label >= 0 && label < countOf(example)) return label;
  return refuseInput(at, "its label is not one of its choices", `0 … ${countOf(example) - 1}`, label);
}
