// What metrics do with input that makes no sense, and with the edges of their definitions.
import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import * as own from "./index.ts";

describe("columns that do not fit are named", () => {
  test("unequal lengths, no rows, mixed types", () => {
    expect(fault("E_SHAPE", () => own.accuracy([1, 2], [1])).facts).toMatchObject({
      expected: "2 of each",
      got: "truth 2, predicted 1",
    });
    fault("E_SHAPE", () => own.classificationReport([1, 2], [1, 2], { sampleWeight: [1] }));
    for (const metric of [
      own.accuracy,
      own.hammingLoss,
      own.matthewsCorrelation,
      own.cohenKappa,
      own.balancedAccuracy,
      own.confusionMatrix,
    ])
      fault("E_DATA", () => metric([], []));
    fault("E_DATA", () => own.classificationReport([1, "1"], [1, 1]));
    fault("E_DATA", () => own.classificationReport([[1, 0]], [1]));
  });
  test("multi-label rows of other lengths or entries, a label that is no column", () => {
    fault("E_SHAPE", () => own.classificationReport([[1, 0]], [[1]]));
    fault("E_SHAPE", () =>
      own.accuracy(
        [[1, 0], [1]],
        [
          [1, 0],
          [1, 0],
        ],
      ),
    );
    fault("E_DATA", () => own.classificationReport([[1, 2]], [[1, 0]]));
    fault("E_ARGUMENT", () => own.classificationReport([[1, 0]], [[1, 0]], { labels: [2] }));
  });
  test("scores that are not numbers, probabilities that are none, a truth that is not 0/1", () => {
    expect(fault("E_DATA", () => own.rocAuc([0, 1], [0.5, Number.NaN])).facts.got).toBe("NaN at row 1");
    fault("E_DATA", () => own.rocAuc([0, 2], [0.5, 0.5]));
    fault("E_DATA", () => own.rocAuc([0, 1], [0.5, 0.5], { sampleWeight: [0, 0] }));
    fault("E_DATA", () => own.logLoss([0, 1], [0.5, 1.5]));
    fault("E_DATA", () => own.logLoss(["a", "c"], [0.5, 0.5], { labels: ["a", "b"] }));
    fault("E_SHAPE", () =>
      own.brierScore(
        [0, 1, 2],
        [
          [0.5, 0.5],
          [0.5, 0.5],
          [0.5, 0.5],
        ],
      ),
    );
    fault("E_DATA", () => own.meanSquaredError([1], [Infinity]));
    fault("E_DATA", () => own.rankingAt({ scores: [Number.NaN], relevance: [1] }, 1));
  });
  test("names, averages and options that do not exist", () => {
    fault("E_ARGUMENT", () => own.classificationReport([1, 2], [1, 2], { names: ["one"] }));
    fault("E_ARGUMENT", () => own.averageScores([1, 2], [1, 2], "samples"));
    fault("E_ARGUMENT", () => own.averageScores([1, 2], [1, 2], "macro", { beta: -1 }));
    fault("E_ARGUMENT", () => own.binaryScores([1, 2], [1, 2], 3));
    fault("E_ARGUMENT", () => own.renderReport(own.classificationReport([1], [1]), { digits: -1 }));
    fault("E_ARGUMENT", () =>
      own.topKAccuracy(
        [0, 1],
        [
          [1, 0],
          [1, 0],
        ],
        0,
      ),
    );
    fault("E_ARGUMENT", () => own.calibration([0, 1], [0.1, 0.9], { bins: 0 }));
    fault("E_ARGUMENT", () => own.rankingAt({ scores: [1], relevance: [1] }, 0));
    fault("E_DATA", () => own.meanRanking([{ scores: [1], relevance: [0] }], 1));
    fault("E_DATA", () => own.confusionMatrix(["a"], ["a"], { labels: ["b"] }));
  });
});

