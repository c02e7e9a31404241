// Turns the conformance table into graphs with feeds, and compares arrays by an op's accuracy.
import { gradients } from "../../src/autodiff/index.ts";
import { type DType, type HostArray, hostArray, random } from "../../src/base/index.ts";
import {
  type Attrs,
  applyAll,
  type Graph,
  input,
  interpret,
  makeGraph,
  type Op,
  type OpName,
  ops,
  type RefArray,
  toRef,
  type Value,
} from "../../src/graph/index.ts";
import { type ExtremeClass, extremesWithout, flushed } from "./arrays.ts";
import type { Accuracy, Subject, Trial } from "./subject.ts";
import { subjects } from "./subjects.ts";

export type TrialKind = "random" | "broadcast" | "degenerate" | "extreme";
export type TestedOp = Exclude<OpName, "input">;
export const testedOps = Object.keys(subjects) as TestedOp[];
export const opRecord = (op: TestedOp): Op => ops[op] as unknown as Op;

/** One op applied to given arrays: outputs out0 …, and where it is differentiable the gradients of Σ dy·out, grad0 …. */
export interface Prepared {
  readonly name: string;
  readonly kind: TrialKind;
  readonly ties: boolean;
  readonly op: TestedOp;
  readonly graph: Graph;
  readonly feeds: Readonly<Record<string, HostArray>>;
}

/** All trials of an op, with the extreme values of some classes left out. */
export function trialsOf(op: TestedOp, excepted: readonly ExtremeClass[] = []): Prepared[] {
  const subject = subjects[op];
  const list = extremesWithout(excepted);
  const kinds: [TrialKind, readonly Trial[]][] = [
    ["random", subject.random],
    ["broadcast", subject.broadcast ?? []],
    ["degenerate", subject.degenerate],
    ["extreme", subject.extreme ? [subject.extreme(list.length)] : []],
  ];
  return kinds.flatMap(([kind, trials]) =>
    trials.map((trial, i) => prepare(op, subject, trial, kind, `${kind} ${i}: ${shapesText(trial)}`, list)),
  );
}

const shapesText = (trial: Trial): string => trial.shapes.map((s) => `[${s}]`).join(" ") || "no operands";

/** True for ops whose float operands have a gradient. */
export const isDifferentiable = (op: TestedOp): boolean => typeof opRecord(op).vjp === "function";

