// A compressed model is served as long as it belongs to the model that is there.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runScores } from "../../src/runs/answer-sets.ts";
import { compressRun } from "../../src/runs/compress-run.ts";
import { readSource } from "../../src/serve/model/source.ts";
import { type StageRecord, stageRecordName } from "../../src/store/index.ts";
import { faultLater } from "../fault.ts";
import { type ReleaseSetting, releaseSetting } from "../release/run.ts";

let setting: ReleaseSetting;
beforeAll(async () => {
  setting = await releaseSetting("audit: { explanation: false, fairness: false, privacy: false, robustness: false }");
});
afterAll(() => setting.remove());

test("after the run was adapted again its earlier compressed model is refused by name, and the model itself is served", async () => {
  const { run } = setting;
  await compressRun(run, { settings: { steps: [{ quantise: "int8" }], resamples: 20, explained: 0 } });
  expect(await readSource(run)).toMatchObject({ compressed: true, folder: join(run, "compressed") });
  const sets = await faultLater("E_DATA", () => runScores(join(run, "compressed")));
  expect(sets.facts.problem).toBe("the recipe turns audit.robustness off");
  const path = join(run, stageRecordName("adapt"));
  const record = JSON.parse(readFileSync(path, "utf8")) as StageRecord;
  writeFileSync(path, JSON.stringify({ ...record, key: record.key.replace(/^./, (c) => (c === "0" ? "1" : "0")) }));
  const { facts } = await faultLater("E_MODEL", () => readSource(run));
  expect(facts.problem).toMatch(/made from an earlier model/);
  const stale = await faultLater("E_DATA", () => runScores(join(run, "compressed")));
  expect(stale.facts.problem).toBe("they were calibrated for another model");
  expect(await readSource(run, { uncompressed: true })).toMatchObject({ compressed: false });
}, 60_000);