describe("texts and options that do not fit are named", () => {
  test("tags of other lengths, of another scheme, or none that matter", () => {
    expect(fault("E_SHAPE", () => own.taggingReport([["O"]], [["O", "O"]])).facts.problem).toContain("sentence 0");
    fault("E_SHAPE", () => own.taggingReport([["O"]], []));
    expect(fault("E_DATA", () => own.taggedEntities(["U-PER"], { scheme: "IOB2" })).facts.got).toBe("U-PER");
    fault("E_ARGUMENT", () => own.taggingReport([["O"]], [["O"]], { scheme: "IOB3" as never }));
    fault("E_DATA", () => own.taggingReport([["O"]], [["O"]]));
    fault("E_DATA", () => own.tagAccuracy([[]], [[]]));
    fault("E_SHAPE", () => own.wordErrorRate(["a", "b"], ["a"]));
  });
});

describe("the edges of the definitions", () => {
  test("what is undefined is NaN, as in the libraries", () => {
    expect(own.rocAuc([1, 1], [0.1, 0.2])).toBeNaN();
    expect(own.cohenKappa([1, 1], [1, 1])).toBeNaN();
    expect(own.pearson([1, 1], [1, 2])).toBeNaN();
    expect(own.spearman([1, 2], [3, 3])).toBeNaN();
    expect(own.kendallTau([1, 1], [1, 2])).toBeNaN();
    expect(
      own.rocAucMulticlass(
        [0, 1, 0],
        [
          [1, 0, 0],
          [0, 1, 0],
          [1, 0, 0],
        ],
        { mode: "ovo", labels: [0, 1, 2] },
      ),
    ).toBeNaN();
    expect(own.averagePrecision([0, 0], [0.1, 0.2])).toBe(0);
  });
  test("a class called accuracy keeps its row, and the average keeps its blanks", () => {
    const text = own.renderReport(own.classificationReport(["accuracy", "b"], ["accuracy", "b"]));
    expect(text.split("\n")[2]).toBe("    accuracy       1.00      1.00      1.00         1");
    expect(text.split("\n")[5]).toBe("    accuracy                           1.00         2");
  });
  test("labels sort by code point, beyond the basic plane too", () => {
    expect(
      own
        .classificationReport(["\u{1F600}", "\uFFEE", "b", "ab", "a"], ["b", "b", "b", "b", "b"])
        .classes.map((c) => c.name),
    ).toEqual(["a", "ab", "b", "\uFFEE", "\u{1F600}"]);
    expect(own.classificationReport([10, 9, -1], [10, 9, -1]).classes.map((c) => c.name)).toEqual(["-1", "9", "10"]);
  });
  test("a confidence on an edge belongs to the bin below it", () => {
    const { bins } = own.calibration(
      [0, 0, 0],
      [
        [0.5, 0.5],
        [0.75, 0.25],
        [1, 0],
      ],
      { bins: 4, labels: [0, 1] },
    );
    expect(bins.map((bin) => bin.count)).toEqual([0, 1, 1, 1]);
    for (let i = 1; i <= 15; i++) {
      const row = Array.from({ length: 15 }, (_, c) => (c === 0 ? i / 15 : 0));
      expect(own.calibration([0], [row], { labels: row.map((_, c) => c) }).bins[i - 1]!.count).toBe(1);
    }
  });
  test("of equal scores the later class is the better one in top-k", () => {
    expect(
      own.topKAccuracy(
        [0, 1],
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        1,
      ),
    ).toBe(0.5);
  });
  test("correlations of many values do not overflow the call stack", () => {
    const x = Float64Array.from({ length: 300_000 }, (_, i) => i);
    expect(
      own.pearson(
        x,
        x.map((v) => -2 * v),
      ),
    ).toBeCloseTo(-1, 12);
    expect(
      own.kendallTau(
        x,
        x.map((v) => v * v),
      ),
    ).toBe(1);
  });
  test("F-beta at its ends is precision and recall", () => {
    const at = (beta: number) => own.averageScores([0, 1, 1], [0, 0, 1], "macro", { beta });
    expect(at(0).fScore).toBe(at(1).precision);
    expect(at(Infinity).fScore).toBe(at(1).recall);
  });
});
