// A model whose epoch was chosen by validation scores: the passport says so as data, the card in words, and recomputing agrees.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recomputeRelease } from "../../src/release/recompute.ts";
import { releaseRun } from "../../src/release/release-run.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import { now, type ReleaseSetting, releaseSetting } from "./run.ts";

let setting: ReleaseSetting;
beforeAll(async () => {
  setting = await releaseSetting(
    "audit: { fairness: false, explanation: false, robustness: false, privacy: { references: 2 } }",
    ", patience: 1, keep: best, encoderRate: 0",
  );
}, 60_000);
afterAll(() => setting.remove());

test("the passport has the selection, signed; the card tells it; a recomputed release has the same numbers", async () => {
  const policy = setting.policy("policy.yaml", "[{ value: metrics.accuracy, atLeast: 0.1 }]");
  const released = join(setting.home, "released");
  await releaseRun(setting.run, { policy, keys: [setting.key("builder")], out: released, now });
  const found = await verifyRelease(released, { policy, now });
  const { selection } = found.passport;
  const { validation } = JSON.parse(readFileSync(join(setting.run, "metrics.json"), "utf8"));
  expect(selection).toEqual(validation.selection);
  expect(selection).toMatchObject({ score: "macroF1", keep: "best", patience: 1, planned: 3 });
  expect(selection!.kept, "else the audit shows nothing about the epoch").toBeLessThan(3);
  const card = readFileSync(join(released, "model/README.md"), "utf8");
  expect(card).toMatch(
    new RegExp(`\\| epoch \\| ${selection!.kept} of ${selection!.epochs}.*chosen by validation macro F1`),
  );
  const facts = await recomputeRelease(released, found, { data: setting.table, now });
  expect(facts.largestDifference).toBe(0);
  expect(found.passport.values["privacy.membership.lira.auc"]).toBeDefined(); // reference models stopped at the same epoch
  expect(facts.notRecomputed.filter((name) => name.startsWith("privacy"))).toEqual([]);
});
