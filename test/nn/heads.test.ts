// Heads against torch: classes in an order, attention pooling, an MLP. Numbers: test/golden/more-heads.json (tools/heads-golden.py: torch 2.15.0).
import { expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { type HostArray, hostArray, unflattenTree } from "../../src/base/index.ts";
import { constant, input, makeGraph, reshape, sum } from "../../src/graph/index.ts";
import { textHead } from "../../src/models/text-head.ts";
import { classLoss, inference, lowest, orderedLogits, orderedStart, paddedLayout } from "../../src/nn/index.ts";
import { goldenJson } from "../golden.ts";
import { runtimes } from "../runtimes.ts";

interface Ordered {
  readonly classes: number;
  readonly score: readonly number[];
  readonly first: readonly number[];
  readonly gaps: readonly number[];
  readonly labels: readonly number[];
  readonly logProbabilities: readonly number[];
  readonly losses: readonly number[];
  readonly gradients: readonly (readonly number[])[];
}
interface Attention {
  readonly lengths: readonly number[];
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly weights: Readonly<Record<string, Readonly<Record<"shape" | "data" | "gradient", readonly number[]>>>>;
  readonly pooled: readonly number[];
  readonly logits: readonly number[];
  readonly losses: readonly number[];
  readonly rowGradients: readonly (readonly number[])[];
}
const golden = goldenJson<{ ordered: readonly Ordered[]; attention: Attention }>("more-heads.json");
const floats = (shape: readonly number[], data: readonly number[]) =>
  hostArray("float32", shape, Float32Array.from(data));
const furthest = (a: ArrayLike<number>, b: readonly number[]) => {
  expect(a).toHaveLength(b.length);
  return Math.max(...b.map((x, i) => Math.abs(x - a[i]!)));
};

async function orderedRun(runtime: (typeof runtimes)[number], one: Ordered) {
  const score = input("score", "float32", ["B", 1]);
  const first = input("first", "float32", [1]);
  const gaps = one.classes > 2 ? input("gaps", "float32", [one.classes - 2]) : undefined;
  const labels = input("labels", "int32", ["B"]);
  const logits = orderedLogits(score, first, gaps);
  const losses = classLoss(logits, labels);
  const own = [score, first, ...(gaps ? [gaps] : [])];
  const found = Object.fromEntries(gradients([sum(losses)], own).map((g, i) => [`g${i}`, g!]));
  const inputs = { score, first, labels, ...(gaps && { gaps }) };
  const exe = await runtime.compile(makeGraph(inputs, { logits, losses: reshape(losses, ["B"]), ...found }));
  const rows = one.score.length;
  const feeds: Record<string, HostArray> = {
    score: floats([rows, 1], one.score),
    first: floats([1], one.first),
    labels: hostArray("int32", [rows], Int32Array.from(one.labels)),
    ...(gaps && { gaps: floats([one.gaps.length], one.gaps) }),
  };
  const out = await exe.run(feeds);
  await exe.dispose();
  return (name: string) => out[name]!.data as Float32Array;
}

test.each(
  runtimes.flatMap((runtime) => golden.ordered.map((one) => [runtime.name, one.classes, runtime, one] as const)),
)(
  "%s: log-probabilities, losses and gradients of %i ordered classes are torch's",
  async (_, _classes, runtime, one) => {
    const read = await orderedRun(runtime, one);
    expect(furthest(read("logits"), one.logProbabilities)).toBeLessThan(2e-5);
    expect(furthest(read("losses"), one.losses)).toBeLessThan(2e-5);
    for (const [i, expected] of one.gradients.entries()) expect(furthest(read(`g${i}`), expected)).toBeLessThan(2e-5);
    const moved = await orderedRun(runtime, { ...one, first: one.first.map((x) => x + 0.1) });
    expect(furthest(moved("logits"), one.logProbabilities)).toBeGreaterThan(1e-3);
  },
);

test("cumulative probabilities grow and nothing is infinite, whatever the parameters are", async () => {
  const score = [-80, -3, 0, 3, 80];
  const one = { classes: 5, score, first: [60], gaps: [-40, 30, -90], labels: [0, 1, 2, 3, 4] };
  const read = await orderedRun(runtimes[0]!, one as unknown as Ordered);
  for (let row = 0; row < score.length; row++) {
    const logits = Array.from(read("logits").slice(5 * row, 5 * row + 5));
    expect(logits.every((x) => Number.isFinite(x) && x <= 0)).toBe(true);
    expect(logits.reduce((all, x) => all + Math.exp(x), 0)).toBeCloseTo(1, 5);
  }
  expect([...read("g0"), ...read("g1"), ...read("g2")].every(Number.isFinite)).toBe(true);
});

test("a start at shares of classes gives them at a score of 0", async () => {
  const shares = [0.5, 0.1, 0.25, 0.15];
  const { first, gaps } = orderedStart(shares);
  const one = { classes: 4, score: [0], first: [first], gaps, labels: [0] } as unknown as Ordered;
  const read = await orderedRun(runtimes[0]!, one);
  expect(furthest(read("logits").map(Math.exp), shares)).toBeLessThan(1e-6);
});

test.each(runtimes)(
  "$name: attention pooling and an MLP over it are torch's, with padding between the texts",
  async (runtime) => {
    const { lengths, rows, labels, weights, ...want } = golden.attention;
    const [texts, longest, width] = [lengths.length, Math.max(...lengths), 5];
    const x = input("x", "float32", [texts * longest, width]);
    const bias = input("bias", "float32", [texts, 1, 1, longest]);
    const own = Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, input(name, "float32", w.shape)]));
    const layout = paddedLayout(texts, longest, bias);
    const form = { pooling: "attention", layer: "mlp", hidden: 7, activation: "gelu", dropout: 0.1 } as const;
    const { pooled, logits } = textHead(unflattenTree(Object.entries(own)), form, layout, x, inference);
    const losses = classLoss(logits, constant(hostArray("int32", [texts], Int32Array.from(labels))));
    const names = Object.keys(own);
    const [gx, ...found] = gradients([sum(losses)], [x, ...names.map((name) => own[name]!)]);
    const results = {
      pooled,
      logits,
      losses,
      gx: gx!,
      ...Object.fromEntries(found.map((g, i) => [`g ${names[i]}`, g!])),
    };
    const exe = await runtime.compile(makeGraph({ x, bias, ...own }, results));
    const padded = rows.flatMap((row) => [...row, ...new Array<number>(longest * width - row.length).fill(0.7)]);
    const out = await exe.run({
      x: floats([texts * longest, width], padded),
      bias: floats(
        [texts, 1, 1, longest],
        lengths.flatMap((n) => Array.from({ length: longest }, (_, i) => (i < n ? 0 : lowest))),
      ),
      ...Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, floats(w.shape, w.data)])),
    });
    await exe.dispose();
    for (const name of ["pooled", "logits", "losses"] as const)
      expect(furthest(out[name]!.data as Float32Array, want[name]), name).toBeLessThan(1e-5);
    for (const name of names)
      expect(furthest(out[`g ${name}`]!.data as Float32Array, weights[name]!.gradient), name).toBeLessThan(1e-5);
    const perRow = rows.map((row, b) => out.gx!.data.slice(b * longest * width, b * longest * width + row.length));
    for (const [b, row] of perRow.entries())
      expect(furthest(row as Float32Array, want.rowGradients[b]!)).toBeLessThan(1e-5);
  },
);
