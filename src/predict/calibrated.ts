// A predictor whose answers are calibrated unless they are asked for otherwise.
import type { Predictor } from "./predictor.ts";

/**
 * The predictor with a temperature of its own: `answers` divide by it where none is named. `logits` stay as they are.
 * @example const p = calibrated(predictor, 1.4); await p.answers(["a sore throat"]);
 */
export const calibrated = <I, P extends Predictor<I>>(predictor: P & Predictor<I>, temperature: number): P => ({
  ...predictor,
  answers: (inputs: readonly I[], options: Parameters<Predictor<I>["answers"]>[1] = {}) =>
    predictor.answers(inputs, { ...options, temperature: options.temperature ?? temperature }),
});