function prepare(
  op: TestedOp,
  subject: Subject,
  trial: Trial,
  kind: TrialKind,
  name: string,
  extremes: readonly number[],
): Prepared {
  const rng = random(`${op} ${name}`);
  const fill = trial.fill ?? subject.fill;
  const feeds: Record<string, HostArray> = {};
  const operands = trial.shapes.map((shape, i) => {
    const { dtype, make } = fill[i]!;
    feeds[`x${i}`] = hostArray(dtype, shape, make(shape, rng, extremes));
    return input(`x${i}`, dtype, shape);
  });
  const outputs = applyAll(op, operands, { ...subject.attrs, ...trial.attrs } as Attrs);
  const withGradient = kind !== "extreme" && isDifferentiable(op) && outputs[0]!.dtype === "float32";
  const seeds = withGradient ? floatValues(outputs).map((v, i) => input(`dy${i}`, v.dtype, v.shape)) : [];
  for (const [i, seed] of seeds.entries()) {
    const shape = seed.shape as number[];
    feeds[`dy${i}`] = hostArray(
      "float32",
      shape,
      Array.from({ length: sizeOf(shape) }, () => rng.normal()),
    );
  }
  return { name, kind, ties: trial.ties ?? false, op, graph: graphOf(operands, outputs, seeds), feeds };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
export const isFloat = (dtype: DType): boolean => dtype === "float32" || dtype === "float64";
const floatValues = (values: readonly Value[]): Value[] => values.filter((v) => isFloat(v.dtype));

function graphOf(operands: readonly Value[], outputs: readonly Value[], seeds: readonly Value[]): Graph {
  const wrt = seeds.length ? floatValues(operands) : [];
  const grads = wrt.length ? gradients(floatValues(outputs), wrt, seeds) : [];
  const named = (prefix: string, values: readonly Value[]) => values.map((v, i) => [`${prefix}${i}`, v] as const);
  return makeGraph(
    Object.fromEntries([...named("x", operands), ...named("dy", seeds)]),
    Object.fromEntries([...named("out", outputs), ...named("grad", grads)]),
  );
}

/** What the float64 interpreter gives: exactly, and with denormal operands taken as zero. */
export interface Expected {
  readonly exact: Record<string, RefArray>;
  readonly flushed: Record<string, RefArray>;
}
export const expectedOf = ({ graph, feeds }: Prepared): Expected => ({
  exact: interpret(graph, feeds),
  flushed: interpret(graph, Object.fromEntries(Object.entries(feeds).map(([name, x]) => [name, flushed(x)]))),
});

const largest = 3.4028234663852886e38;
const smallestNormal = 1.1754943508222875e-38;
const asStated: Accuracy = { relative: 1e-6, per: "element", reason: "the default" };
const asGradient: Accuracy = { relative: 2e-6, per: "array", reason: "gradients are sums" };

/** Accuracy of an output by its name. */
export const accuracyOf = (op: TestedOp, output: string): Accuracy =>
  output.startsWith("grad") ? (subjects[op].gradient ?? asGradient) : (subjects[op].accuracy ?? asStated);

/** Every output that deviates from what is expected beyond the op's accuracy, in words. */
export function deviations(op: TestedOp, got: Readonly<Record<string, HostArray>>, expected: Expected): string[] {
  return Object.entries(expected.exact).flatMap(([name, exact]) => {
    const result = got[name]!;
    if (String(result.shape) !== String(exact.shape))
      return [`${name}: shape [${result.shape}] is not [${exact.shape}]`];
    if (result.dtype !== exact.dtype) return [`${name}: ${result.dtype} is not ${exact.dtype}`];
    const { relative, per } = accuracyOf(op, name);
    const least = per === "unit" ? 1 : 0;
    const scale = exact.data.reduce((m, a) => (Number.isFinite(a) ? Math.max(m, Math.abs(a)) : m), least);
    const fits = (a: number, want: number) =>
      Object.is(a, want) ||
      a === want ||
      (Math.abs(want) > largest * (1 - 1e-7) && a === Math.sign(want) * Number.POSITIVE_INFINITY) ||
      Math.abs(a - want) <= relative * (per === "element" ? Math.abs(want) : scale) + 1.01 * smallestNormal;
    const values = Array.from(result.data as Float32Array, Number);
    const bad = values.findIndex((a, i) => !fits(a, exact.data[i]!) && !fits(a, expected.flushed[name]!.data[i]!));
    return bad < 0 ? [] : [`${name}[${bad}]: got ${values[bad]}, want ${exact.data[bad]}`];
  });
}

/** An op on float64 operands, so that the constants inside its gradient are not rounded to float32. */
export function inFloat64(trial: Prepared) {
  const operands = trial.graph.inputs.filter(([name]) => name.startsWith("x"));
  const wide = (dtype: DType): DType => (dtype === "float32" ? "float64" : dtype);
  const inputs = Object.fromEntries(operands.map(([name, v]) => [name, input(name, wide(v.dtype), v.shape)]));
  const feeds: Record<string, RefArray> = Object.fromEntries(
    operands.map(([name]) => [name, { ...toRef(trial.feeds[name]!), dtype: wide(trial.feeds[name]!.dtype) }]),
  );
  const { attrs } = trial.graph.outputs[0]![1].node;
  const outputs = applyAll(trial.op, Object.values(inputs), attrs as Attrs).filter((v) => v.dtype === "float64");
  const wrt = operands.flatMap(([name, v]) => (v.dtype === "float32" ? [name] : []));
  return { inputs, feeds, outputs, wrt };
}
