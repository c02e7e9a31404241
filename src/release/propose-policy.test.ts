// A policy made from a run is one that its reader accepts, with the run's numbers beside the limits.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkGates } from "../passport/index.ts";
import { makeKey } from "../store/index.ts";
import { readPolicy } from "./policy-file.ts";
import { proposePolicy } from "./propose-policy.ts";

test("a proposed policy is read back; its comments say which gates this run passes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-policy-"));
  await makeKey({ path: join(folder, "keys/ministry"), name: "Ministry", now: new Date() });
  await makeKey({ path: join(folder, "keys/university"), name: "University", now: new Date() });
  const values = {
    "metrics.macroF1": { value: 0.8, low: 0.77, high: 0.83 },
    "metrics.accuracy": { value: 0.8 },
    "metrics.beyondBaseline.macroF1": { value: 0.01, low: -0.02, high: 0.04 },
    "fairness.region.gap.accuracy": { value: 0.05, low: -0.01, high: 0.09, extreme: true },
    "fairness.region+sex.gap.accuracy": { value: 0.2, low: 0.1, high: 0.3, extreme: true },
    "size.model.bytes": { value: 4_800_000 },
  } as const;
  const { text, gates } = proposePolicy(values, {
    builder: ["keys/ministry.pub.json"],
    auditor: ["keys/university.pub.json"],
  });
  const path = join(folder, "policy.yaml");
  writeFileSync(path, text);
  const policy = await readPolicy(path);
  expect(gates).toBe(4); // no gate on intersections, whose gaps are wide by chance, nor on accuracy beside macro F1
  expect([policy.require, policy.override]).toEqual([["builder", "auditor"], ["auditor"]]);
  expect(checkGates(policy.gates, values).map(({ value, passed }) => [value, passed])).toEqual([
    ["metrics.macroF1", true],
    ["metrics.beyondBaseline.macroF1", false],
    ["fairness.region.gap.accuracy", true],
    ["size.model.bytes", true],
  ]);
  expect(text).toMatch(
    /macro F1 on the test set: this run has 0.77 \(lower end of the 95 % interval\), which passes ≥ 0.75/,
  );
  expect(text).toMatch(
    /gain in macro F1 .* this run has -0.02 .* which FAILS ≥ 0\.\n {2}# Exactly 0 passes, and means no gain/,
  );
  const same = { "metrics.beyondBaseline.macroF1": { value: 0, low: 0, high: 0 } };
  expect(checkGates(policy.gates.slice(1, 2), same)[0]!.passed).toBe(true); // as the comment says
  const chinese = proposePolicy(values, { builder: ["keys/ministry.pub.json"] }, "zh").text;
  expect(chinese).toMatch(/本次运行为 0.77（95 % 置信区间下限），满足 ≥ 0.75。/);
  expect(
    chinese.replace(/^ {2}- \{ value: "[^"]*"|use: interval|builder|concord \S+( init)?( keys\S*)?/gm, ""),
  ).not.toMatch(/[a-z]{4,} [a-z]{3,}/);
});
