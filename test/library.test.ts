// The library's functions for whole jobs on Node, from its public entry: a table to a model, audited, exported, released and verified; errors as values.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  attempt,
  auditRun,
  auditTable,
  exportRun,
  fineTune,
  makeKey,
  policyForRun,
  type RunEvent,
  recomputeRelease,
  releaseRun,
  verifyRelease,
} from "../src/node.ts";

const home = mkdtempSync(join(tmpdir(), "concord-functions-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const at = (name: string) => join(home, name);
const words = { flu: ["fever", "shivers", "aching"], cold: ["sneezing", "runny", "sore"] } as const;
const rows = Array.from({ length: 240 }, (_, i) => {
  const label = i % 2 ? "flu" : "cold";
  return `"I have ${words[label][i % 3]} and ${words[label][(i >> 1) % 3]} since day ${i * 7919}",${label},${i % 3 ? "north" : "south"}`;
});
writeFileSync(at("rows.csv"), `text,label,region\n${rows.join("\n")}\n`);

const events: RunEvent[] = [];
const run = at("run");
beforeAll(async () => {
  await fineTune({
    data: at("rows.csv"),
    out: run,
    recipe: {
      data: { attributes: ["region"], similarity: 1, split: { dev: 0.2, test: 0.3 } },
      model: { scratch: { vocabulary: 120, width: 16, layers: 1, heads: 2, inner: 16 }, maxLength: 16 },
      adapt: { epochs: 3, batchSize: 16, learningRate: 1e-2, threads: 1 },
      evaluate: { resamples: 50 },
    },
    onEvent: (event) => events.push(event),
  });
}, 60_000);
const read = (name: string) => JSON.parse(readFileSync(join(run, name), "utf8"));

test("events have the scores as numbers: of validation rows after each epoch, of test rows with intervals at the end", () => {
  const scores = events.filter((event) => event.kind === "metrics");
  const validation = scores.filter(({ rows }) => rows === "validation");
  expect(validation.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  expect(validation.map(({ values }) => values.macroF1!.value)).toEqual(
    read("curves.json").epochs.map((epoch: { score: number }) => epoch.score),
  );
  const [last, ...others] = scores.filter(({ rows }) => rows === "test");
  expect(others).toEqual([]);
  const { value, low, high } = read("metrics.json").macroF1;
  expect(last!.values.macroF1).toEqual({ value, low, high });
  expect(last!.values.accuracy!.value).toBeGreaterThan(0);
});

test("auditRun gives the numbers of each part by their names, as its file has them", async () => {
  const { fairness, privacy } = await auditRun(run, { parts: ["fairness"] });
  expect(privacy).toBeUndefined();
  expect(fairness!.values).toEqual(read("audit/fairness.json").values);
  expect(Object.keys(fairness!.values).some((name) => name.startsWith("fairness.region"))).toBe(true);
}, 60_000);

test("auditTable takes any system's table; a column that is not there comes back as a value", async () => {
  const answers = Array.from({ length: 200 }, (_, i) => `${i % 2},${i % 4 ? i % 2 : 1 - (i % 2)},${i % 3 ? "a" : "b"}`);
  writeFileSync(at("answers.csv"), `y,predicted,group\n${answers.join("\n")}\n`);
  const options = { truth: "y", predicted: "predicted", attributes: ["group"], resamples: 20 };
  const found = await attempt(auditTable(at("answers.csv"), options));
  expect(found.ok && found.value.groupings.map(({ attributes }) => attributes)).toEqual([["group"]]);
  const wrong = await attempt(auditTable(at("answers.csv"), { ...options, predicted: "predcited" }));
  expect(wrong.ok).toBe(false);
  if (!wrong.ok) expect(wrong.error.toJSON()).toMatchObject({ code: "E_DATA", hint: "did you mean predicted?" });
  await expect(attempt(Promise.reject(new TypeError("a fault")))).rejects.toThrow(TypeError); // not Concord's: thrown on
});

test("a run is exported, refused by its policy with the gates as data, released with an exception, verified and recomputed", async () => {
  const { files, integrity } = await exportRun(run, { to: "web", out: at("public") });
  expect(files.map(({ path }) => path)).toContain(at("public/manifest.json"));
  expect(integrity).toMatch(/^sha256-/);
  await makeKey({ path: at("builder"), name: "Builder" });
  const { text, gates } = await policyForRun(run, { builder: ["builder.pub.json"] });
  expect(gates).toBeGreaterThan(0);
  writeFileSync(at("policy.yaml"), text);
  const signers = "version: 1\nsigners: { builder: [builder.pub.json] }\nrequire: [builder]\noverride: [builder]\n";
  writeFileSync(at("strict.yaml"), `${signers}gates: [{ value: metrics.macroF1, atLeast: 1.01 }]\n`);
  const asked = { policy: at("strict.yaml"), keys: [at("builder.key")] };
  const refused = await attempt(releaseRun(run, asked));
  if (refused.ok) return expect.unreachable();
  expect(refused.error.code).toBe("E_GATE");
  expect(refused.error.facts.details).toMatchObject({ gates: [{ value: "metrics.macroF1", passed: false }] });
  const override = { values: ["metrics.macroF1"], reason: "a test" };
  const { folder, log } = await releaseRun(run, { ...asked, override, out: at("release") });
  const verified = await verifyRelease(folder, { policy: asked.policy, log: log.folder });
  expect(verified.overrides).toMatchObject([
    { value: "metrics.macroF1", by: { role: "builder", name: "Builder" }, reason: "a test" },
  ]);
  const { compared, largestDifference } = await recomputeRelease(folder, verified, { data: at("rows.csv") });
  expect(compared).toBeGreaterThan(3);
  expect(largestDifference).toBeLessThan(0.002);
}, 120_000);
