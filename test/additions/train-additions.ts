// Runs in a copy to which soft-targets.ts and word-means.ts were added: both by name, as data, in training threads. Prints what it found as JSON.
import { random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, modelOf, withHead } from "../../src/models/index.ts";
import { initialiseAdapter, loraLayout } from "../../src/nn/index.ts";
import type { TrainingJob } from "../../src/train/index.ts";
import { train } from "../../src/train/node/train.ts";
import { tinyExamples, tinyJob } from "../train/tiny.ts";

async function losses(job: TrainingJob): Promise<number[]> {
  const out: number[] = [];
  await train(job, { onEvent: (event) => event.kind === "step" && out.push(event.loss) });
  return [out[0]!, out.at(-1)!];
}

const examples = tinyExamples(64).map((e) => ({
  ...e,
  given: { teacher: Float32Array.of(e.label === 0 ? 3 : -3, 0) },
}));
const softTargets = {
  name: "softTargets",
  settings: { temperature: 2, share: 0.5 },
} as unknown as TrainingJob["objective"];
const config = withHead({ model_type: "word-means", vocab_size: 200, hidden_size: 12 }, "WordMeans", "single-label", [
  "even",
  "odd",
]);
const model = modelOf(configOf(config, "copy"));
const layout = loraLayout(model.parameters, { targets: "all-linear", rank: 2, trainWhole: model.wholeModules });
const weights = new Map([...initialise(model, random(1)), ...initialiseAdapter(layout, random(2))]);
// every second token tells the label
const told = tinyExamples(160).map((e) => ({
  ...e,
  ids: e.ids.map((id, k) => (k % 2 ? (e.label === 1 ? 8 : 7) : id)),
}));
const options = { ...tinyJob().options, learningRate: 2e-2 };
console.log(
  JSON.stringify({
    softTargets: await losses({ ...tinyJob(), examples, objective: softTargets }),
    wordMeans: await losses({ ...tinyJob(), config, weights: initialise(model, random(1)), examples: told, options }),
    adapted: await losses({ ...tinyJob(), config, weights, examples: told, adapter: layout.options, options }),
    modules: layout.modules,
  }),
);
