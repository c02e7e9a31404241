// A model that answers by a rule is released with the rule: its digest is in the passport, a changed one is named, and recomputing
// finds what it changed, before and after, again.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recomputeRelease } from "../../src/release/recompute.ts";
import { releaseRun } from "../../src/release/release-run.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import { now, type ReleaseSetting, releaseSetting } from "./run.ts";

let setting: ReleaseSetting;
let released: string;
let policy: string;
beforeAll(async () => {
  const audit =
    "audit: { fairness: { resamples: 50, counterfactuals: 0 }, privacy: false, explanation: false, robustness: false }";
  const mitigation = ", mitigation: { attribute: region, decisions: group-thresholds, tolerance: 0.01 }";
  setting = await releaseSetting(`${audit}\n`, mitigation, 0.3);
  policy = setting.policy("policy.yaml", "[{ value: fairness.change.macroF1, atLeast: -0.2 }]");
  released = join(setting.home, "released");
  await releaseRun(setting.run, { policy, keys: [setting.key("builder")], out: released, now });
}, 60_000);
afterAll(() => setting.remove());

test("the rule is among the signed files, and its change can be a gate and is recomputed", async () => {
  const found = await verifyRelease(released, { policy, now });
  expect(found.passport.digests.files["model/decisions.json"]).toMatch(/^[0-9a-f]{64}$/);
  expect(found.passport.values["fairness.change.region.demographicParity"]).toBeDefined();
  const facts = await recomputeRelease(released, found, { data: setting.table, now });
  expect(facts.largestDifference).toBe(0);
  expect(facts.notRecomputed.filter((name) => name.startsWith("fairness"))).toEqual([]);
});

test("a changed rule is named", async () => {
  const path = join(released, "model/decisions.json");
  const rule = readFileSync(path, "utf8");
  writeFileSync(path, rule.replace('"temperature":', '"temperature": 1'));
  await expect(verifyRelease(released, { policy, now })).rejects.toThrow(/E_CHECKSUM[\s\S]*decisions\.json/);
  writeFileSync(path, rule);
});
