// A run for trackers that never changes: the recordings in test/golden/tracking are of it.
import type { TrackedRun } from "../../src/tracking/index.ts";

const curve = (tag: string, length: number, value: (step: number) => number) =>
  Array.from({ length }, (_, i) => ({ tag, step: i + 1, value: value(i + 1) }));

/** More values than MLflow takes in one request, more settings too, and texts that are not ASCII. */
export const trackedExample: TrackedRun = {
  name: "症状 symptoms",
  settings: {
    "adapt.learningRate": "0.001",
    "data.text": '文本 with "quotes" & signs',
    ...Object.fromEntries(Array.from({ length: 110 }, (_, i) => [`data.rename.label ${i} (a)`, `l${i}`])),
  },
  points: [
    ...curve("adapt/loss", 1010, (step) => 2.5 / step),
    ...curve("adapt/learning_rate", 3, (step) => step * 1e-4),
    { tag: "test/accuracy", step: 1010, value: 0.875 },
    { tag: "test/mae", step: 2 ** 33, value: -1.5 },
  ],
  timeMs: Date.parse("2026-01-02T03:04:05Z"),
  tags: { task: "single-label", concord: "0.1.0" },
};

/** Files that go with it. */
export const artifactsExample = {
  "recipe.yaml": new TextEncoder().encode("version: 1\n"),
  "report.html": new TextEncoder().encode("<!doctype html><title>报告</title>\n"),
};

/** The sender's body as text: JSON, or base64 for bytes. */
export const bodyText = (body: unknown): string | undefined =>
  body instanceof Uint8Array
    ? Buffer.from(body).toString("base64")
    : body === undefined
      ? undefined
      : JSON.stringify(body);
