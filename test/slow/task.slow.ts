// The price of a new task, counted: one file, one name in the registry, one sentence. A copy of src is compiled with it and runs a recipe.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { sourceCopy } from "./source-copy.ts";

/** Classes in an order: answers are scored by how many places they lie apart too. */
const graded = `// One of several classes that have an order, that of their names.
import { singleLabel } from "./single-label.ts";
import type { RowTask } from "./task.ts";

export const graded: RowTask<"graded"> = {
  ...singleLabel,
  name: "graded",
  metrics(scoring, labels, answered) {
    const scores = singleLabel.metrics(scoring, labels, answered);
    const apart = scores.predictions.map(({ truth, predicted }) =>
      Math.abs(labels.indexOf(String(truth)) - labels.indexOf(String(predicted))),
    );
    const placesApart = apart.reduce((a, b) => a + b, 0) / apart.length;
    return { ...scores, record: { ...scores.record, placesApart } };
  },
};
`;

const copy = sourceCopy("task");
afterAll(copy.remove);
const work = join(copy.folder, "work");

test("a new task is one file, one name in the registry and one sentence; a recipe with it runs to a report", () => {
  writeFileSync(join(copy.folder, "src/tasks/graded.ts"), graded);
  copy.edit("src/tasks/index.ts", "const registered = [\n", "const registered = [\n  graded,\n");
  copy.edit(
    "src/tasks/index.ts",
    "import { regression }",
    'import { graded } from "./graded.ts";\nimport { regression }',
  );
  copy.edit(
    "src/messages/report.ts",
    '  "report.task.regression"',
    '  "report.task.graded": { en: "one class in an order", zh: "有次序的类别" },\n  "report.task.regression"',
  );
  expect(copy.changed()).toEqual(["src/messages/report.ts", "src/tasks/graded.ts", "src/tasks/index.ts"]);
  expect(copy.compile()).toBe("");

  const rng = random(3);
  const words = { low: ["fine", "well"], middle: ["so so", "tired"], strong: ["awful", "terrible"] };
  const names = ["low", "middle", "strong"] as const;
  const rows = Array.from({ length: 240 }, (_, i) => {
    const label = names[rng.int(3)]!;
    return `day ${i} felt ${words[label][rng.int(2)]} and ${words[label][rng.int(2)]},${label}`;
  });
  mkdirSync(work);
  writeFileSync(join(work, "table.csv"), ["text,label", ...rows].join("\n"));
  const recipe = `version: 1
name: pain
task: graded
data: { file: table.csv, text: text, label: label }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 } }
adapt: { epochs: 2, batchSize: 16, learningRate: 5e-3 }
`;
  writeFileSync(join(work, "recipe.yaml"), recipe);
  copy.concord(["run", "recipe.yaml", "--out", "run"], work);
  const read = (name: string) => readFileSync(join(work, "run", name), "utf8");
  const metrics = JSON.parse(read("metrics.json"));
  expect(metrics.task).toBe("graded");
  expect(metrics.placesApart).toBeGreaterThanOrEqual(0);
  expect(metrics.accuracy.value).toBeGreaterThan(0.3);
  expect(read("report.html")).toContain("one class in an order");
});
