// Entities in tag sequences and their scores, by seqeval's definitions: its default mode (conlleval) and the strict mode of
// each scheme. Knows no text and no model.
import { ConcordError } from "../base/index.ts";
import { isScheme, type TagReading, taggedEntities } from "../data/index.ts";
import { compareLabels } from "./labels.ts";
import type { ClassificationReport, ReportRow } from "./report.ts";
import type { Scores } from "./scores.ts";
import { mean, pairwiseSum } from "./sums.ts";

export interface TaggingOptions extends TagReading {
  /** What 0/0 counts as. Default 0. */
  readonly zeroDivision?: 0 | 1;
}

type Sequences = readonly (readonly string[])[];

interface EntityCounts {
  readonly types: readonly string[];
  readonly hits: readonly number[];
  readonly predicted: readonly number[];
  readonly actual: readonly number[];
}

function countEntities(truth: Sequences, predicted: Sequences, options: TaggingOptions): EntityCounts {
  checkSequences(truth, predicted);
  if (options.scheme !== undefined && !isScheme(options.scheme))
    throw new ConcordError("E_ARGUMENT", {
      operation: "entity scores",
      problem: "unknown tagging scheme",
      expected: "IOB1, IOB2, IOE1, IOE2, IOBES or BILOU",
      got: String(options.scheme),
    });
  const keys = (sequences: Sequences) => {
    const byType = new Map<string, Set<string>>();
    for (const [s, tags] of sequences.entries())
      for (const { type, first, last } of taggedEntities(tags, options)) {
        const found = byType.get(type) ?? new Set();
        byType.set(type, found.add(`${s}:${first}:${last}`));
      }
    return byType;
  };
  const [trueKeys, guessed] = [keys(truth), keys(predicted)];
  const types = [...new Set([...trueKeys.keys(), ...guessed.keys()])].sort(compareLabels);
  const none: ReadonlySet<string> = new Set();
  return {
    types,
    hits: types.map((type) => [...(trueKeys.get(type) ?? none)].filter((key) => guessed.get(type)?.has(key)).length),
    predicted: types.map((type) => guessed.get(type)?.size ?? 0),
    actual: types.map((type) => trueKeys.get(type)?.size ?? 0),
  };
}

/** Precision, recall and F1 = 2PR/(P + R) (0 where both are 0), as seqeval. */
function entityScores(hits: number, predicted: number, actual: number, zeroDivision: 0 | 1): Scores {
  const precision = predicted === 0 ? zeroDivision : hits / predicted;
  const recall = actual === 0 ? zeroDivision : hits / actual;
  return { precision, recall, fScore: (2 * precision * recall) / (precision + recall || 1) };
}

/**
 * Entity-level report as seqeval's classification_report; print it with renderReport.
 * @param truth tags of each sentence
 * @param predicted tags of the same lengths
 * @throws E_SHAPE when lengths differ, E_DATA without any entity or for a tag outside the scheme, E_ARGUMENT for an unknown scheme
 * @example renderReport(taggingReport([["B-PER", "O"]], [["B-PER", "O"]]))
 */
export function taggingReport(
  truth: Sequences,
  predicted: Sequences,
  options: TaggingOptions = {},
): ClassificationReport {
  const { types, ...counts } = countEntities(truth, predicted, options);
  if (types.length === 0)
    throw new ConcordError("E_DATA", {
      operation: "taggingReport",
      problem: "there is no entity in the labels or the predictions",
    });
  const { zeroDivision = 0 } = options;
  const classes = types.map(
    (name, i): ReportRow => ({
      name,
      ...entityScores(counts.hits[i]!, counts.predicted[i]!, counts.actual[i]!, zeroDivision),
      support: counts.actual[i]!,
    }),
  );
  const [hits, guessed, actual] = [counts.hits, counts.predicted, counts.actual].map((each) => pairwiseSum(each)) as [
    number,
    number,
    number,
  ];
  const average = (weights?: readonly number[]): Scores => {
    const of = (name: keyof Scores) =>
      mean(
        classes.map((row) => row[name]),
        weights,
      );
    return { precision: of("precision"), recall: of("recall"), fScore: of("fScore") };
  };
  // Without any true entity there is something predicted: nothing is right.
  const weightedScores = actual === 0 ? { precision: 0, recall: zeroDivision, fScore: 0 } : average(counts.actual);
  const averages = [
    { name: "micro avg", ...entityScores(hits, guessed, actual, zeroDivision), support: actual },
    { name: "macro avg", ...average(), support: actual },
    { name: "weighted avg", ...weightedScores, support: actual },
  ];
  return { classes, averages, floats: false };
}

/** Share of tags that are equal. @throws E_SHAPE when lengths differ, E_DATA without any tag */
export function tagAccuracy(truth: Sequences, predicted: Sequences): number {
  checkSequences(truth, predicted);
  const all = truth.reduce((sum, tags) => sum + tags.length, 0);
  if (all === 0) throw new ConcordError("E_DATA", { operation: "tagAccuracy", problem: "there are no tags" });
  return truth.reduce((sum, tags, s) => sum + tags.filter((tag, i) => tag === predicted[s]![i]).length, 0) / all;
}

function checkSequences(truth: Sequences, predicted: Sequences): void {
  const s = truth.findIndex((tags, i) => tags.length !== predicted[i]?.length);
  if (s >= 0 || truth.length !== predicted.length)
    throw new ConcordError("E_SHAPE", {
      operation: "entity scores",
      problem:
        s >= 0 ? `sentence ${s} has another number of predicted tags` : "there are not as many predicted sentences",
      expected: String(s >= 0 ? truth[s]!.length : truth.length),
      got: String(s >= 0 ? (predicted[s]?.length ?? "none") : predicted.length),
    });
}
