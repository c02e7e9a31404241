// Multiple choice against Transformers' ForMultipleChoice: logits, losses, and the gradient of every weight, of prompts with different
// numbers of choices in one batch. Numbers: test/golden/more-heads.json (tools/heads-golden.py: torch 2.15.0, transformers 5.24.0).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hostArray } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { architectures, modelOf } from "../../src/models/index.ts";
import { loadModel, saveModel } from "../../src/models/node/index.ts";
import { exportOnnx, textChooser } from "../../src/predict/index.ts";
import { jsTokenizer, trainWordPiece } from "../../src/tokenizers/index.ts";
import {
  batchFeeds,
  createTrainer,
  type Example,
  objectiveOf,
  stepGradients,
  trainingProgram,
} from "../../src/train/index.ts";
import { fault, faultLater } from "../fault.ts";
import { goldenJson } from "../golden.ts";
import { cpuRuntime, openOnnx } from "../one-thread.ts";

interface Row {
  readonly ids: readonly (readonly number[])[];
  readonly types: readonly (readonly number[])[];
  readonly label: number;
  readonly logits: readonly number[];
  readonly loss: number;
}
interface Case {
  readonly rows: readonly Row[];
  readonly norms: Readonly<Record<string, number>>;
}
const { choices: golden } = goldenJson<{ choices: Readonly<Record<string, Case>> }>("more-heads.json");
const names = Object.keys(golden);
const home = mkdtempSync(join(tmpdir(), "concord-choices-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const open = (name: string) => loadModel(`test/golden/choices/${name}`);

const inputsOf = ({ ids, types }: Row) =>
  ids.map((row, k) => ({ ids: Int32Array.from(row), types: Int32Array.from(types[k]!) }));
const examplesOf = ({ rows }: Case): Example[] =>
  rows.map((row) => {
    const [first, ...counterparts] = inputsOf(row);
    return { ...first!, counterparts, label: row.label };
  });
const objective = () => objectiveOf({ name: "choices", settings: undefined });

describe.each(names)("%s", (name) => {
  test("each choice has Transformers' logit, from the folder that it saved, in training and in the exported file", async () => {
    const { model, weights, fresh, unused } = await open(name);
    expect([model.task, fresh, unused]).toEqual(["multiple-choice", [], []]);
    const session = await openOnnx(exportOnnx(model, weights));
    for (const row of golden[name]!.rows) {
      const tensor = (data: readonly (readonly number[])[]) =>
        hostArray("int64", [data.length, data[0]!.length], BigInt64Array.from(data.flat(), BigInt));
      const feeds = {
        input_ids: tensor(row.ids),
        attention_mask: tensor(row.ids.map((ids) => ids.map(() => 1))),
        ...(model.tokens!.types > 0 && { token_type_ids: tensor(row.types) }),
      };
      const { logits } = await session.run(feeds);
      for (const [k, x] of row.logits.entries()) expect(logits!.data[k]).toBeCloseTo(x, 4);
    }
    await session.dispose();
  });

  test("losses of a batch with 2, 4 and 3 choices, and the gradient of every weight, are Transformers'", async () => {
    const { model, weights } = await open(name);
    const { rows, norms } = golden[name]!;
    const program = trainingProgram(model, { dropout: false, objective: objective() });
    const exe = await cpuRuntime.compile(program.graph);
    const feeds = batchFeeds(model, examplesOf(golden[name]!), {}, objective());
    const got = await exe.run({ ...Object.fromEntries(weights), ...feeds });
    await exe.dispose();
    for (const [i, { loss }] of rows.entries()) expect(got.losses!.data[i]).toBeCloseTo(loss, 4);
    const found = stepGradients(program, got, feeds, new Set(), (weight) => weights.get(weight)!.data.length);
    expect(found.map(([weight]) => weight).sort()).toEqual(Object.keys(norms).sort());
    for (const [weight, g] of found) {
      const norm = Math.hypot(...(g as Float32Array));
      expect(Math.abs(norm - norms[weight]!), weight).toBeLessThan(1e-4 * (1 + norms[weight]!));
    }
  });

  test("a saved folder is opened again with every weight", async () => {
    const { model, weights } = await open(name);
    await saveModel(join(home, name), model, weights);
    const again = await loadModel(join(home, name));
    expect(again.model.architecture).toBe(`${name}ForMultipleChoice`);
    for (const [weight, { data }] of weights) expect(again.weights.get(weight)!.data).toEqual(data);
  });
});

test("a chooser gives each prompt the softmax over its own choices, alone as beside others with more", async () => {
  const { model, weights } = await open("Bert");
  const words = ["the sky is blue", "a table is red", "we eat at a table"];
  const file = trainWordPiece(words, { vocabSize: 55 });
  const tokenizer = await jsTokenizer(file);
  const chooser = await textChooser(model, weights, tokenizer, cpuRuntime, { maxLength: 20 });
  const inputs = [
    { prompt: "the sky is", choices: ["blue", "a table"] },
    { prompt: "we eat at", choices: ["red", "the sky", "a table", "blue"] },
  ];
  const together = await chooser.choose(inputs);
  for (const [i, { choice, probabilities, logits }] of together.entries()) {
    const [alone] = await chooser.choose([inputs[i]!]);
    expect(probabilities).toHaveLength(inputs[i]!.choices.length);
    expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
    expect(choice).toBe(probabilities.indexOf(Math.max(...probabilities)));
    for (const [k, x] of logits.entries()) expect(alone!.logits[k]).toBeCloseTo(x, 4);
  }
  const encodings = await tokenizer.encodeBatch(inputs[0]!.choices.map((c) => [inputs[0]!.prompt, c] as const));
  const setup = { model, weights, runtime: cpuRuntime, threads: 1, options: { epochs: 1 }, objective: objective() };
  const singles = encodings.map((e) => ({ ids: Int32Array.from(e.ids), types: Int32Array.from(e.typeIds), label: 0 }));
  const trainer = await createTrainer({ ...setup, examples: singles });
  const scores = await trainer.predict(singles);
  await trainer.dispose();
  for (const [k, { data }] of scores.entries()) expect(together[0]!.logits[k]).toBeCloseTo(data[0]!, 4);
  const none = await faultLater("E_ARGUMENT", () => chooser.choose([{ prompt: "x", choices: ["y"] }]));
  expect(none.facts.problem).toMatch(/nothing to choose from/);
  await chooser.dispose();
  const plain = modelOf(configOf({ ...model.config, architectures: ["BertModel"] }, "test"));
  const wrong = await faultLater("E_MODEL", () => textChooser(plain, weights, tokenizer, cpuRuntime));
  expect(wrong.facts.problem).toMatch(/does not choose/);
});

test("a model learns to choose, with batches in parts as in one", async () => {
  const { model, weights } = await open("Bert");
  const run = async (accumulate: number) => {
    const options = { epochs: 40, batchSize: 3, learningRate: 5e-3, dropout: false, accumulate } as const;
    const setup = { model, weights, runtime: cpuRuntime, threads: 1, options, objective: objective() };
    const trainer = await createTrainer({ ...setup, examples: examplesOf(golden.Bert!) });
    const losses: number[] = [];
    while (trainer.step < trainer.steps) losses.push((await trainer.run()).loss);
    await trainer.dispose();
    return losses;
  };
  const [whole, parts] = [await run(1), await run(3)];
  expect(whole[0]).toBeCloseTo(golden.Bert!.rows.reduce((sum, { loss }) => sum + loss, 0) / 3, 4);
  expect(whole.at(-1)).toBeLessThan(0.2);
  expect(parts[0]).toBeCloseTo(whole[0]!, 4);
});

test("what does not fit is refused by name", async () => {
  const { model, weights } = await open("Bert");
  const make = (examples: readonly Example[], more = {}) =>
    createTrainer({
      model,
      weights,
      runtime: cpuRuntime,
      examples,
      options: { epochs: 1 },
      objective: objective(),
      ...more,
    });
  const [example] = examplesOf(golden.Bert!);
  const trainer = await make([{ ...example!, label: 2 }]);
  expect((await faultLater("E_DATA", () => trainer.run())).facts.problem).toMatch(/not one of its choices/);
  await trainer.dispose();
  const plain = await faultLater("E_CONFIG", () => make([example!], { objective: undefined }));
  expect(plain.facts).toMatchObject({ expected: "choices", got: "multiple-choice" });
  const privacy = await faultLater("E_CONFIG", () =>
    make([example!], { options: { epochs: 1, privacy: { noiseMultiplier: 1, clip: 1 } } }),
  );
  expect(privacy.facts.problem).toMatch(/reads more than one example/);
  const single = modelOf(configOf({ ...model.config, architectures: ["BertForSequenceClassification"] }, "test"));
  expect(fault("E_CONFIG", () => objective().inputs(single)).facts.got).toBe("single-label");
  const { type: _, ...config } = { type: "", ...model.config };
  const roberta = { ...config, model_type: "roberta", architectures: ["RobertaForMultipleChoice"] };
  expect(fault("E_MODEL", () => modelOf(configOf(roberta, "test"))).facts.problem).toMatch(
    /RobertaForMultipleChoice is not covered/,
  );
  expect(architectures.roberta!.heads).not.toContain("ForMultipleChoice");
});
