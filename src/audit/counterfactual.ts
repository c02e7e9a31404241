// The counterfactual test of a run's model: does an answer to a test text change when the text is about somebody else?

import { random, shuffle } from "../base/index.ts";
import {
  type CounterfactualFindings,
  counterfactualFlips,
  type RuleReading,
  swapRules,
  type TextAnswer,
  unmeasuredRules,
} from "../counterfactual/index.ts";
import { unitNames } from "../eval/index.ts";
import { type Language, say } from "../messages/index.ts";
import type { Measured } from "../passport/index.ts";
import { groupsOfRows } from "../stages/index.ts";
import type { RowTask } from "../tasks/index.ts";
import type { TextAuditContext } from "./define-audit.ts";

/** @param most texts that are asked, drawn by the seed */
export function counterfactualTest(
  task: RowTask,
  { recipe, rows, predictor, temperature }: TextAuditContext,
  { most, examples, axes }: { readonly most: number; readonly examples: number; readonly axes: readonly string[] },
): Promise<CounterfactualFindings> {
  const drawn = shuffle([...rows.test.keys()], random(recipe.seed).split("counterfactual")).slice(0, most);
  const asked = drawn.sort((a, b) => a - b).map((i) => rows.test[i]!);
  const texts = asked.map((row) => row.text);
  const groups = groupsOfRows(predictor, asked); // the recorded group stays: only the words change
  const labels = predictor.model.labels?.names ?? [];
  const answerOf = (logits: Float32Array): TextAnswer => ({
    answer: task.answerText(logits, labels),
    scores: task.outputs(logits, temperature),
  });
  const ask = async (given: readonly string[], from: readonly number[]) =>
    (await predictor.logits(given, groups && from.map((i) => groups[i]))).map(answerOf);
  return counterfactualFlips(texts, ask, {
    flips: !task.numeric,
    examples,
    axes,
    clusters: unitNames(asked),
  });
}

/** The rules that exchanged words, with how often each did and what was read of it. */
export const rulesOf = ({ rules }: CounterfactualFindings): Record<string, RuleReading & { readonly words: number }> =>
  Object.fromEntries(
    Object.entries(rules).map(([rule, words]) => [rule, { words, ...(swapRules[rule] ?? unmeasuredRules[rule])! }]),
  );

/** `fairness.counterfactual.<axis>.flipRate` and `.change`, and beyond neutral rewording `.flipsBeyond` and `.changeBeyond`. */
export function counterfactualValues({ axes }: CounterfactualFindings): Record<string, Measured> {
  const values: Record<string, Measured> = {};
  for (const [axis, { flipRate, change, placebo }] of Object.entries(axes)) {
    const prefix = `fairness.counterfactual.${axis}`;
    if (flipRate) values[`${prefix}.flipRate`] = flipRate;
    values[`${prefix}.change`] = change;
    if (placebo?.flipsBeyond) values[`${prefix}.flipsBeyond`] = placebo.flipsBeyond;
    if (placebo) values[`${prefix}.changeBeyond`] = placebo.changeBeyond;
  }
  return values;
}

const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
const decimal = (x: number) => x.toFixed(3);
type Found = { readonly value: number; readonly low?: number; readonly high?: number };
const shown = ({ value, low, high }: Found, of: (x: number) => string) =>
  low === undefined || high === undefined ? of(value) : `${of(value)} [${of(low)}, ${of(high)}]`;

/** A line for each axis, and one for what neutral rewording does to the same texts. */
export const counterfactualText = (
  { texts, withoutTerm, leftOut, axes }: CounterfactualFindings,
  language: Language,
): string =>
  [
    say(language, "fairness.counterfactual.head", { texts, without: withoutTerm, left: leftOut }),
    ...Object.entries(axes).flatMap(([axis, { texts: asked, flipRate, change, placebo }]) => [
      say(language, "fairness.counterfactual.axis", {
        axis,
        texts: asked,
        rate: flipRate ? shown(flipRate, percent) : "–",
        change: shown(change, decimal),
      }),
      ...(placebo
        ? [
            say(language, "fairness.counterfactual.placebo", {
              texts: placebo.texts,
              rate: placebo.flipRate ? shown(placebo.flipRate, percent) : "–",
              change: shown(placebo.change, decimal),
              flips: placebo.flipsBeyond ? shown(placebo.flipsBeyond, percent) : "–",
              beyond: shown(placebo.changeBeyond, decimal),
              verdict: say(language, `fairness.counterfactual.${placebo.verdict}`),
            }),
          ]
        : []),
    ]),
  ].join("\n");
