// What tolerances refuse, how answers that changed are counted, and ranges of activations.
import { expect, test } from "vitest";
import { fault, faultLater } from "../../test/fault.ts";
import { hostArray, random } from "../base/index.ts";
import type { Row } from "../data/index.ts";
import { observations, rangeOf } from "../quantise/index.ts";
import { compressSchema, readRecipe } from "../recipe/index.ts";
import { type Metrics, type Task, taskOf } from "../tasks/index.ts";
import { changedAnswers, mcNemar } from "./reaudit/changed-answers.ts";
import { plainChange } from "./reaudit/sides.ts";
import type { Compressing, StepContext } from "./step.ts";
import { applyStep } from "./steps/index.ts";
import { checkTolerances } from "./tolerances.ts";

test("a tolerance is about the worse direction of its value, and a gap may be named by its attribute", () => {
  const changes = {
    accuracy: plainChange(0.9, 0.88),
    ece: plainChange(0.02, 0.05),
    mae: plainChange(2, 1.5),
    "gap.region.accuracy": plainChange(0.1, 0.14),
  };
  const exceeded = (tolerances: Record<string, number>) => {
    const { code, facts } = fault("E_GATE", () => checkTolerances(changes, tolerances));
    return [code, (facts.details!.exceeded as { value: string }[]).map(({ value }) => value)];
  };
  checkTolerances(changes, { accuracy: 0.021, ece: 0.031, mae: 0, "gap.region": 0.041 });
  expect(exceeded({ accuracy: 0.019, ece: 0.029, mae: 0, "gap.region": 0.039 })).toEqual([
    "E_GATE",
    ["accuracy", "ece", "gap.region.accuracy"],
  ]);
  expect(fault("E_CONFIG", () => checkTolerances(changes, { acuracy: 0 })).facts.hint).toBe("did you mean accuracy?");
});

test("McNemar's exact test is the two-sided binomial", () => {
  expect(mcNemar(0, 0)).toBe(1);
  expect(mcNemar(5, 0)).toBeCloseTo(2 / 32, 12);
  expect(mcNemar(1, 7)).toBeCloseTo((2 * (1 + 8)) / 256, 12);
  expect(mcNemar(4, 4)).toBe(1);
  expect(mcNemar(2000, 2100)).toBeGreaterThan(0.1);
  expect(mcNemar(2000, 2400)).toBeLessThan(1e-8);
});

test("an entity with another probability is the same answer, labels in another order too; what stands there is not quoted", () => {
  const row = (place: string) => ({ place, labels: [], attributes: {} }) as unknown as Row;
  const rows = [row("a:1"), row("a:2")];
  const side = (predictions: readonly object[]) => ({ predictions, record: {}, summary: {}, text: "" }) as Metrics;
  const entity = (end: number, probability: number) => ({ start: 0, end, type: "drug", text: "aspirin", probability });
  const answer = (...predicted: unknown[]) => predicted.map((one) => ({ truth: [], predicted: one }));
  const scoring = { groups: {}, smallestCell: 1 };
  const changed = (task: Task, before: object[], after: object[]) =>
    changedAnswers({ before: side(before), after: side(after) }, rows, scoring, task)!;
  const found = changed(
    taskOf("entities"),
    answer([entity(7, 0.9)], [entity(7, 0.9)]),
    answer([entity(7, 0.8)], [entity(5, 0.9)]),
  );
  expect([found.changed, found.listed.map(({ place }) => place)]).toEqual([1, ["a:2"]]);
  expect(JSON.stringify(found.listed)).not.toContain("aspirin");
  const labels = changed(taskOf("multi-label"), answer(["x", "y"], ["x"]), answer(["y", "x"], ["x", "y"]));
  expect(labels.listed).toEqual([{ place: "a:2", before: ["x"], after: ["x", "y"] }]);
});

test("ranges: all of it, without the furthest, or cut where the least is lost; larger numbers that come later are counted too", () => {
  const { seen, observe } = observations();
  const rng = random("ranges");
  for (let i = 0; i < 20; i++)
    observe(
      "w",
      hostArray(
        "float32",
        [64, 8],
        Float32Array.from({ length: 512 }, () => rng.normal()),
      ),
    );
  observe("w", hostArray("float32", [1, 8], [40, 0, 0, 0, 0, 0, 0, -0.5]));
  const found = seen.get("w")!;
  expect(found.highs[0]).toBe(40);
  expect(found.counts.reduce((a, b) => a + b, 0)).toBe(20 * 512 + 8);
  const high = (by: "min-max" | "percentile" | "entropy") => rangeOf(found, by).high;
  expect(high("min-max")).toBe(40);
  expect(high("percentile")).toBeLessThan(6);
  expect(high("entropy")).toBeLessThan(10);
  expect(high("entropy")).toBeGreaterThan(2);
  const infinite = hostArray("float32", [1, 1], [Number.POSITIVE_INFINITY]);
  expect(fault("E_DATA", () => observe("v", infinite)).facts.problem).toContain("not finite before v");
});

const privateRecipe = readRecipe(
  "version: 1\nname: a\ndata: { file: a.csv }\nmodel: { from: m }\nadapt: { privacy: { epsilon: 3 } }",
  "recipe.yaml",
);

test.each<[string, object, string]>([
  ["trim", { trim: {} }, "trim"],
  ["distil", { distil: {} }, "distil"],
  ["quantisation-aware training", { quantise: { to: "int8", training: {} } }, "quantise.training"],
  ["pruning by movement", { prune: { method: "movement", width: 0.5 } }, "prune.method: movement"],
  ["recovery of factors", { factorise: { recovery: {} } }, "factorise.recovery"],
  ["pruning with recovery", { prune: { width: 0.5, recovery: {} } }, "prune.recovery"],
])("%s is refused after private training, before it reads a row", async (_, step, without) => {
  const [entry] = compressSchema.parse({ steps: [step] }).steps;
  const context = { recipe: privateRecipe } as StepContext;
  const { facts } = await faultLater("E_CONFIG", () => applyStep({} as Compressing, entry!, context));
  expect(facts.expected).toBe(`compress.steps without ${without}, or a run without adapt.privacy`);
});
