// The counterfactual test of a run's model: does an answer to a test text change when the text is about somebody else?
import { type CounterfactualFindings, counterfactualFlips, type TextAnswer } from "../../../audit/index.ts";
import { random, shuffle } from "../../../base/index.ts";
import { type Language, say } from "../../../messages/index.ts";
import type { Measured } from "../../../passport/index.ts";
import { softmax } from "../../../predict/index.ts";
import { groupsOfRows } from "../../read-decisions.ts";
import type { AuditContext } from "./part.ts";

/** @param most texts that are asked, drawn by the seed */
export function counterfactualTest(
  { recipe, rows, predictor, temperature }: AuditContext,
  { most, examples }: { readonly most: number; readonly examples: number },
): Promise<CounterfactualFindings> {
  const drawn = shuffle([...rows.test.keys()], random(recipe.seed).split("counterfactual")).slice(0, most);
  const asked = drawn.sort((a, b) => a - b).map((i) => rows.test[i]!);
  const texts = asked.map((row) => row.text);
  const told = groupsOfRows(predictor, asked); // the recorded group stays: only the words change
  const labels = predictor.model.labels?.names ?? [];
  const answerOf = (logits: Float32Array): TextAnswer => {
    if (recipe.task === "regression") return { said: String(logits[0]), scores: logits };
    if (recipe.task === "multi-label")
      return {
        said: labels.filter((_, k) => logits[k]! > 0).join(";"),
        scores: Array.from(logits, (x) => 1 / (1 + Math.exp(-x))),
      };
    const scores = softmax(logits, temperature);
    return { said: labels[scores.indexOf(Math.max(...scores))]!, scores };
  };
  const ask = async (given: readonly string[], from: readonly number[]) =>
    (await predictor.logits(given, told && from.map((i) => told[i]))).map(answerOf);
  return counterfactualFlips(texts, ask, {
    flips: recipe.task !== "regression",
    examples,
    resamples: recipe.evaluate.resamples,
    seed: recipe.seed,
  });
}

/** `fairness.counterfactual.<axis>.flipRate` and `.change`. */
export function counterfactualValues({ axes }: CounterfactualFindings): Record<string, Measured> {
  const values: Record<string, Measured> = {};
  for (const [axis, { flipRate, change }] of Object.entries(axes)) {
    if (flipRate) values[`fairness.counterfactual.${axis}.flipRate`] = flipRate;
    values[`fairness.counterfactual.${axis}.change`] = change;
  }
  return values;
}

/** A line for each axis. */
export const counterfactualText = ({ texts, withoutTerm, axes }: CounterfactualFindings, language: Language): string =>
  [
    say(language, "fairness.counterfactual.head", { texts, without: withoutTerm }),
    ...Object.entries(axes).map(([axis, { texts: asked, flipRate, change }]) =>
      say(language, "fairness.counterfactual.axis", {
        axis,
        texts: asked,
        rate: flipRate
          ? `${(100 * flipRate.value).toFixed(1)} % [${(100 * flipRate.low).toFixed(1)}, ${(100 * flipRate.high).toFixed(1)}]`
          : "–",
        change: `${change.value.toFixed(3)} [${change.low.toFixed(3)}, ${change.high.toFixed(3)}]`,
      }),
    ),
  ].join("\n");
