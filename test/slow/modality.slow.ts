// The price of a kind of data, counted: signal of numbers are put into a copy of the sources, which is compiled, learns them and answers.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { sourceCopy } from "./source-copy.ts";

const copy = sourceCopy("modality");
afterAll(copy.remove);
const work = join(copy.folder, "work");

test("a kind of data touches modalities, models and what recipes may not ask of it; nothing in eval, report, federated, train", () => {
  copy.put("signal/signal-model.ts", "src/models/signal.ts");
  copy.put("signal/batching.ts", "src/modalities/signal/batching.ts");
  copy.put("signal/signal.ts", "src/modalities/node/signal.ts");
  copy.edit(
    "src/models/model.ts",
    'modalityNames = ["text", "image", "series"]',
    'modalityNames = ["text", "image", "series", "signal"]',
  );
  const architectures = "src/models/architectures.ts";
  copy.edit(architectures, "import { vit }", 'import { signalModel } from "./signal.ts";\nimport { vit }');
  copy.edit(
    architectures,
    "  vit: {",
    `  signal: {
    name: "Signal",
    prefix: "signal.",
    reads: "signal",
    heads: ["ForSequenceClassification"],
    whole: ["classifier"],
    entries: { used: ["signal_length", "hidden_size"] },
    read: signalModel,
  },
  vit: {`,
  );
  copy.edit("src/modalities/modality.ts", "| SeriesInput;", "| SeriesInput | { readonly signal: Float32Array };");
  const batching = "src/modalities/batching.ts";
  copy.edit(
    batching,
    "import { textBatching }",
    'import { signalBatching } from "./signal/batching.ts";\nimport { textBatching }',
  );
  copy.edit(batching, "image: imageBatching", "image: imageBatching,\n  signal: signalBatching");
  const index = "src/modalities/node/index.ts";
  copy.edit(index, "import { textModality }", 'import { signalModality } from "./signal.ts";\nimport { textModality }');
  copy.edit(index, "image: imageModality,", "image: imageModality,\n  signal: signalModality,");
  copy.edit(
    "src/recipe/recipe-modality.ts",
    "  image: (recipe) => imageFaults(recipe),\n",
    `  image: (recipe) => imageFaults(recipe),
  signal: ({ pretrain }) => thatHold([[pretrain !== undefined, ["pretrain"], "signal are not pretrained: leave it out"]]),\n`,
  );
  expect(copy.changed()).toEqual([
    "src/modalities/batching.ts",
    "src/modalities/modality.ts",
    "src/modalities/node/index.ts",
    "src/modalities/node/signal.ts",
    "src/modalities/signal/batching.ts",
    "src/models/architectures.ts",
    "src/models/model.ts",
    "src/models/signal.ts",
    "src/recipe/recipe-modality.ts",
  ]);
});

test("the copy compiles", () => {
  expect(copy.compile()).toBe("");
});

test("signal are learned from a recipe, reported, exported, released with their own words, and answered", () => {
  const rng = random(7);
  const noise = () => 0.1 * (rng.float() - 0.5);
  // a rise or a fall, from any level
  const signal = (up: boolean) => {
    const level = rng.float();
    return Array.from({ length: 8 }, (_, t) => (level + (up ? t : 7 - t) / 8 + noise()).toFixed(3)).join(" ");
  };
  const rows = Array.from({ length: 400 }, (_, i) => `${signal(i % 2 === 0)},${i % 2 ? "falls" : "rises"}`);
  mkdirSync(work);
  writeFileSync(join(work, "table.csv"), ["values,label", ...rows].join("\n"));
  const recipe = `version: 1
name: slopes
modality: signal
data: { file: table.csv, text: values }
model: { scratch: { width: 16 } }
adapt: { epochs: 8, batchSize: 16, learningRate: 1e-2, threads: 1 }
evaluate: { resamples: 50 }
`;
  writeFileSync(join(work, "recipe.yaml"), recipe);
  copy.concord(["run", "recipe.yaml", "--out", "run"], work);
  const metrics = JSON.parse(readFileSync(join(work, "run/metrics.json"), "utf8"));
  expect(metrics.accuracy.value).toBeGreaterThan(0.9);
  expect(readFileSync(join(work, "run/report.html"), "utf8")).toContain("signal of 8 numbers");
  const answered = copy
    .concord(["predict", "run", signal(true), signal(false), "--json"], work)
    .trim()
    .split("\n");
  expect(answered.map((line) => JSON.parse(line).label)).toEqual(["rises", "falls"]);
  copy.concord(["evaluate", "run", "--data", "table.csv", "--out", "scored"], work);
  copy.concord(["keys", "owner", "--name", "Owner"], work);
  const gates = "gates: [{ value: metrics.accuracy, atLeast: 0.5 }]";
  writeFileSync(
    join(work, "policy.yaml"),
    `version: 1\nrequire: [owner]\nsigners: { owner: [owner.pub.json] }\n${gates}\n`,
  );
  copy.concord(["release", "run", "--policy", "policy.yaml", "--key", "owner.key", "--out", "released"], work);
  expect(readFileSync(join(work, "released/model/README.md"), "utf8")).toContain("signal of 8 numbers");
  const bom = JSON.parse(readFileSync(join(work, "released/bom.cdx.json"), "utf8"));
  expect(bom.metadata.component.modelCard.modelParameters.inputs).toEqual([{ format: "signal" }]);
});
