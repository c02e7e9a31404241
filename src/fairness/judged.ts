// What was answered and what is true, by kind of task, checked; and the panels of measures that each kind has.
import { ConcordError } from "../base/index.ts";
import type { EntitySpan } from "../data/index.ts";
import { checkColumns, checkFinite } from "../eval/index.ts";
import { answerMeasures } from "./answer-panel.ts";
import { classAreas } from "./class-areas.ts";
import { classMeasures, confidenceMeasures, labelMeasures, numberMeasures } from "./class-panel.ts";
import { decisionMeasures } from "./decision-panel.ts";
import { entityMeasures } from "./entity-panel.ts";
import { drawnMeasures, type Measures } from "./measures.ts";

/** Answers of a system beside the truth. */
export type Judged =
  | {
      readonly kind: "decisions";
      /** 0 or 1 [N] */
      readonly truth: ArrayLike<number>;
      readonly predicted: ArrayLike<number>;
      /** [N] Higher means more likely 1. */
      readonly scores?: ArrayLike<number>;
    }
  | {
      readonly kind: "classes";
      readonly names: readonly string[];
      /** Numbers of classes [N] */
      readonly truth: ArrayLike<number>;
      readonly predicted: ArrayLike<number>;
      /** [N][classes], each row with sum 1. */
      readonly probabilities?: readonly ArrayLike<number>[];
    }
  | {
      readonly kind: "labels";
      readonly names: readonly string[];
      /** Rows of 0/1 [N][labels] */
      readonly truth: readonly ArrayLike<number>[];
      readonly predicted: readonly ArrayLike<number>[];
    }
  | {
      readonly kind: "entities";
      /** Types of entities. */
      readonly names: readonly string[];
      /** Entities of each text [N][…] */
      readonly truth: readonly (readonly EntitySpan[])[];
      readonly predicted: readonly (readonly EntitySpan[])[];
    }
  | {
      readonly kind: "answers";
      /** True answers of each question [N][…]; none where its text holds no answer. */
      readonly truth: readonly (readonly string[])[];
      readonly predicted: readonly string[];
    }
  | { readonly kind: "numbers"; readonly truth: ArrayLike<number>; readonly predicted: ArrayLike<number> };

/** Largest |sum − 1| of a row of probabilities that is taken for rounding. */
export const sumTolerance = 1e-3;

/**
 * Throws unless the columns fit each other and hold what they should.
 * @throws E_SHAPE for unequal lengths; E_DATA for no rows, NaN, or probabilities out of range or with another sum than 1
 */
export function checkJudged(judged: Judged): void {
  const { truth, predicted } = judged;
  checkColumns("fairness", { truth, predicted });
  if (judged.kind === "numbers") {
    checkFinite("fairness", "the truth", judged.truth);
    checkFinite("fairness", "the predictions", judged.predicted);
  }
  if (judged.kind === "decisions" && judged.scores) {
    checkColumns("fairness", { truth, scores: judged.scores });
    checkFinite("fairness", "the scores", judged.scores);
  }
  if (judged.kind === "classes" && judged.probabilities) {
    checkColumns("fairness", { truth, probabilities: judged.probabilities });
    for (const [row, values] of judged.probabilities.entries()) checkProbabilities(values, judged.names.length, row);
  }
}

function checkProbabilities(values: ArrayLike<number>, width: number, row: number): void {
  const all = Array.from(values);
  const fault = (problem: string, got: string) =>
    new ConcordError("E_DATA", { operation: "fairness", problem, got: `${got} at row ${row}` });
  if (all.length !== width) throw fault("a row has not one probability for each class", `${all.length} of ${width}`);
  const wrong = all.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw fault("a probability lies outside 0 … 1", String(wrong));
  const sum = all.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) > sumTolerance) throw fault("the probabilities of a row do not sum to 1", sum.toPrecision(6));
}

/** Whether scores can be probabilities: all within 0 … 1. */
export function areProbabilities(scores: ArrayLike<number>): boolean {
  for (let row = 0; row < scores.length; row++) if (!(scores[row]! >= 0 && scores[row]! <= 1)) return false;
  return true;
}

/** The measures of a kind of answers, those with the measure that is judged first. @param bins most distinct scores in draws */
export function measuresOf(judged: Judged, bins: number): Measures[] {
  if (judged.kind === "numbers") return numberMeasures(judged.truth, judged.predicted, bins);
  if (judged.kind === "answers") return answerMeasures(judged.truth, judged.predicted, bins);
  if (judged.kind === "entities") return [entityMeasures(judged.truth, judged.predicted, judged.names)];
  if (judged.kind === "decisions") {
    const { truth, predicted, scores } = judged;
    return decisionMeasures(truth, predicted, { scores, probabilities: scores && areProbabilities(scores), bins });
  }
  if (judged.kind === "labels") {
    const wrong = judged.truth.map((row, i) =>
      Array.from(row).reduce((n, t, k) => n + Number(t !== judged.predicted[i]![k]), 0),
    );
    return labelMeasures(wrong, judged.names.length);
  }
  const { truth, predicted, names, probabilities } = judged;
  const classes = classMeasures(truth, predicted, names);
  if (!probabilities) return classes;
  const confidence = probabilities.map((values, row) => values[predicted[row]!]!);
  const right = Array.from(truth, (t, row) => Number(t === predicted[row]));
  const areas = drawnMeasures(classAreas(truth, probabilities, names));
  return [...classes, ...confidenceMeasures(confidence, right, bins), areas];
}

/** The measure by which a gap is called unless another is asked for. */
export const mainMeasure = {
  decisions: "accuracy",
  classes: "accuracy",
  labels: "exactMatch",
  entities: "f1",
  answers: "answerF1",
  numbers: "mae",
} as const;

/** Which way of a measure is worse for a group: down, up, or either (being selected is neither good nor bad by itself). */
export function worseWay(measure: string): "down" | "up" | "either" {
  const rate = measure.slice(measure.lastIndexOf(".") + 1);
  if (/^(mae|mse|hammingLoss|calibrationError|falsePositiveRate|falseNegativeRate|macroFalsePositiveRate)$/.test(rate))
    return "up";
  return /^(selectionRate|meanError|meanScore|meanConfidence)$/.test(rate) ? "either" : "down";
}
