// Runs the cases of test/golden/ops.json on a runtime: outputs and vector–Jacobian products against the reference.
import { gradients } from "../../src/autodiff/index.ts";
import { type DType, type HostArray, hostArray } from "../../src/base/index.ts";
import { input, makeGraph, type Value } from "../../src/graph/index.ts";
import type { Runtime } from "../../src/runtime/index.ts";
import { goldenJson } from "../golden.ts";
import type { Adapter, Attributes } from "./adapters.ts";

type Numbers = readonly (number | string | boolean)[];
interface GoldenArray {
  readonly shape: readonly number[];
  readonly dtype: "f32" | "i64" | "bool";
  readonly data: Numbers;
}
export interface OpCase {
  readonly op: string;
  readonly torch: string;
  readonly attrs: Attributes;
  readonly inputs: Readonly<Record<string, GoldenArray>>;
  readonly outputs: readonly GoldenArray[];
  readonly dy: readonly (GoldenArray | null)[];
  readonly grads?: Readonly<Record<string, GoldenArray>>;
  readonly tol: { readonly out: number; readonly grad: number };
}

export const opCases = (): readonly OpCase[] => goldenJson<{ cases: OpCase[] }>("ops.json").cases;

const dtypeOf: Record<GoldenArray["dtype"], DType> = { f32: "float32", i64: "int32", bool: "bool" };
const toHost = (a: GoldenArray): HostArray => hostArray(dtypeOf[a.dtype], a.shape, a.data.map(Number));

/** The largest |got − want| beyond tol·max|want|; NaN and infinities must match exactly. */
function compare(what: string, got: HostArray, want: GoldenArray, tol: number): string[] {
  const [w, g] = [want.data.map(Number), Array.from(got.data as Float32Array, Number)];
  if (String(got.shape) !== String(want.shape)) return [`${what}: shape [${got.shape}] is not [${want.shape}]`];
  const scale = w.reduce((m, x) => (Number.isFinite(x) ? Math.max(m, Math.abs(x)) : m), 0);
  const bad = w.findIndex((x, i) => !(Object.is(x, g[i]) || x === g[i] || Math.abs(x - g[i]!) <= tol * scale));
  return bad < 0 ? [] : [`${what}[${bad}]: got ${g[bad]}, want ${w[bad]} (tol ${tol * scale})`];
}

/** Every disagreement of one case on one runtime, in words; empty when it passes. */
export async function runCase(runtime: Runtime, c: OpCase, adapter: Adapter): Promise<string[]> {
  const values = Object.fromEntries(
    Object.entries(c.inputs).map(([name, a]) => [name, input(name, dtypeOf[a.dtype], a.shape)]),
  );
  const outputs = [adapter(values, c.attrs, c.torch)].flat() as Value[];
  const seeds = Object.fromEntries(
    c.dy.flatMap((dy, i) => (dy ? [[`dy${i}`, input(`dy${i}`, "float32", dy.shape)]] : [])),
  );
  const wrt = Object.keys(c.grads ?? {});
  const grads = gradients(
    outputs.filter((_, i) => c.dy[i]),
    wrt.map((name) => values[name]!),
    Object.values(seeds),
  );
  const results = {
    ...Object.fromEntries(outputs.map((v, i) => [`out${i}`, v])),
    ...Object.fromEntries(wrt.map((name, i) => [`grad ${name}`, grads[i]!])),
  };
  const exe = await runtime.compile(makeGraph({ ...values, ...seeds }, results));
  const feeds = Object.fromEntries([
    ...Object.entries(c.inputs).map(([name, a]) => [name, toHost(a)] as const),
    ...c.dy.flatMap((dy, i) => (dy ? [[`dy${i}`, toHost(dy)] as const] : [])),
  ]);
  const got = await exe.run(feeds);
  await exe.dispose();
  return [
    ...c.outputs.flatMap((want, i) => compare(`out${i}`, got[`out${i}`]!, want, c.tol.out)),
    ...wrt.flatMap((name) => compare(`grad ${name}`, got[`grad ${name}`]!, c.grads![name]!, c.tol.grad)),
  ];
}
