// An independent oracle of gradients: onnxsim (PyPI) differentiates our exported forward graphs, losses included, by rules of its own, and its
// gradients are ours. Skipped, and said so, without it (sh tools/install-onnxsim.sh; CONCORD_ONNXSIM names a Python that has it).
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import type { HostArray } from "../../src/base/index.ts";
import { makeGraph } from "../../src/graph/index.ts";
import { hasRow, lowerToBytes } from "../../src/onnx/index.ts";
import { expand } from "../../src/passes/index.ts";
import { cpuRuntime } from "../../src/runtime/node/ort.ts";
import { batchFeeds, lossProgram } from "../../src/train/index.ts";
import { coverageExamples } from "../models/coverage.ts";
import { savedCases } from "../models/saved.ts";

const python = process.env.CONCORD_ONNXSIM ?? "node_modules/.cache/concord/onnxsim/bin/python";
const absent = !existsSync(python);
if (absent) console.log(`gradients of onnxsim are not compared: ${python} is not there (sh tools/install-onnxsim.sh)`);
const folder = mkdtempSync(join(tmpdir(), "concord-onnxsim-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of the largest entry of any gradient: a bias that softmax cancels has a gradient of rounding alone. */
const tolerance = 2e-5;
const all = savedCases();

type Arrays = Record<string, HostArray>;
interface Seen {
  readonly output: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly missing: readonly string[];
}

/** The graph of a model's losses with its weights and a batch. */
function caseOf(name: string) {
  const { model, weights } = all.find((one) => one.name === name)!;
  const graph = lossProgram(model);
  const inputs = Object.fromEntries(graph.inputs);
  const read = (arrays: Iterable<[string, HostArray]>): Arrays =>
    Object.fromEntries([...arrays].filter(([key]) => inputs[key]));
  const feeds = read(Object.entries(batchFeeds(model, coverageExamples(model), {})));
  return { graph, inputs, weights: read(weights), feeds };
}

type Case = ReturnType<typeof caseOf>;

async function ours({ graph, inputs, weights, feeds }: Case) {
  const names = Object.keys(weights);
  const losses = graph.outputs.find(([name]) => name === "losses")![1];
  const found = gradients(
    [losses],
    names.map((name) => inputs[name]!),
  );
  const outputs = { losses, ...Object.fromEntries(names.map((name, i) => [`gradient ${name}`, found[i]!])) };
  const executable = await cpuRuntime.compile(makeGraph(inputs, outputs));
  const results = await executable.run({ ...weights, ...feeds });
  await executable.dispose();
  return results as Readonly<Record<string, HostArray<"float32">>>;
}

/** Gradients of several cases by one process: Python takes seconds to start. */
function theirs(cases: Readonly<Record<string, Case>>): (name: string) => Seen {
  const paths = Object.entries(cases).map(([name, { graph, weights, feeds }]) => {
    const [model, given, out] = [".onnx", ".json", "-out.json"].map((end) => join(folder, `${name}${end}`));
    writeFileSync(model!, lowerToBytes(expand(graph, hasRow("portable")), { target: "portable" }));
    const plain = ({ dtype, shape, data }: HostArray) => ({
      dtype,
      shape,
      data: Array.from(data as Float32Array, Number),
    });
    const inputs = Object.fromEntries(Object.entries({ ...weights, ...feeds }).map(([key, a]) => [key, plain(a)]));
    writeFileSync(given!, JSON.stringify({ inputs, parameters: Object.keys(weights), output: "losses" }));
    return [model!, given!, out!];
  });
  execFileSync(python, ["tools/onnxsim-gradients.py", ...paths.flat()], { stdio: "pipe" });
  return (name) => JSON.parse(readFileSync(join(folder, `${name}-out.json`), "utf8"));
}

/** Largest difference of gradients, as a share of the largest entry; and how many weights have one. */
function apart(results: Readonly<Record<string, HostArray<"float32">>>, seen: Seen) {
  const own = Object.keys(seen.gradients).map(
    (name) => [results[`gradient ${name}`]!.data, seen.gradients[name]!] as const,
  );
  const largest = (of: (a: number, b: number) => number) =>
    Math.max(...own.flatMap(([a, b]) => Array.from(a, (x, i) => Math.abs(of(x, b[i]!)))));
  return { share: largest((a, b) => a - b) / largest((a) => a), weights: own.length };
}

const names = [
  ...[
    "bert-single-label",
    "bert-multi-label",
    "bert-regression",
    "bert-token",
    "bert-masked-lm",
    "bert-question-answering",
  ],
  ...["roberta-single-label", "distilbert-single-label", "albert-single-label", "gpt2-causal-lm", "llama-3-causal-lm"],
  ...["qwen3-single-label", "vit-single-label"],
];
const cases = Object.fromEntries(names.map((name) => [name, caseOf(name)]));
const changed = caseOf("bert-single-label");
let seenOf: (name: string) => Seen;
beforeAll(() => {
  if (absent) return;
  const name = "bert.encoder.layer.1.output.dense.weight";
  const weight = changed.weights[name]!;
  const data = Float32Array.from(weight.data as Float32Array, (x, i) => x + (i === 0 ? 0.1 : 0));
  const weights = { ...changed.weights, [name]: { ...weight, data } as HostArray };
  seenOf = theirs({ ...cases, changed: { ...changed, weights } });
}, 600_000);

test.skipIf(absent).each(names)("%s: every weight's gradient is onnxsim's", async (name) => {
  const [results, seen] = [await ours(cases[name]!), seenOf(name)];
  expect(seen.missing).toEqual([]);
  for (const [row, loss] of seen.output.entries()) expect(results.losses!.data[row]).toBeCloseTo(loss, 5);
  const { share, weights } = apart(results, seen);
  expect(weights).toBe(Object.keys(cases[name]!.weights).length);
  expect(share).toBeLessThan(tolerance);
});

test.skipIf(absent)("another weight has other gradients: the comparison can fail", async () => {
  expect(apart(await ours(changed), seenOf("changed")).share).toBeGreaterThan(10 * tolerance);
});
