// Optimizers and clipping against torch's reference steps: every parameter and state entry after every step, on both kinds
// of kernels and with gradients outside and inside the memory.
import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { goldenJson } from "../../test/golden.ts";
import { clipFactor, clipGradNorm, clipGradValue, globalNorm } from "./clip.ts";
import { wasmKernels } from "./kernels/kernels.ts";
import { plainKernels } from "./kernels/plain.ts";
import type { Optimizer } from "./optimizer.ts";
import { adam, adamw, lion, sgd } from "./optimizers.ts";
import { parameterStore } from "./parameter-store.ts";
import { updater } from "./updater.ts";
import { adafactor, adagrad, rmsprop } from "./whole-optimizers.ts";

type Nested = number | string | Nested[];
type Named = Record<string, Nested>;
interface Golden {
  start: Named;
  grads: Named[];
  cases: {
    name: string;
    optimizer: string;
    options: Record<string, unknown>;
    tol: number;
    steps: ({ state: Record<string, Named> } & Named)[];
  }[];
  clip: ({
    name: string;
    max: number;
    norm_type?: number | "inf";
    kind: "norm" | "value";
    total_norm?: number;
  } & Named)[];
}
const golden = goldenJson<Golden>("optim.json");
const makers = {
  SGD: sgd,
  Adam: adam,
  AdamW: adamw,
  RMSprop: rmsprop,
  Adagrad: adagrad,
  Adafactor: adafactor,
  Lion: lion,
};
const optionNames: Record<string, string> = {
  lr: "learningRate",
  weight_decay: "weightDecay",
  eps: "epsilon",
  betas: "betas",
  momentum: "momentum",
  dampening: "dampening",
  nesterov: "nesterov",
  amsgrad: "amsgrad",
  alpha: "alpha",
  centered: "centered",
  lr_decay: "learningRateDecay",
  initial_accumulator_value: "initialSum",
  beta2_decay: "beta2Decay",
  d: "clipThreshold",
};
const ownOptions = (options: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(options).map(([key, value]) => [optionNames[key] ?? `unknown option ${key}`, value]),
  );

const flat = (x: Nested): Float32Array => Float32Array.from([x].flat(9) as (number | string)[], Number);
const shapeOf = (x: Nested): number[] => (Array.isArray(x) ? [x.length, ...shapeOf(x[0] ?? 0)] : []).slice(0);
const names = Object.keys(golden.start);

/** All arrays after each step, by name. */
function run(optimizer: Optimizer, where: "outside" | "receive" | "accumulate", kernels = wasmKernels) {
  const specs = names.map((name) => ({ name, shape: shapeOf(golden.start[name]!) }));
  const store = parameterStore(specs, { slots: optimizer.stateSlots, gradients: where, kernels: kernels as never });
  for (const name of names) store.view(name).set(flat(golden.start[name]!));
  const updates = updater(store, optimizer, { decay: () => true });
  return golden.grads.map((grads) => {
    for (const name of names) {
      const gradient = flat(grads[name]!);
      if (where === "receive") store.gradient(name).set(gradient);
      updates.add([[name, where === "receive" ? store.gradient(name) : gradient]]);
    }
    updates.step();
    const arrays = new Map<string, Float32Array>();
    for (const { name, slots } of store.parameters) {
      arrays.set(name, store.view(name).slice());
      for (const slot of slots) arrays.set(`${name}.${slot.name}`, store.viewOf(slot).slice());
    }
    return arrays;
  });
}

/** The README's rule: the largest |x − ref| / (largest |ref| of that entry over start and steps), over all entries. */
function distance(steps: Map<string, Float32Array>[], c: Golden["cases"][number]): number {
  let worst = 0;
  for (const name of names) {
    const series: [key: string, refs: Float32Array[]][] = [
      [name, [golden.start, ...c.steps].map((s) => flat((s as Named)[name]!))],
    ];
    for (const slot of Object.keys(c.steps[0]!.state[name]!))
      series.push([`${name}.${slot}`, c.steps.map((s) => flat(s.state[name]![slot]!))]);
    for (const [key, refs] of series) {
      const offset = refs.length - steps.length;
      for (const [k, arrays] of steps.entries()) {
        const own = arrays.get(key);
        expect(own?.length, `${key} has the reference's size`).toBe(refs[k + offset]!.length);
        for (const [i, value] of own!.entries()) {
          const scale = Math.max(...refs.map((ref) => Math.abs(ref[i]!)));
          const error = Math.abs(value - refs[k + offset]![i]!);
          if (!(error <= c.tol * scale)) worst = Math.max(worst, Number.isNaN(error) ? Infinity : error / scale);
        }
      }
    }
  }
  return worst / c.tol;
}

const optimizerOf = (c: Golden["cases"][number], change: object = {}) =>
  makers[c.optimizer as keyof typeof makers]({ ...ownOptions(c.options), ...change } as never);

