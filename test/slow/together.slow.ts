// Whole studies by training: every option of one changes its model, and a member whose budget is spent leaves the others to go on.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadModel } from "../../src/models/node/index.ts";
import { prepareStudy, recipe, study } from "../together/rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-studies-"));
beforeAll(() => prepareStudy(home));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const far = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]!)));

test.each([
  ["decay", "together.decay=none"],
  ["steps", "together.steps=1"],
  ["optimizer", "together.optimizer=sgd"],
  ["strategy", "together.strategy={name: fedprox, proximal: 5}"],
  ["server rate", "together.strategy={name: fedadam, rate: 0.01}"],
])("the study's %s changes its model", async (name, override) => {
  plain ??= study(home, recipe(), "options-plain").then((s) => s.outcome.coordinator.model);
  const { outcome } = await study(home, recipe(override), `options-${name.replace(" ", "-")}`);
  expect(outcome.coordinator.stage).toBe("finished");
  expect(far(outcome.coordinator.model, await plain)).toBeGreaterThan(1e-5);
});
let plain: Promise<Float32Array> | undefined;

test("a study learns a head that its recipe chooses, every weight of it", async () => {
  const [where, own] = [join(home, "head"), recipe("model.pooling=attention", "model.head=mlp")];
  await prepareStudy(where, undefined, own);
  const { model, weights } = await loadModel(join(where, "start"));
  const { outcome } = await study(where, own, "head");
  expect(outcome.coordinator.stage).toBe("finished");
  const start = Float32Array.from(model.parameters.flatMap(({ name }) => [...weights.get(name)!.data]));
  expect(outcome.coordinator.model).toHaveLength(start.length);
  const heads = model.parameters.filter(({ head }) => head).map(({ name }) => name);
  expect(heads.every((name) => name.startsWith("text_head."))).toBe(true);
  expect(far(outcome.coordinator.model, start)).toBeGreaterThan(1e-3);
});

test("a member whose privacy budget is spent withdraws with that reason, and the others go on", async () => {
  // the noise is fixed, so a small budget ends after some rounds; only the smallest table samples at a rate that spends it
  const which = recipe(
    "together.rounds=3",
    "adapt.privacy={noise: 1.5, epsilon: 2.6, delta: 0.001, tables: freeze}",
    "adapt.batchSize=12",
  );
  const { outcome } = await study(home, which, "budget");
  const gone = [...outcome.coordinator.gone];
  expect(gone.map(([name]) => name)).toEqual(["hospital"]);
  expect(gone[0]![1]).toMatch(/budget/);
  const spent = [...outcome.coordinator.privacy]; // each states its own, whoever left before leaving
  expect(spent.map(([name]) => name).sort()).toEqual(["hospital", "ministry", "university"]);
  for (const [, { epsilon }] of spent) expect(epsilon).toBeLessThanOrEqual(2.6);
  expect(outcome.coordinator.stage).toBe("finished");
  expect(outcome.coordinator.results.at(-1)!.survivors).toEqual(["ministry", "university"]);
});
