// What averaging does, with real training: adapters of different ranks, plain gradient steps, FedAdam. Options and budgets: test/slow.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serverStep } from "../../src/federated/index.ts";
import { roundRate, rowsOfRound } from "../../src/studies/local-training.ts";
import { openMemberWork } from "../../src/studies/member-work.ts";
import { studyRecipe } from "../../src/studies/study-recipe.ts";
import { names, prepareStudy, recipe, study } from "../together/rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-learning-"));
beforeAll(() => prepareStudy(home));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const far = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]!)));

test("adapters of different ranks: the study's step is the plain average of the products, by rows", async () => {
  const which = recipe("adapt.method=lora", "together.rounds=1", "together.maxExamples=100");
  const { proposal, outcome, works } = await study(home, which, "adapters", {
    hospital: 2,
    ministry: 4,
    university: 8,
  });
  expect(outcome.coordinator.stage).toBe("finished");
  const [first] = outcome.coordinator.results;
  const start = await openStartVector("adapters-start");
  const gave = await Promise.all(names.map((name) => works.get(name)!.work("train", 1, start)));
  const total = gave.reduce((n, g) => n + g.examples, 0);
  expect(first!.examples).toBe(total);
  const mean = proposal.update.flatMap(({ name, size }) =>
    Array.from({ length: size }, (_, i) => gave.reduce((s, g) => s + (g.values[name]![i]! * g.examples) / total, 0)),
  );
  const moved = Array.from(outcome.coordinator.model, (w, i) => w - start[i]!);
  expect(Math.max(...mean.map(Math.abs))).toBeGreaterThan(1e-4);
  expect(far(moved, mean)).toBeLessThan(1e-6);
  const target = proposal.update.find((p) => p.name.endsWith("query.weight"))!;
  expect(Math.max(...Array.from(gave[0]!.values[target.name]!, Math.abs))).toBeGreaterThan(0);

  async function openStartVector(name: string): Promise<Float32Array> {
    const { proposeStudy } = await import("../../src/studies/index.ts");
    const { partyOf } = await import("../federated/study.ts");
    const key = (party: string) => ({ name: party, key: partyOf(party).key });
    const plan = {
      recipe: which,
      start: join(home, "start"),
      run: name,
      coordinator: key("coordinator"),
      members: names.map(key),
    };
    return (await proposeStudy(plan)).model;
  }
});

test("a round of few steps takes the next rows of the member, and all of them before any comes again", async () => {
  const seen = [1, 2, 3, 4, 5].map((round) => Array.from(rowsOfRound({ rows: 10, perRound: 4, round, seed: 3 })));
  const walk = seen.flat();
  const sorted = (rows: number[]) => [...rows].sort((a, b) => a - b);
  const all = Array.from({ length: 10 }, (_, i) => i);
  expect([sorted(walk.slice(0, 10)), sorted(walk.slice(10))]).toEqual([all, all]);
  expect(walk.slice(0, 10)).not.toEqual(walk.slice(10));
  const which = recipe("together.steps=2", "together.rounds=1", "adapt.batchSize=4", "adapt.epochs=3");
  const steps: number[] = [];
  const { proposal } = await study(home, which, "steps");
  const start = join(home, "start");
  const work = await openMemberWork({
    proposal,
    start,
    table: join(home, "hospital.csv"),
    folder: join(home, "steps-own"),
    onEvent: (event) => event.kind === "step" && steps.push(event.step),
  });
  const size = proposal.update.reduce((n, part) => n + part.size, 0);
  await work.work("train", 1, new Float32Array(size).fill(0.01));
  expect(steps).toEqual([1, 2]);
  await work.close();
});

/** Without dropout, one full batch, plain steps. */
function stepRecipe(...overrides: string[]) {
  return recipe(
    "together.optimizer=sgd",
    "adapt.batchSize=1000",
    "adapt.weightDecay=0",
    "adapt.warmupRatio=0",
    "together.rounds=1",
    "together.maxExamples=100",
    ...overrides,
  );
}

test("one plain local step on all rows of each member is one step on all rows together", async () => {
  const config = join(home, "start", "config.json");
  const before = readFileSync(config, "utf8");
  const still = {
    ...(JSON.parse(before) as object),
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
    classifier_dropout: 0,
  };
  writeFileSync(config, JSON.stringify(still));
  try {
    const { proposal, outcome } = await study(home, stepRecipe("adapt.learningRate=0.05"), "plain");
    const tables = names.map((name) =>
      readFileSync(join(home, `${name}.csv`), "utf8")
        .trim()
        .split("\n"),
    );
    writeFileSync(join(home, "pooled.csv"), `${[tables[0]![0], ...tables.flatMap((t) => t.slice(1))].join("\n")}\n`);
    const pooled = await openMemberWork({
      proposal,
      start: join(home, "start"),
      table: join(home, "pooled.csv"),
      folder: join(home, "pooled"),
    });
    const { model } = await studyStart(outcome.coordinator.model.length);
    const { values, examples } = await pooled.work("train", 1, model);
    expect(examples).toBe(outcome.coordinator.results[0]!.examples);
    const together = Array.from(outcome.coordinator.model, (w, i) => w - model[i]!);
    const central = proposal.update.flatMap(({ name }) => Array.from(values[name]!));
    expect(Math.max(...central.map(Math.abs))).toBeGreaterThan(1e-4);
    expect(far(together, central)).toBeLessThan(2e-7);
  } finally {
    writeFileSync(config, before);
  }

  async function studyStart(size: number) {
    const { proposeStudy } = await import("../../src/studies/index.ts");
    const { partyOf } = await import("../federated/study.ts");
    const key = (party: string) => ({ name: party, key: partyOf(party).key });
    const made = await proposeStudy({
      recipe: stepRecipe(),
      start: join(home, "start"),
      run: "plain-start",
      coordinator: key("coordinator"),
      members: names.map(key),
    });
    expect(made.model.length).toBe(size);
    return made;
  }
});

test("the learning rate of rounds falls from all of it in the first to a tenth in the last, where it decays", () => {
  const rates = (...more: string[]) => {
    const which = studyRecipe(recipe("together.rounds=4", "adapt.learningRate=1", ...more));
    return [1, 2, 3, 4].map((round) => roundRate(which, round));
  };
  expect(rates("together.decay=none")).toEqual([1, 1, 1, 1]);
  for (const [i, rate] of rates("together.decay=linear").entries()) expect(rate).toBeCloseTo(1 - 0.3 * i, 12);
});

test("FedAdam's step is Adam's without bias correction, from τ² (Reddi 2021, algorithm 2)", () => {
  const strategy = { name: "fedadam", proximal: 0, rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-3 } as const;
  let [model, server]: [Float32Array, Parameters<typeof serverStep>[3]] = [Float32Array.of(1), {}];
  let [w, m, v] = [1, 0, 1e-6];
  for (const d of [0.5, -0.2, 0.1]) {
    ({ model, server } = serverStep(strategy, model, Float64Array.of(d), server));
    m = 0.9 * m + 0.1 * d;
    v = 0.99 * v + 0.01 * d * d;
    w += (0.1 * m) / (Math.sqrt(v) + 1e-3);
    expect(model[0]).toBeCloseTo(w, 6);
  }
});