describe("five steps equal torch's in every parameter and state entry", () => {
  test.each(golden.cases.map((c) => [c.name, c] as const))("%s", (_name, c) => {
    const steps = run(optimizerOf(c), "outside");
    expect(distance(steps, c)).toBe(0);
    expect(run(optimizerOf(c), "outside", plainKernels as never)).toEqual(steps);
    expect(run(optimizerOf(c), "receive")).toEqual(steps);
    expect(run(optimizerOf(c), "accumulate")).toEqual(steps);
  });

  test.each(golden.cases.map((c) => [c.name, c] as const))(
    "%s fails with a learning rate or a beta off by a thousandth, or three times the decay",
    (_name, c) => {
      const optimizer = optimizerOf(c);
      const changes: object[] = [
        { learningRate: optimizer.learningRate * (c.optimizer === "Adafactor" ? 0.3 : 1.001) },
      ];
      const { betas, momentum, alpha } = optimizer.options as {
        betas?: [number, number];
        momentum?: number;
        alpha?: number;
      };
      if (betas)
        changes.push(
          { betas: [betas[0], betas[1] * 0.999] },
          { betas: [c.optimizer === "Lion" ? 0 : betas[0] * 0.999, betas[1]] },
        );
      if (momentum) changes.push({ momentum: momentum * 0.999 });
      if (alpha) changes.push({ alpha: alpha * 0.999 });
      if (optimizer.weightDecay) changes.push({ weightDecay: optimizer.weightDecay * 3 });
      for (const change of changes)
        expect(distance(run(optimizerOf(c, change), "outside"), c), JSON.stringify(change)).toBeGreaterThan(0);
    },
  );
});

describe("clipping equals torch's", () => {
  test.each(golden.clip.map((c) => [c.name, c] as const))("%s", (_name, c) => {
    const gradients = names.map((name) => flat(golden.grads[0]![name]!));
    const type = c.norm_type === "inf" ? Infinity : c.norm_type;
    const store = parameterStore(names.map((name) => ({ name, shape: shapeOf(golden.start[name]!) })));
    const updates = updater(store, sgd());
    updates.add(names.map((name) => [name, flat(golden.grads[0]![name]!)] as const));
    if (c.kind === "value") clipGradValue(gradients, c.max);
    else {
      const { norm, gradientScale } = updates.clipNorm(c.max, type);
      expect(Math.abs(norm - c.total_norm!)).toBeLessThan(1e-6 * c.total_norm!);
      expect(Math.abs(clipGradNorm(gradients, c.max, type) / norm - 1)).toBeLessThan(1e-12);
      expect(gradientScale).toBeCloseTo(clipFactor(norm, c.max), 12);
    }
    for (const [k, name] of names.entries()) {
      const reference = flat(c[name] as Nested);
      for (const [i, value] of gradients[k]!.entries())
        expect(Math.abs(value - reference[i]!)).toBeLessThanOrEqual(2e-6 * Math.abs(reference[i]!));
    }
  });

  test("the norm of any p, and of nothing", () => {
    expect(globalNorm([])).toBe(0);
    expect(globalNorm([Float32Array.of(3, -4)], 1)).toBe(7);
    expect(globalNorm([Float32Array.of(1, -2), Float32Array.of(2)], 3)).toBeCloseTo(17 ** (1 / 3), 12);
  });

  test("a NaN is never hidden", () => {
    expect(clipFactor(Number.NaN, 1)).toBeNaN();
    expect(globalNorm([Float32Array.of(1, Number.NaN)], Infinity)).toBeNaN();
    const gradient = Float32Array.of(Number.NaN, 9);
    clipGradValue([gradient], 1);
    expect([...gradient]).toEqual([Number.NaN, 1]);
  });

  test("limits that make no sense are refused", () => {
    fault("E_ARGUMENT", () => clipFactor(1, 0));
    fault("E_ARGUMENT", () => globalNorm([], 0));
    fault("E_ARGUMENT", () => clipGradValue([], -1));
  });
});

test("options out of range are refused with the range", () => {
  expect(fault("E_ARGUMENT", () => adamw({ betas: [0.9, 1] })).facts).toMatchObject({
    expected: "0 ≤ betas < 1",
    got: "1",
  });
  fault("E_ARGUMENT", () => adam({ learningRate: Number.NaN }));
  fault("E_ARGUMENT", () => sgd({ nesterov: true }));
  fault("E_ARGUMENT", () => sgd({ nesterov: true, momentum: 0.9, dampening: 0.1 }));
  fault("E_ARGUMENT", () => lion({ weightDecay: -1 }));
  fault("E_ARGUMENT", () => rmsprop({ alpha: 1.5 }));
  fault("E_ARGUMENT", () => adagrad({ epsilon: -1 }));
  fault("E_ARGUMENT", () => adafactor({ clipThreshold: 0.5 }));
});
