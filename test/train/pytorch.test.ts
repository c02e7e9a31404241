// adapt.engine: pytorch without Python: what is refused before anything starts, and that every op of a loss has a PyTorch form.
import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { add, mulDims, ops, trace } from "../../src/graph/index.ts";
import type { TrainerSetup } from "../../src/train/index.ts";
import { graphData, sizeData } from "../../src/train/node/pytorch/graph-data.ts";
import { trainScript } from "../../src/train/node/pytorch/process.ts";
import { pytorchTrainer } from "../../src/train/node/pytorch/trainer.ts";
import { faultLater } from "../fault.ts";
import { savedCase, savedIds } from "../models/saved.ts";
import { cpuRuntime } from "../one-thread.ts";

afterEach(() => void vi.unstubAllEnvs());
const { model, weights } = savedCase("bert-single-label");
const examples = savedIds.map((ids, i) => ({ ids: Int32Array.from(ids), label: i }));
const setup: TrainerSetup = { model, weights, runtime: cpuRuntime, examples };

test("an interpreter that is not there is an error that says how to name one", async () => {
  vi.stubEnv("CONCORD_PYTHON", "/nowhere/python --flag");
  const { facts } = await faultLater("E_DEPENDENCY", () => pytorchTrainer(setup));
  expect(facts.problem).toBe("/nowhere/python cannot be started");
  expect(facts.hint).toMatch(/CONCORD_PYTHON=/);
});

test.each<[string, Partial<TrainerSetup>]>([
  ["adapt.privacy", { options: { privacy: { epsilon: 3, delta: 1e-5 } as never } }],
  ["adapt.average", { options: { average: 0.5 } }],
  ["adapt.mitigation.weighting", { options: { groupRobust: 0.1 } }],
  ["adapt", { options: { optimizer: "lion" } }],
])("%s is refused by name before a process starts", async (path, more) => {
  vi.stubEnv("CONCORD_PYTHON", "/nowhere/python");
  const { facts } = await faultLater("E_CONFIG", () => pytorchTrainer({ ...setup, ...more }));
  expect(facts.problem).toBe(`${path} does not go with adapt.engine: pytorch`);
  expect(facts.hint).toMatch(/adapt\.engine: concord$/);
});

test("every op has a PyTorch form, but for those that only gradients have", () => {
  const script = readFileSync(trainScript(), "utf8");
  const forms = [...script.matchAll(/^ {4}"(\w+)": lambda/gm)].map(([, op]) => op!);
  const others = ["input", "constant", "geluGrad"];
  expect([...forms, ...others].sort()).toEqual(Object.keys(ops).sort());
});

test("a graph as data: sizes as factors and symbols, and only what the wanted outputs need", () => {
  expect(sizeData(mulDims(2, "B", "(S+1)"))).toEqual([
    2,
    [[["S"], 1].map((s) => (Array.isArray(s) ? [1, s] : s)), "B"],
  ]);
  const graph = trace({ x: ["float32", ["B", 3]], y: ["float32", ["B", 3]] }, ({ x, y }) => ({
    one: add(x, 1),
    two: add(x, y),
  }));
  const { data, constants } = graphData(graph, ["one"]);
  expect(Object.keys(data.inputs)).toEqual(["x"]);
  expect(data.nodes.map(([op]) => op)).toEqual(["add"]);
  expect(constants.size).toBe(1);
});
