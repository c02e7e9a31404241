// The audit of a compressed model: both models answer the same validation and test rows, and everything that is measured of them is
// measured before and after.
import type { CalibratedSets } from "../../audit/index.ts";
import type { Measured } from "../../passport/index.ts";
import { measure, scoringOf } from "../../stages/index.ts";
import { taskOf } from "../../tasks/index.ts";
import type { StepContext } from "../step.ts";
import { type ChangedAnswers, changedAnswers } from "./changed-answers.ts";
import { faithfulnessChanges } from "./faithfulness.ts";
import { latencyChange } from "./latency.ts";
import { membershipChange } from "./membership.ts";
import { type BothMetrics, scoreChanges } from "./scores.ts";
import { setsChange, type Temperatures } from "./sets.ts";
import { type Change, type Side, valuesOf } from "./sides.ts";
import { type Unmeasured, unmeasuredIn } from "./unmeasured.ts";

/** What compressing changed. */
export interface Reaudit {
  readonly changes: Readonly<Record<string, Change>>;
  readonly answers?: ChangedAnswers;
  readonly temperatures: Temperatures;
  /** Of the compressed model; absent where its task or its recipe has none. */
  readonly sets?: CalibratedSets;
  readonly unmeasured: readonly Unmeasured[];
}

/** Test rows that are timed. */
const timedRows = 15;

/** Measures both models, whose logits are their own: a temperature is fitted to each. @param settings `resamples` of each interval, `explained` test texts */
export async function reaudit(
  context: StepContext,
  before: Side,
  after: Side,
  { resamples, explained }: { readonly resamples: number; readonly explained: number },
): Promise<Reaudit> {
  const { recipe, rows, language } = context;
  const { dev, test } = rows;
  const told = (done: number) => context.emit({ kind: "progress", stage: "compress", done, total: 6, values: {} });
  told(0);
  const both: BothMetrics = {
    before: await measure(recipe, before, dev, test, language),
    after: await measure(recipe, after, dev, test, language),
  };
  told(1);
  const scoring = { ...scoringOf(recipe, test, language), resamples };
  const scored = scoreChanges(both, test, scoring);
  told(2);
  const draws = { seed: recipe.seed, resamples };
  const membership = await membershipChange(context, before, after, draws);
  const temperatures = { before: temperatureIn(both.before.record), after: temperatureIn(both.after.record) };
  told(3);
  const faithful = await faithfulnessChanges(context, before, after, temperatures, {
    ...draws,
    count: explained,
  });
  told(4);
  const sets = await setsChange(context, before, after, temperatures);
  told(5);
  const answers = changedAnswers(both, test, scoring, taskOf(recipe.task));
  const step = Math.max(1, Math.floor(test.length / timedRows));
  const timed = test.filter((_, i) => i % step === 0).slice(0, timedRows);
  const changes: Record<string, Change> = {
    ...scored,
    ...(membership && { "membership.auc": membership }),
    ...faithful,
    ...sets?.changes,
    "latency.ms": await latencyChange(before.processor, before.predictor, after.predictor, timed),
  };
  told(6);
  return {
    changes,
    ...(answers && { answers }),
    temperatures,
    ...(sets && { sets: sets.sets }),
    unmeasured: unmeasuredIn(changes, context, before, explained),
  };
}

/** Numbers by the names that gates give them. */
export const reauditValues = ({
  changes,
  answers,
}: Pick<Reaudit, "changes" | "answers">): Record<string, Measured> => ({
  ...valuesOf(changes),
  ...flipValues(answers),
});

const temperatureIn = ({ temperature }: Readonly<Record<string, unknown>>): number | undefined =>
  typeof temperature === "number" ? temperature : undefined;

const flipValues = (answers: ChangedAnswers | undefined): Record<string, Measured> =>
  answers === undefined || answers.rows === 0
    ? {}
    : {
        "compression.flips.share": { value: answers.changed / answers.rows },
        "compression.flips.becameWrong": { value: answers.becameWrong },
        "compression.flips.becameRight": { value: answers.becameRight },
        "compression.flips.pValue": { value: answers.pValue },
      };
