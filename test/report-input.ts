// What a small run leaves, for tests of its report: made by hand, so that every kind of task is there at once.
import type { ReportInput } from "../src/report/index.ts";

const score = (value: number) => ({ value, low: value - 0.05, high: value + 0.04 });
const bins = (shift: number) =>
  Array.from({ length: 15 }, (_, i) => ({
    count: i > 6 ? i : 0,
    accuracy: (i + 0.5) / 15,
    confidence: (i + 0.5) / 15 + shift,
  }));

/** @param labels class names @param changes what is different */
export function reportInput(labels: readonly string[], changes: Partial<ReportInput> = {}): ReportInput {
  const parts = { train: 30, dev: 5, test: 12 };
  const [one, two] = [labels[0]!, labels.at(-1)!];
  const example = { place: `${one}.csv:7`, text: `a text about ${one}`, truth: one, predicted: two, number: 0.9 };
  const group = { [one]: { rows: 80, accuracy: score(0.7) }, [two]: { rows: "under 10" } };
  return {
    language: "en",
    name: "small",
    task: "single-label",
    made: "2026-01-02T03:04:05.000Z",
    recipe: { text: `label: ${JSON.stringify(one)}\n`, digest: "0123abcd", seed: 3 },
    model: { method: "full", parameters: 12_345, maxLength: 32 },
    data: {
      rows: { in: 50, kept: 47, dropped: 2, quarantined: 1 },
      quarantine: { "no-text": 1 },
      duplicates: { exact: 2, nearClusters: 3, nearRows: 6, conflicting: 1, straddling: 0 },
      parts,
      labels: Object.fromEntries(labels.map((label) => [label, parts])),
      attributes: { [one]: { [two]: { train: 30, dev: "under 10", test: 12 } } },
      warnings: [`1 row says ${one}`],
    },
    trainings: [
      {
        stage: "adapt",
        loss: [3, 2, 1],
        learningRate: [1e-3, 2e-3, 1e-3],
        epochs: [
          { step: 2, score: 0.5 },
          { step: 3, score: 0.75 },
        ],
        seconds: 61,
        examplesPerSecond: 12,
      },
    ],
    metrics: {
      temperature: 1.5,
      accuracy: score(0.8),
      calibration: { bins: bins(0), ece: 0.01, mce: 0.02 },
      uncalibrated: { bins: bins(0.1), ece: 0.1, mce: 0.2 },
      classes: labels.map((label) => ({ label, precision: null, recall: score(0.5), f1: score(0.6), support: 6 })),
      report: { "macro avg": { precision: 0.51, recall: 0.52, "f1-score": 0.53, support: 12 } },
      confusion: { labels, counts: labels.map((_, i) => labels.map((_, j) => (i === j ? 5 : 1))) },
      groups: { [two]: group },
    },
    testRows: 12,
    examples: { worst: [example], uncertain: [example] },
    pairs: [],
    stages: [{ stage: "prepare", seconds: 0.5, key: "fedcba98765432100" }],
    machine: { system: "linux-x64", processor: "a processor", threads: 2, memoryBytes: 8e9, peakBytes: 5e8 },
    sizes: { "onnx/model.onnx": 1_500_000 },
    versions: { concord: "0.1.0" },
    ...changes,
  };
}
