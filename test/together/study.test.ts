// A study with real training in one process: what comes out of it is what its parts say.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accuracy, averageScores } from "../../src/eval/index.ts";
import { loadModel } from "../../src/models/node/index.ts";
import type { Measured, Passport } from "../../src/passport/index.ts";
import { textPredictor } from "../../src/predict/index.ts";
import { recomputeRelease } from "../../src/release/recompute.ts";
import { metricValues } from "../../src/release/study-release.ts";
import type { Verified } from "../../src/release/verify-release.ts";
import { finishStudy, writeStudyModel } from "../../src/studies/finish.ts";
import { proposeStudy } from "../../src/studies/propose.ts";
import { openTokenizer } from "../../src/tokenizers/node/index.ts";
import { partyOf } from "../federated/study.ts";
import { cpuRuntime } from "../one-thread.ts";
import { labels, names, prepareStudy, recipe, type Studied, study } from "./rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-together-"));
const folder = join(home, "result");
let studied: Studied;
let metrics: Record<string, unknown>;
beforeAll(async () => {
  await prepareStudy(home);
  studied = await study(home, recipe(), "whole");
  const { proposal, outcome } = studied;
  const finished = await finishStudy({ proposal, start: join(home, "start"), state: outcome.coordinator, folder });
  metrics = finished.metrics as unknown as Record<string, unknown>;
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Metrics {
  accuracy: { value: number; low: number; high: number };
  macroF1: { value: number; low: number; high: number };
  rows: number;
  groups: Record<string, Record<string, { rows: number; accuracy: { value: number } }>>;
}

test("a study's scores are those of its model on all members' test rows together", async () => {
  const { outcome, works } = studied;
  expect(outcome.refused.map((r) => r.error.message)).toEqual([]);
  expect(outcome.coordinator.stage).toBe("finished");
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
  const trained = 30 + 48 + 36; // rows weigh by what was learned from, not by all that a member has
  expect(studied.outcome.coordinator.results.map((r) => r.examples)).toEqual([trained, trained, rows.length]);
});

/** What of a verified release a recomputation looks at. */
async function verified(change: Readonly<Record<string, Measured>> = {}, shown = names): Promise<Verified> {
  const { proposal, outcome, works } = studied;
  const values: Record<string, Measured> = metricValues(metrics);
  for (const name of shown)
    for (const [value, number] of Object.entries(await works.get(name)!.siteValues(outcome.coordinator.model)))
      values[`sites.${name}.${value}`] = { value: number };
  const passport = {
    recipe: JSON.stringify(proposal.recipe),
    model: { labels },
    rows: { test: metrics.rows },
    values: { ...values, ...change },
    together: { members: names.map((name) => ({ name })), rounds: outcome.coordinator.results, weights: "" },
  } as unknown as Passport;
  return { passport, envelope: { payload: new Uint8Array() }, policy: {} } as unknown as Verified;
}
const tables = (...which: string[]) => Object.fromEntries(which.map((name) => [name, join(home, `${name}.csv`)]));
const again = async (which: readonly string[], found?: Verified) =>
  recomputeRelease(folder, found ?? (await verified()), { data: tables(...which), now: new Date() });

test("whoever has all tables computes every score of a study again; a member with its own, those of its site", async () => {
  const whole = await again(names);
  expect(whole).toMatchObject({
    rows: metrics.rows,
    largestDifference: 0,
    members: [...names].sort(),
    notRecomputed: [],
  });
  const own = await again(["hospital"]);
  expect(own).toMatchObject({ rows: 10, compared: 4, largestDifference: 0, members: ["hospital"] });
  expect(own.notRecomputed).toContain("metrics.accuracy");
});

test("a number that the tables do not give, tables of others and tables that lack rows are named", async () => {
  const lie = { value: 0.123 };
  await expect(again(names, await verified({ "metrics.macroF1": lie }))).rejects.toThrow(
    /E_CHECKSUM[\s\S]*metrics\.macroF1/,
  );
  const lying = await verified({ "sites.hospital.accuracy": lie });
  await expect(again(["hospital"], lying)).rejects.toThrow(/E_CHECKSUM[\s\S]*sites\.hospital\.accuracy/);
  await expect(again(["hospital"], await verified({}, []))).rejects.toThrow(
    /nothing in the passport[\s\S]*hospital, ministry, university/,
  );
  const found = await verified();
  const recompute = (data: string | Record<string, string>) =>
    recomputeRelease(folder, found, { data, now: new Date() });
  await expect(recompute({ clinic: join(home, "hospital.csv") })).rejects.toThrow(/a table of no participant/);
  await expect(recompute(join(home, "hospital.csv"))).rejects.toThrow(/a table of no participant[\s\S]*NAME=TABLE/);
  await expect(recompute({ ...tables(...names), ministry: join(home, "hospital.csv") })).rejects.toThrow(
    /E_DATA[\s\S]*do not have the test rows/,
  );
});

test("a study's model reads full-width text as its start model does, composed or not", async () => {
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
  for (const text of [wide, plain]) expect(await after.encodeIds([text])).toEqual(await before.encodeIds([text]));
});
