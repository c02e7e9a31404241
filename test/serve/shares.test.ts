// Shares of versions: they add up, one key stays with one version, a canary that grows keeps its users.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ErrorCode } from "../../src/base/index.ts";
import { checkPaths } from "../../src/serve/fleet/paths.ts";
import { placeOf, sharesOf, versionAt } from "../../src/serve/fleet/shares.ts";
import { sameAnswer } from "../../src/serve/fleet/traffic.ts";
import { faultLater } from "../fault.ts";

const weights = fc.array(fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined }), {
  minLength: 1,
  maxLength: 5,
});

test("shares add up to 1, whatever the weights, and a version without a share answers nothing", () => {
  fc.assert(
    fc.property(weights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (given, place) => {
      const shares = sharesOf(given);
      expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
      expect(shares[versionAt(given, place)]).toBeGreaterThan(0);
    }),
  );
});

test("versions get their shares of many keys, and a key its version again", () => {
  const keys = Array.from({ length: 4000 }, (_, i) => `user ${i}`);
  const canary = (weight: number) => keys.filter((key) => versionAt([undefined, weight], placeOf(key)) === 1);
  const [small, large] = [canary(10), new Set(canary(30))];
  expect(small.length / keys.length).toBeCloseTo(0.1, 1);
  expect(large.size / keys.length).toBeCloseTo(0.3, 1);
  expect(small.every((key) => large.has(key))).toBe(true);
});

test("models of a configuration are told apart, or refused", async () => {
  const model = (name: string, version: string, from: object = {}) => ({
    name,
    version,
    from: { path: name, ...from },
  });
  const check = (...models: ReturnType<typeof model>[]) => checkPaths(models);
  check(model("a", "1"), model("b", "1"));
  check(model("a", "1"), model("a", "2", { weight: 10 }), model("a", "3", { shadow: true }));
  check(model("a", "1", { weight: 40 }), model("a", "2", { weight: 60 }));
  const refused = async (...models: ReturnType<typeof model>[]) =>
    (await faultLater("E_ARGUMENT" satisfies ErrorCode, async () => check(...models))).facts.problem;
  expect(await refused(model("a", "1"), model("a", "2"))).toMatch(/two models have one name/);
  expect(await refused(model("a", "1"), model("a", "1", { weight: 5 }))).toMatch(/two versions/);
  expect(await refused(model("a", "1", { shadow: true }))).toMatch(/only shadows/);
  expect(await refused(model("a", "1", { weight: 50 }))).toMatch(/weights/);
  expect(await refused(model("a", "1", { weight: 70 }), model("a", "2", { weight: 70 }))).toMatch(/weights/);
});

test("answers are the same by label, by number to a thousandth, or by the places of entities", () => {
  const label = (name: string) => ({ kind: "label", label: name, ranked: [{ label: name, probability: 1 }] }) as const;
  const value = (x: number) => ({ kind: "value", value: x }) as const;
  const entity = (end: number) =>
    ({ kind: "entities", entities: [{ start: 0, end, type: "x", text: "a", probability: 1 }] }) as never;
  expect([sameAnswer(label("a"), label("a")), sameAnswer(label("a"), label("b"))]).toEqual([true, false]);
  expect([sameAnswer(value(2), value(2.001)), sameAnswer(value(2), value(2.1))]).toEqual([true, false]);
  expect([sameAnswer(entity(1), entity(1)), sameAnswer(entity(1), entity(2))]).toEqual([true, false]);
  expect([sameAnswer(undefined, undefined), sameAnswer(undefined, label("a"))]).toEqual([true, false]);
});
