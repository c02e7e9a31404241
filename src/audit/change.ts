// What a mitigation changed: this run's answers beside those of another run to the same test rows, or beside those of the same model
// without its decisions.

import { predictions as answers, from, type PlacedPrediction as Prediction } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { type CounterfactualFindings, compareFlips, type FlipChange } from "../counterfactual/index.ts";
import { type AnswerChange, compareAnswers } from "../fairness/index.ts";
import { type Language, say } from "../messages/index.ts";
import type { Measured } from "../passport/index.ts";
import { openModel } from "../stages/index.ts";
import { type RowTask, taskOf } from "../tasks/index.ts";
import { counterfactualTest } from "./counterfactual.ts";
import type { AuditContext, TextAuditContext } from "./define-audit.ts";

type Columns = Readonly<Record<string, readonly string[]>>;

/**
 * @param baseline folder of the other run, from the recipe's folder
 * @throws E_IO when it holds no answers, E_DATA when they are to other rows, E_CONFIG where the task has no classes
 */
export async function changeSince(
  baseline: string,
  context: AuditContext,
  predictions: readonly Prediction[],
  attributes: Columns,
): Promise<AnswerChange> {
  const { recipe, home } = context;
  const fault = (code: "E_CONFIG" | "E_DATA", problem: string) =>
    new ConcordError(code, { operation: "audit fairness", problem, path: "audit.fairness.baseline" });
  if (!taskOf(recipe.task).exclusive)
    throw fault("E_CONFIG", "only predictions with one label are compared before and after");
  const before = await answers.read(from(home, baseline));
  const same =
    before.length === predictions.length &&
    before.every((p, i) => p.place === predictions[i]!.place && p.truth === predictions[i]!.truth);
  if (!same) throw fault("E_DATA", "the other run predicted other rows: use the same data, split and seed");
  return compared(
    context,
    predictions,
    before.map((p) => String(p.predicted)),
    attributes,
  );
}

/** Undefined where the model has no decisions: then nothing tells before from after within one run. */
export const changeByDecisions = (
  context: AuditContext,
  predictions: readonly Prediction[],
  attributes: Columns,
): AnswerChange | undefined =>
  predictions.length && predictions.every((p) => p.undecided !== undefined)
    ? compared(
        context,
        predictions,
        predictions.map((p) => p.undecided!),
        attributes,
      )
    : undefined;

function compared(
  { recipe, rows }: AuditContext,
  predictions: readonly Prediction[],
  before: readonly string[],
  attributes: Columns,
): AnswerChange {
  const { decisions, attribute, criterion, positive } = recipe.adapt.mitigation;
  return compareAnswers(
    predictions.map((p) => String(p.truth)),
    before,
    predictions.map((p) => String(p.predicted)),
    attributes,
    {
      criterion:
        decisions === "model"
          ? undefined
          : { attribute: attribute!, criterion, labels: positive === undefined ? undefined : [positive] },
      resamples: recipe.evaluate.resamples,
      seed: recipe.seed,
      smallestCell: recipe.evaluate.smallestCell,
      clusters: rows.test.some((r) => r.group !== undefined)
        ? rows.test.map((r, i) => (r.group === undefined ? `row ${i}` : `group ${r.group}`))
        : undefined,
    },
  );
}

/**
 * Asks the other run's model the same texts about somebody else.
 * @param after what this run's model answered
 * @throws E_IO, E_MODEL when the other run's model does not open
 */
export async function flipsSince(
  task: RowTask,
  baseline: string,
  context: TextAuditContext,
  after: CounterfactualFindings,
  asked: { readonly most: number; readonly axes: readonly string[] },
): Promise<FlipChange[]> {
  const { predictor, temperature = 1 } = await openModel(from(context.home, baseline));
  try {
    const before = await counterfactualTest(task, { ...context, predictor, temperature }, { ...asked, examples: 0 });
    const { recipe } = context;
    return compareFlips(before.moved, after.moved, { resamples: recipe.evaluate.resamples, seed: recipe.seed });
  } finally {
    await predictor.dispose();
  }
}

/** `fairness.change.counterfactual.<axis>.flipRate` and `.score`. */
export const flipChangeValues = (flips: readonly FlipChange[]): Record<string, Measured> =>
  Object.fromEntries(
    flips.flatMap(({ axis, flipRate, score }) => [
      [`fairness.change.counterfactual.${axis}.flipRate`, flipRate.change],
      [`fairness.change.counterfactual.${axis}.score`, score.change],
    ]),
  );

/** `fairness.change.<attribute>.gap`, `fairness.change.macroF1`, and of decisions `fairness.change.<attribute>.<criterion>`. */
export const changeValues = ({ gaps, macroF1, criterion }: AnswerChange): Record<string, Measured> => ({
  ...(criterion && {
    [nameOf(criterion)]: criterion.change,
    [`${nameOf(criterion)}.after`]: { ...criterion.after, extreme: true as const },
  }),
  ...Object.fromEntries(gaps.map((g) => [`fairness.change.${g.attribute.replaceAll(".", "_")}.gap`, g.change])),
  "fairness.change.macroF1": macroF1.change,
});

const nameOf = ({ attribute, criterion }: { attribute: string; criterion: string }): string =>
  `fairness.change.${attribute.replaceAll(".", "_")}.${criterion.replace(/-(.)/g, (_, c: string) => c.toUpperCase())}`;

export function changeText(
  { gaps, macroF1, criterion }: AnswerChange,
  flips: readonly FlipChange[],
  language: Language,
): string {
  const shown = ({ before, after, change }: AnswerChange["macroF1"]) => ({
    before: before.value.toFixed(3),
    after: after.value.toFixed(3),
    change: change.value.toFixed(3),
    low: change.low.toFixed(3),
    high: change.high.toFixed(3),
  });
  return [
    ...gaps.map((gap) =>
      say(language, "fairness.change.gap", { attribute: gap.attribute, group: gap.group, ...shown(gap) }),
    ),
    ...(criterion
      ? [
          say(language, "fairness.change.criterion", {
            attribute: criterion.attribute,
            criterion: say(language, `fairness.criterion.${criterion.criterion}`),
            ...shown(criterion),
          }),
        ]
      : []),
    ...flips.flatMap(({ axis, flipRate, score }) => [
      say(language, "fairness.change.flips", { axis, ...shown(flipRate) }),
      say(language, "fairness.change.score", { axis, ...shown(score) }),
    ]),
    say(language, "fairness.change.cost", shown(macroF1)),
  ].join("\n");
}
