// Whether the probabilities that answers state come true: what metrics.json has of it. Knows no task.
import { type Calibration, reliabilityOfRows, type StatedProbabilities, unitNames } from "../../eval/index.ts";
import { calibrationErrorOfRows, type Estimate } from "../../fairness/index.ts";
import { type Language, say } from "../../messages/index.ts";
import type { Rows, StatedOf } from "../scoring.ts";
import { intervalText } from "./class-table.ts";

/** How honest stated probabilities are. */
export interface CalibrationRecord {
  /** Debiased, with an interval. */
  readonly calibrationError: Estimate;
  readonly calibration: Calibration & { readonly of: StatedOf };
  /** Before the temperature. */
  readonly uncalibrated?: Calibration;
}

/**
 * The calibration error and the reliability table of all probabilities that answers state.
 * @param of what has a probability @param uncalibrated the same probabilities before the temperature, for tasks that have one
 * @returns undefined where nothing is stated: no entity found
 */
export function calibrationRecord(
  rows: Rows,
  of: StatedOf,
  stated: StatedProbabilities,
  uncalibrated?: StatedProbabilities,
): CalibrationRecord | undefined {
  const calibrationError = calibrationErrorOfRows(rows.length, stated, unitNames(rows));
  if (Number.isNaN(calibrationError.value)) return undefined;
  return {
    calibrationError,
    calibration: { of, ...reliabilityOfRows(rows.length, stated) },
    ...(uncalibrated && { uncalibrated: reliabilityOfRows(rows.length, uncalibrated) }),
  };
}

/** For the terminal, behind scores; empty where nothing is stated. */
export function calibrationText(record: CalibrationRecord | undefined, language: Language): string {
  if (!record || record.calibration.of === "answers") return "";
  const count = record.calibration.bins.reduce((sum, bin) => sum + bin.count, 0);
  const error = intervalText(record.calibrationError);
  return say(language, `evaluate.calibration.${record.calibration.of}`, { error, count });
}
