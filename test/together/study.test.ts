// A study with real training in one process: what comes out of it is what its parts say.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTokenizer } from "../../src/data/node/index.ts";
import { accuracy, averageScores } from "../../src/eval/index.ts";
import { loadModel } from "../../src/models/node/index.ts";
import { finishStudy, proposeStudy } from "../../src/pipeline/index.ts";
import { writeStudyModel } from "../../src/pipeline/together/finish.ts";
import { textPredictor } from "../../src/predict/index.ts";
import { cpuRuntime } from "../../src/runtime/node/ort.ts";
import { partyOf } from "../federated/study.ts";
import { labels, names, prepareStudy, recipe, study } from "./rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-together-"));
beforeAll(() => prepareStudy(home));
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Metrics {
  accuracy: { value: number; low: number; high: number };
  macroF1: { value: number; low: number; high: number };
  rows: number;
  groups: Record<string, Record<string, { rows: number; accuracy: { value: number } }>>;
}

test("a study's scores are those of its model on all members' test rows together", async () => {
  const { proposal, outcome, works } = await study(home, recipe(), "whole");
  expect(outcome.refused.map((r) => r.error.message)).toEqual([]);
  expect(outcome.coordinator.stage).toBe("finished");
  const folder = join(home, "result");
  const { metrics } = await finishStudy({ proposal, start: join(home, "start"), state: outcome.coordinator, folder });
  const { model, weights } = await loadModel(join(folder, "model"));
  const predictor = await textPredictor(model, weights, await openTokenizer(join(folder, "model")), cpuRuntime, {
    maxLength: 32,
  });
  const rows = names.flatMap((name) =>
    readFileSync(join(home, `${name}.csv`), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .flatMap((line) => {
        const [, text, label, part, sex] = /^"(.*)",(\w+),(\w+),(\w)$/.exec(line)!;
        return part === "test" ? [{ text: text!, label: label!, sex: sex! }] : [];
      }),
  );
  const answers = (await predictor.logits(rows.map((r) => r.text))).map((l) => labels[l.indexOf(Math.max(...l))]!);
  await predictor.dispose();
  const truth = rows.map((r) => r.label);
  const got = metrics as unknown as Metrics;
  expect(got.rows).toBe(rows.length);
  expect(got.accuracy.value).toBeCloseTo(accuracy(truth, answers), 12);
  expect(got.macroF1.value).toBeCloseTo(averageScores(truth, answers, "macro").fScore, 12);
  expect(got.macroF1.low).toBeLessThanOrEqual(got.macroF1.value);
  const women = rows.flatMap((r, i) => (r.sex === "f" ? [i] : []));
  const right = women.filter((i) => truth[i] === answers[i]).length;
  expect(got.groups.sex!.f).toMatchObject({ rows: women.length, accuracy: { value: right / women.length } });
  expect(got.groups.sex!.other!.rows).toBe(rows.length - women.length);
  const site = await works.get("hospital")!.siteValues(outcome.coordinator.model);
  expect(site).toMatchObject({ train: 30, test: 10 });
});

test("a study's model reads full-width text as prepared texts are read, though its start model did not", async () => {
  const start = join(home, "uncomposed");
  cpSync(join(home, "start"), start, { recursive: true });
  const path = join(start, "tokenizer.json");
  const file = JSON.parse(readFileSync(path, "utf8")) as { normalizer: { normalizers: { type: string }[] } };
  const [first, ...rest] = file.normalizer.normalizers;
  expect(first).toEqual({ type: "NFKC" });
  writeFileSync(path, JSON.stringify({ ...file, normalizer: { type: "Sequence", normalizers: rest } }));
  const key = (name: string) => ({ name, key: partyOf(name).key });
  const parties = { coordinator: key("coordinator"), members: names.map(key) };
  const { proposal, model } = await proposeStudy({ recipe: recipe(), start, run: "study-uncomposed", ...parties });
  const folder = join(home, "uncomposed-result");
  await writeStudyModel({ proposal, start, vector: model, folder });
  const [before, after] = [await openTokenizer(start), await openTokenizer(folder)];
  const [wide, plain] = ["ｆｅｖｅｒ　ａｇａｉｎ", "fever again"];
  expect(await before.encodeIds([wide])).not.toEqual(await before.encodeIds([plain]));
  expect(await after.encodeIds([wide])).toEqual(await after.encodeIds([plain]));
  expect(await after.encodeIds([plain])).toEqual(await before.encodeIds([plain]));
});
