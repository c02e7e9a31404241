// The seam of private training: the squared gradient norm of each example, computed without forming gradients, equals that of
// gradients formed one example at a time. Rows belong to examples by the packed layout.
import { describe, expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import {
  type Attrs,
  applyAll,
  constant,
  type Graph,
  gather,
  input,
  interpret,
  makeGraph,
  mul,
  sum,
  type Value,
} from "../../src/graph/index.ts";
import { packedLayout, packedSpecs, packLayout } from "../../src/nn/index.ts";
import { runtimes } from "../runtimes.ts";
import { subjects } from "./subjects.ts";
import { opRecord, testedOps } from "./trials.ts";

const lengths = [3, 1, 2];
const rows = lengths.reduce((a, b) => a + b, 0);
const withParameters = testedOps.filter((op) => opRecord(op).traits.parameters);

/** A graph with the norms by the op's own rule (`ghost which`) and one example at a time (`plain which`), both [B]. */
function bothNorms(op: (typeof withParameters)[number]): { graph: Graph; feeds: Record<string, HostArray> } {
  const subject = subjects[op];
  const trial = subject.examples!(rows);
  const rng = random(`examples ${op}`);
  const record = opRecord(op);
  const parameters = Object.keys(record.traits.parameters!).map(Number);
  const feeds: Record<string, HostArray> = {};
  const fed = (name: string, array: HostArray): Value => {
    feeds[name] = array;
    return input(name, array.dtype, array.shape);
  };
  const operands = trial.shapes.map((shape, i) => {
    const { dtype, make } = (trial.fill ?? subject.fill)[i]!;
    return fed(`x${i}`, hostArray(dtype, shape, make(shape, rng, [])));
  });
  const attrs = { ...subject.attrs, ...trial.attrs } as Attrs;
  const y = applyAll(op, operands, attrs)[0]!;
  const size = y.shape.reduce<number>((n, d) => n * (d as number), 1);
  const g = fed(
    "g",
    hostArray(
      "float32",
      y.shape as number[],
      Array.from({ length: size }, () => rng.normal()),
    ),
  );
  const specs = packedSpecs([], false);
  const packed = packLayout(lengths, [], false);
  const places = Object.fromEntries(
    Object.entries(specs).map(([name, [dtype]]) => [name, fed(name, { ...packed[name]!, dtype } as HostArray)]),
  );
  const layout = packedLayout(places);
  const outputs = parameters.map(
    (which) => [`ghost ${which}`, record.exampleNorm!(operands, g, which, attrs, layout)] as const,
  );
  const inputs = Object.fromEntries(
    Object.keys(feeds).map((name) => [name, { ...operands, g, ...places }[name] as Value]),
  );
  operands.forEach((v, i) => {
    inputs[`x${i}`] = v;
  });
  const starts = lengths.map((_, b) => lengths.slice(0, b).reduce((a, c) => a + c, 0));
  const attrsOf = (count: number) => ({ ...subject.attrs, ...subject.examples!(count).attrs }) as Attrs;
  const plain = lengths.flatMap((length, b) => {
    const own = constant(
      hostArray(
        "int32",
        [length],
        Array.from({ length }, (_, i) => starts[b]! + i),
      ),
    );
    const part = operands.map((v, i) => (parameters.includes(i) ? v : gather(v, own)));
    const loss = sum(mul(applyAll(op, part, attrsOf(length))[0]!, gather(g, own)));
    return gradients(
      [loss],
      parameters.map((i) => operands[i]!),
    ).map((d, i) => [`plain ${parameters[i]} ${b}`, sum(mul(d, d))] as const);
  });
  return { graph: makeGraph(inputs, Object.fromEntries([...outputs, ...plain])), feeds };
}

test("every op through which parameters enter has the seam", () => {
  expect(withParameters).toEqual(["add", "broadcastTo", "matmul", "linear", "conv", "embed", "layerNorm", "rmsNorm"]);
  for (const op of withParameters) {
    expect(opRecord(op).exampleNorm, op).toBeDefined();
    expect(subjects[op].examples, op).toBeDefined();
  }
});

/** Largest relative disagreement between the two ways, over parameters and examples. */
function disagreement(out: Readonly<Record<string, { readonly data: ArrayLike<number | bigint> }>>): number {
  const names = Object.keys(out).filter((name) => name.startsWith("plain"));
  return Math.max(
    ...names.map((name) => {
      const [, which, example] = name.split(" ");
      const [ghost, plain] = [Number(out[`ghost ${which}`]!.data[Number(example)]), Number(out[name]!.data[0])];
      return Math.abs(ghost - plain) / Math.max(plain, 1e-3);
    }),
  );
}

describe.each(withParameters)("the example norms of %s", (op) => {
  const { graph, feeds } = bothNorms(op);

  test("equal those of gradients made one example at a time", () => {
    expect(disagreement(interpret(graph, feeds))).toBeLessThan(1e-9);
  });

  test.each(runtimes)("do so on $name", async (runtime) => {
    const exe = await runtime.compile(graph);
    const out = await exe.run(feeds);
    await exe.dispose();
    expect(disagreement(out as Record<string, { data: Float32Array }>)).toBeLessThan(1e-5);
  });

  test("and a row that is counted for another example is found", () => {
    const swapped = { ...feeds, "slots.1": hostArray("int32", [3, 1, 3], [0, 1, 3, 2, 6, 6, 4, 5, 6]) };
    expect(disagreement(interpret(graph, swapped))).toBeGreaterThan(1e-3);
  });
});
