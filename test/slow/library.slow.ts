// The library's two functions for a whole job: fineTune makes a run, pipeline answers as transformers.js does, calibrated.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tickets } from "../../examples/tickets.ts";
import { random } from "../../src/base/index.ts";
import { fineTune, openModel, pipeline } from "../../src/node.ts";

const home = mkdtempSync(join(tmpdir(), "concord-library-"));
afterAll(() => rmSync(home, { recursive: true }));
const table = join(home, "tickets.csv");
beforeAll(() => {
  const rng = random(4);
  const teams = { hardware: ["printer", "screen", "键盘"], access: ["password", "login", "账号"] };
  const rows = Array.from({ length: 400 }, (_, i) => {
    const team = rng.int(2) ? "hardware" : "access";
    return `${teams[team][rng.int(3)]} problem number ${i} ${rng.int(9999)},${team}`;
  });
  writeFileSync(table, `message,team\n${rows.join("\n")}\n`);
});

test("the example of the README: a table to an answer with a calibrated probability, beside baselines", async () => {
  const { best, macroF1, baselines } = await tickets(table, join(home, "run"), "my password is gone");
  expect(best!.label).toBe("access");
  expect(macroF1).toMatchObject({ value: expect.any(Number), low: expect.any(Number) });
  expect(baselines).toMatchObject({ models: { majority: expect.anything(), linear: expect.anything() } });
  const opened = await openModel(join(home, "run"));
  const [answer] = await opened.predictor.answers(["my password is gone"], { temperature: opened.temperature });
  expect(opened.temperature).toBeGreaterThan(0);
  expect(answer!.kind === "label" && answer!.ranked[0]!.probability).toBe(best!.score);
  await opened.predictor.dispose();
});

test("pipeline answers one input or several, all labels on request, and refuses what does not fit", async () => {
  const run = join(home, "run");
  const classify = await pipeline("text-classification", run);
  const many = await classify(["screen problem number 7", "login problem number 9"], { top_k: null });
  expect(many.map((labels) => labels.map(({ label }) => label))).toEqual([
    ["hardware", "access"],
    ["access", "hardware"],
  ]);
  for (const labels of many) expect(labels.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
  expect(await classify([])).toEqual([]);
  await classify.dispose();
  const find = await pipeline("token-classification", run);
  await expect(find("login fails")).rejects.toThrow(/E_MODEL[\s\S]*another task/);
  await find.dispose();
  await expect(pipeline("image-classification", run)).rejects.toThrow(/E_MODEL[\s\S]*a model of images/);
  await expect(pipeline("text-clasification" as "text-classification", run)).rejects.toThrow(
    /E_ARGUMENT[\s\S]*did you mean text-classification/,
  );
});

test("fineTune refuses a setting that recipes do not have, before anything runs", async () => {
  const wrong = fineTune({
    data: table,
    text: "message",
    label: "team",
    out: join(home, "no"),
    recipe: { adapt: { epoch: 3 } },
  });
  await expect(wrong).rejects.toThrow(/E_CONFIG[\s\S]*adapt\.epochs?/);
});
