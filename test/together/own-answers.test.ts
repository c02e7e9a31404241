// A member's answers with fed weights are those of a predictor that stores them, for one model after the other, also when two are asked at once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import type { TextRow } from "../../src/data/index.ts";
import { initialise } from "../../src/models/index.ts";
import { loadModel } from "../../src/models/node/index.ts";
import { textPredictor } from "../../src/predict/index.ts";
import { ownAnswers } from "../../src/studies/own-answers.ts";
import { openTokenizer } from "../../src/tokenizers/node/index.ts";
import { cpuRuntime } from "../one-thread.ts";
import { prepareStudy, table } from "./rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-answers-"));
beforeAll(() => prepareStudy(home, [10, 10, 10]));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("own answers are the predictor's, whichever weights come, at once or one after the other", async () => {
  const { model } = await loadModel(join(home, "start"));
  const tokenizer = await openTokenizer(join(home, "start"));
  const texts = table(4, 90, 0.5).trim().split("\n").slice(1);
  const rows = texts.map((text): TextRow => ({ place: "rows.csv", text, labels: ["cold"], attributes: {} }));
  const options = { maxLength: 32, threads: 1 };
  const own = await ownAnswers(cpuRuntime, model, tokenizer, { dev: rows, test: rows.slice(0, 7) }, options);
  const models = [1, 2, 3].map((seed) => {
    const weights = initialise(model, random(seed));
    for (const [name, { data }] of weights)
      if (name.endsWith(".weight"))
        data.forEach((w, i) => {
          data[i] = 20 * w;
        }); // far from undecided
    return weights;
  });
  const expected = await Promise.all(
    models.map(async (weights) => {
      const predictor = await textPredictor(model, weights, tokenizer, cpuRuntime, options);
      const logits = await predictor.logits(texts);
      await predictor.dispose();
      return logits.map((row) => row.indexOf(Math.max(...row)));
    }),
  );
  expect(new Set(expected.map(String)).size).toBe(3);
  for (const [i, weights] of models.entries()) {
    expect(await own.of("dev", weights)).toEqual(expected[i]);
    expect(await own.of("test", weights)).toEqual(expected[i]!.slice(0, 7));
  }
  expect(await Promise.all(models.map((weights) => own.of("dev", weights)))).toEqual(expected);
  await own.close();
});
