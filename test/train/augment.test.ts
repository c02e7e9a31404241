// Images in training: 8-bit pictures give the bits of float32 pixels; a changed epoch is a function of (seed, epoch, row), so that an
// interrupted run ends with the same bits; each setting changes something; texts are refused.
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { configOf, type JsonRecord } from "../../src/formats/index.ts";
import { type Augmentation, batchingOf, pixelValues, valueTable } from "../../src/modalities/index.ts";
import { initialise, modelOf, withHead } from "../../src/models/index.ts";
import { type Example, jobProgram, runJob, type Trainer, type TrainingJob } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyJob } from "./tiny.ts";

const base: JsonRecord = {
  model_type: "vit",
  hidden_size: 12,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 16,
  image_size: 4,
  patch_size: 2,
};
const config = withHead(base, "ViT", "single-label", ["dark", "light"]);
const model = modelOf(configOf(config, "tiny"));
const values = valueTable({ rescale: 1 / 255, normalise: { mean: [0.5, 0.4, 0.3], std: [0.5, 0.6, 0.7] } });
const pictures = Array.from({ length: 24 }, (_, i) => {
  const rng = random(i);
  return { width: 4, height: 4, data: Uint8Array.from({ length: 48 }, () => rng.int(120) + 120 * (i % 2)) };
});
const examples = pictures.map((picture, i): Example => ({ picture, values, label: i % 2 }));
const job = (more: Partial<TrainingJob> = {}): TrainingJob => ({
  config,
  weights: initialise(model, random(1)),
  examples,
  threads: 1,
  checkpointEvery: 4,
  options: { epochs: 3, batchSize: 8, learningRate: 1e-2, seed: 4 },
  ...more,
});

type Saved = ReturnType<Trainer["save"]>;

/** Losses and final weights; stopped once before step `stopAt` and run again from its checkpoint. */
async function outcome(of: TrainingJob, stopAt?: number) {
  let saved: Saved | undefined;
  const losses: number[] = [];
  for (const stops of stopAt === undefined ? [undefined] : [stopAt, undefined]) {
    let step = 0;
    const host = {
      runtime: cpuRuntime,
      now: () => 0,
      interrupted: () => step === stops,
      checkpoints: {
        async save(run: Saved) {
          saved = structuredClone(run);
        },
        open: async () => ({ saved, skipped: [] }),
      },
    };
    for await (const event of runJob(of, host))
      if (event.kind === "step") {
        step = event.step;
        losses.push(event.loss);
      } else if (event.kind === "done")
        return { losses, weights: [...event.weights].map(([name, { data }]) => [name, [...data]]) };
  }
  return expect.unreachable();
}

const all: Augmentation = { flip: true, shift: 1, padding: "edge", brightness: 0.3, contrast: 0.3 };

test("8-bit pictures train to the bits of their pixels as numbers", async () => {
  const numbers = pictures.map((picture, i): Example => ({ pixels: pixelValues(picture, values), label: i % 2 }));
  expect(await outcome(job())).toEqual(await outcome(job({ examples: numbers })));
});

test("an augmented run that is interrupted in an epoch ends with the same bits, and another seed with others", async () => {
  const whole = await outcome(job({ augment: all }));
  expect(await outcome(job({ augment: all }), 5)).toEqual(whole);
  expect((await outcome(job())).losses).not.toEqual(whole.losses);
});

const { augmented, feeds } = batchingOf(model);
const drawn = (how: Augmentation, stream: string): number[] =>
  Array.from(feeds(model, [augmented!(examples[0]!, how, random(stream))]).pixels!.data, Number);
const streams = Array.from({ length: 16 }, (_, i) => `epoch ${i}`);
const plain = Array.from(feeds(model, examples.slice(0, 1)).pixels!.data, Number);

test.each<[string, Augmentation]>([
  ["flip", { flip: true }],
  ["shift", { shift: 2 }],
  ["padding", { shift: 2, padding: "edge" }],
  ["brightness", { brightness: 0.4 }],
  ["contrast", { contrast: 0.4 }],
])("%s changes images, each epoch otherwise and the same again", (_name, how) => {
  const seen = streams.map((stream) => drawn(how, stream));
  expect(seen).toEqual(streams.map((stream) => drawn(how, stream)));
  expect(new Set(seen.map(String)).size).toBeGreaterThan(1);
  expect(seen.every((one) => String(one) === String(plain))).toBe(false);
});

test("without settings an image stays as it is; mirroring is of rows, and edges are repeated where they are asked for", () => {
  for (const stream of streams) expect(drawn({}, stream)).toEqual(plain);
  const rows = (pixels: readonly number[]) => Array.from({ length: 12 }, (_, r) => pixels.slice(4 * r, 4 * r + 4));
  const turned = rows(plain).flatMap((row) => [...row].reverse());
  for (const stream of streams)
    expect([String(plain), String(turned)]).toContain(String(drawn({ flip: true }, stream)));
  const blacks = values.map((table) => table[0]);
  const isBlack = (how: Augmentation) => streams.some((s) => rows(drawn(how, s))[0]!.every((x) => x === blacks[0]));
  expect([isBlack({ shift: 3 }), isBlack({ shift: 3, padding: "edge" })]).toEqual([true, false]);
});

test("texts are not augmented, and examples of one modality are refused by a model of another", async () => {
  const texts = { ...tinyJob({ epochs: 1 }), augment: all };
  await expect(outcome(texts)).rejects.toThrow("inputs of the modality text are not augmented");
  await expect(outcome({ ...tinyJob({ epochs: 1 }), examples })).rejects.toThrow("it has no tokens");
  await expect(outcome(job({ examples: tinyJob().examples }))).rejects.toThrow("it has no pixels");
  expect(fault("E_DATA", () => augmented!({ pixels: new Float32Array(48) }, all, random(1))).facts.problem).toMatch(
    /numbers of pixels/,
  );
  expect(jobProgram(job()).graph.inputs.some(([name]) => name === "pixels")).toBe(true);
});
