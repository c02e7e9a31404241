// Measures of answers that stand in texts, by group: F1 and exact match as SQuAD has them.
import { answerScore } from "../eval/index.ts";
import { meanPanel } from "./class-panel.ts";
import { countingSampler } from "./group-draws.ts";
import { drawnMeasures, type Measures, shareMeasures } from "./measures.ts";

/** @param truth true answers of each question [N][…]; none where there is no answer @param predicted [N] */
export function answerMeasures(
  truth: readonly (readonly string[])[],
  predicted: readonly string[],
  bins: number,
): Measures[] {
  const scores = predicted.map((answer, row) => answerScore(answer, truth[row]!));
  const kindOf = Int32Array.from(scores, ({ exact }) => exact);
  const exactMatch = { name: "exactMatch", cases: () => 1, hits: (kind: number) => kind };
  return [
    drawnMeasures(
      countingSampler(
        meanPanel(
          "answerF1",
          scores.map(({ f1 }) => f1),
          bins,
        ),
      ),
    ),
    shareMeasures(kindOf, 2, [exactMatch]),
  ];
}
