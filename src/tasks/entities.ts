// Entities in a text: each word has a tag, and the tags of neighbours make entities.
import { logitOfLabel } from "../attacks/index.ts";
import {
  type EntitySpan,
  inUnits,
  rowsOfTexts,
  spansOfTags,
  type TextRow,
  tagSet,
  tagsOfSpans,
  typesOfTags,
} from "../data/index.ts";
import { entityF1 } from "../eval/index.ts";
import { entitiesOf } from "../predict/index.ts";
import { entitiesInWords, entityMetrics, entityScores } from "./scores/entities.ts";
import type { ComparedRows, WordTask } from "./task.ts";

/** Entities of predictions.jsonl, placed in UTF-16 as rows are. */
const savedSpans = (
  rows: readonly TextRow[],
  { predictions, offsets }: Pick<ComparedRows, "predictions" | "offsets">,
): EntitySpan[][] =>
  predictions.map(({ predicted }, i) =>
    offsets === "utf-16" ? (predicted as EntitySpan[]) : inUnits(rows[i]!.text, predicted as EntitySpan[]),
  );

/** A sentence that is learned to the last digit: its log-odds end here. */
const leastLoss = 1e-12;

export const entities: WordTask<"entities"> = {
  name: "entities",
  head: "token",
  reads: "entities",
  words: true,
  numeric: false,
  exclusive: false,
  separated: false,
  calibrated: true,
  shown: {
    classes: ["report.entities", "report.type", "entities"],
    worst: "report.worst.entities",
    number: "report.probability",
  },
  wrongMeans: "error",
  devScore: { name: "f1", tracked: "dev_score", better: "higher" },
  headLabels: tagSet,
  classesOf: typesOfTags,
  positives: () => [],
  /** By words, as the run's scores are. */
  judged({ predictions, labels, test, scheme, offsets }) {
    const rows = rowsOfTexts(test);
    const spans = savedSpans(rows, { predictions, offsets });
    return {
      kind: "entities",
      names: typesOfTags(labels),
      truth: entitiesInWords(scheme, rows, (i) => rows[i]!.spans!),
      predicted: entitiesInWords(scheme, rows, (i) => spans[i]!),
    };
  },
  compared(given) {
    const rows = rowsOfTexts(given.test);
    return { answers: savedSpans(rows, given), scores: entityScores(given.labels, rows, given.scheme) };
  },
  wrong(predictions) {
    const keys = (value: unknown) => JSON.stringify((value as EntitySpan[]).map((e) => [e.start, e.end, e.type]));
    return predictions.map((p) => Number(keys(p.truth) !== keys(p.predicted)));
  },
  tags: (row, words, scheme) => tagsOfSpans(words, row.spans!, scheme),
  scored: (rows, labels, words) =>
    entityF1(
      rows.map((r) => r.spans!),
      rows.map((r, i) => entitiesOf(r.text, labels, words[i]!, {})),
    ),
  /** Log-odds of p = e^(−loss), where the loss is the mean cross-entropy of the words' own tags: the order is that of the sentence's loss. */
  sureness(words, row, labels, scheme) {
    const ranges = words.map(({ range }) => range);
    const tags = tagsOfSpans(ranges, row.spans!, scheme);
    const losses = words.map(({ logits }, w) => Math.log1p(Math.exp(-logitOfLabel(logits, labels.indexOf(tags[w]!)))));
    const loss = Math.max(leastLoss, losses.reduce((sum, x) => sum + x, 0) / Math.max(1, losses.length));
    return -loss - Math.log(-Math.expm1(-loss));
  },
  answer: spansOfTags,
  metrics: entityMetrics,
};
