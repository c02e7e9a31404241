// Heads that any encoder may have: trained, trained privately, exported.
import { expect, test } from "vitest";
import { hostArray } from "../../src/base/index.ts";
import { tokensOf } from "../../src/modalities/index.ts";
import { exportOnnx } from "../../src/predict/index.ts";
import { createTrainer } from "../../src/train/index.ts";
import { expectNorms } from "../models/norms.ts";
import { cpuRuntime, openOnnx } from "../one-thread.ts";
import { forms } from "./forms.ts";

const names = Object.keys(forms);

test.each(names)("%s: norms of example gradients are those of one example alone", async (name) => {
  const one = forms[name]!();
  await expectNorms(one, one.examples);
});

test.each(names)("%s: every weight of the head learns, and the loss falls", async (name) => {
  const one = forms[name]!();
  const options = { epochs: 30, batchSize: 6, learningRate: 1e-2, dropout: false } as const;
  const trainer = await createTrainer({ ...one, runtime: cpuRuntime, threads: 1, options });
  const losses: number[] = [];
  while (trainer.step < trainer.steps) losses.push((await trainer.run()).loss);
  expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);
  const trained = trainer.trained();
  for (const { name: weight, head } of one.model.parameters)
    if (head) expect(trained.get(weight)!.data, weight).not.toEqual(one.weights.get(weight)!.data);
  await trainer.dispose();
});

test.each(names)(
  "%s: the exported file gives the logits of training's forward pass, alone and beside longer texts",
  async (name) => {
    const one = forms[name]!();
    const trainer = await createTrainer({
      ...one,
      runtime: cpuRuntime,
      threads: 1,
      options: { epochs: 1, batchSize: 6 },
    });
    const own = await trainer.predict(one.examples);
    await trainer.dispose();
    const session = await openOnnx(exportOnnx(one.model, one.weights));
    const longest = Math.max(...one.examples.map((e) => tokensOf(e, 0).ids.length));
    const rows = one.examples.map((e) => Array.from(tokensOf(e, 0).ids));
    const tensor = (of: (row: number[], place: number) => number) =>
      hostArray(
        "int64",
        [rows.length, longest],
        BigInt64Array.from(rows.flatMap((row) => Array.from({ length: longest }, (_, i) => BigInt(of(row, i))))),
      );
    const { logits } = await session.run({
      input_ids: tensor((row, i) => row[i] ?? 0),
      attention_mask: tensor((row, i) => Number(i < row.length)),
      token_type_ids: tensor(() => 0),
    });
    await session.dispose();
    const width = logits!.data.length / rows.length;
    for (const [i, { data }] of own.entries())
      for (const [k, value] of data.entries()) expect(logits!.data[i * width + k]).toBeCloseTo(value, 4);
  },
);
