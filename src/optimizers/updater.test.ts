// The updater and the store: lazy tables against dense updates, accumulation, norms, state round trips, wrong use.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { random } from "../base/index.ts";
import { globalNorm } from "./clip.ts";
import type { Optimizer } from "./optimizer.ts";
import { adam, adamw, lion, sgd } from "./optimizers.ts";
import { type ParameterStore, parameterStore } from "./parameter-store.ts";
import { type RowGradient, type Updater, updater } from "./updater.ts";
import { adafactor } from "./whole-optimizers.ts";

const V = 12;
const H = 5;

interface Side {
  store: ParameterStore;
  updates: Updater;
}

/** The same table, once with row gradients and once with the dense gradient that they sum to. */
function tables(optimizer: Optimizer): { rows: Side; dense: Side } {
  const make = (rows: boolean): Side => {
    const store = parameterStore([{ name: "table", shape: [V, H], rows }], { slots: optimizer.stateSlots });
    const rng = random(7);
    for (const [i] of store.view("table").entries()) store.view("table")[i] = rng.normal();
    return { store, updates: updater(store, optimizer) };
  };
  return { rows: make(true), dense: make(false) };
}

const rowGradient = (indices: readonly number[], seed: number): RowGradient => {
  const rng = random(seed);
  return {
    indices: Int32Array.from(indices),
    rows: Float32Array.from({ length: indices.length * H }, () => rng.normal()),
  };
};
const denseOf = ({ indices, rows }: RowGradient) => {
  const sum = new Float32Array(V * H);
  for (const [i, row] of indices.entries()) for (let j = 0; j < H; j++) sum[row * H + j]! += rows[i * H + j]!;
  return sum;
};
/** Largest distance in units of the last place of float32; entries below 1/8 (near-cancelled) in that of 1/8. */
const ulps = (a: Float32Array, b: Float32Array) =>
  Math.max(...a.map((x, i) => Math.abs(x - b[i]!) / 2 ** (Math.floor(Math.log2(Math.max(0.125, Math.abs(x)))) - 23)));

const steps = fc.array(fc.array(fc.integer({ min: 0, max: V - 1 }), { maxLength: 6 }), { minLength: 1, maxLength: 25 });

describe("a lazily updated table equals the dense update", () => {
  test.each([
    ["adamw", adamw({ learningRate: 0.05, weightDecay: 0.1 })],
    ["adamw, amsgrad", adamw({ learningRate: 0.05, weightDecay: 0.1, amsgrad: true })],
    ["lion", lion({ learningRate: 0.05, weightDecay: 0.1 })],
    ["adam without decay", adam()],
    ["adam with coupled decay", adam({ weightDecay: 0.1 })],
    ["sgd with momentum and decay", sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.1 })],
    ["adafactor", adafactor({ weightDecay: 0.1 })],
  ])("%s", (_name, optimizer) => {
    fc.assert(
      fc.property(steps, (batches) => {
        const { rows, dense } = tables(optimizer);
        for (const [k, batch] of batches.entries()) {
          const gradient = rowGradient(batch, k);
          rows.updates.touch("table", gradient.indices);
          // What a forward pass reads is up to date before it runs.
          for (const row of batch)
            expect(
              ulps(
                rows.store.view("table").slice(row * H, row * H + H),
                dense.store.view("table").slice(row * H, row * H + H),
              ),
            ).toBeLessThan(16);
          rows.updates.add([["table", gradient]]);
          dense.updates.add([["table", denseOf(gradient)]]);
          const [a, b] = [rows.updates.clipNorm(1), dense.updates.clipNorm(1)];
          expect(Math.abs(a.norm - b.norm)).toBeLessThanOrEqual(1e-12 * b.norm);
          const learningRate = 0.05 / (k + 1);
          rows.updates.step({ learningRate, gradientScale: a.gradientScale });
          dense.updates.step({ learningRate, gradientScale: b.gradientScale });
        }
        rows.updates.flush();
        expect(ulps(rows.store.view("table"), dense.store.view("table"))).toBeLessThan(16);
        for (const { name } of optimizer.stateSlots([V, H])) {
          const [own, reference] = [rows.store.slot("table", name), dense.store.slot("table", name)];
          for (const [i, x] of own.entries())
            expect(Math.abs(x - reference[i]!)).toBeLessThanOrEqual(2e-6 * Math.abs(x));
        }
      }),
      { numRuns: 20 },
    );
  });

  test("without the running factor it would not", () => {
    const { rows, dense } = tables(adamw({ learningRate: 0.05, weightDecay: 0.1 }));
    for (let k = 0; k < 5; k++) {
      rows.updates.add([["table", rowGradient([1], k)]]);
      dense.updates.add([["table", denseOf(rowGradient([1], k))]]);
      rows.updates.step();
      dense.updates.step();
    }
    expect(ulps(rows.store.view("table"), dense.store.view("table"))).toBeGreaterThan(1000); // not flushed yet
    rows.updates.flush();
    expect(ulps(rows.store.view("table"), dense.store.view("table"))).toBeLessThan(4);
  });

  test("an excluded table does not decay, and untouched rows keep their bits", () => {
    const store = parameterStore([{ name: "table", shape: [V, H], rows: true }], { slots: adamw().stateSlots });
    store.view("table").fill(1);
    const updates = updater(store, adamw({ learningRate: 0.1, weightDecay: 0.1 }), { decay: () => false });
    updates.add([["table", rowGradient([3], 1)]]);
    updates.step();
    updates.flush();
    expect(
      store
        .view("table")
        .slice(0, 3 * H)
        .every((x) => x === 1),
    ).toBe(true);
    expect(
      store
        .view("table")
        .slice(3 * H, 4 * H)
        .every((x) => x !== 1),
    ).toBe(true);
  });
});

describe("accumulation", () => {
  test("several weighted batches give the step of their weighted sum, and the next step starts afresh", () => {
    const make = (gradients: "outside" | "accumulate") => {
      const store = parameterStore(
        [
          { name: "w", shape: [40000] },
          { name: "t", shape: [V, H], rows: true },
        ],
        { slots: adamw().stateSlots, gradients },
      );
      return { store, updates: updater(store, adamw()) };
    };
    const [small, large] = [make("accumulate"), make("outside")];
    for (let step = 0; step < 3; step++) {
      const parts = [0, 1, 2].map((b) =>
        Float32Array.from({ length: 40000 }, (_, i) => ((i * 7 + b * 3 + step) % 16) / 16 - 0.5),
      );
      for (const [b, part] of parts.entries())
        small.updates.add(
          [
            ["w", part],
            ["t", rowGradient([b, 2], b)],
          ],
          0.25,
        );
      large.updates.add([
        ["w", parts[0]!.map((x, i) => (x + parts[1]![i]! + parts[2]![i]!) / 4)],
        [
          "t",
          {
            indices: Int32Array.of(0, 2, 1, 2, 2, 2),
            rows: Float32Array.from([0, 1, 2].flatMap((b) => [...rowGradient([b, 2], b).rows].map((x) => x / 4))),
          },
        ],
      ]);
      expect(Math.abs(small.updates.norm() / large.updates.norm() - 1)).toBeLessThan(1e-7);
      small.updates.step();
      large.updates.step();
    }
    expect(small.store.view("w")).toEqual(large.store.view("w"));
    expect(ulps(small.store.view("t"), large.store.view("t"))).toBeLessThan(16);
  });
});

test("norms over tensors larger than the staging window equal the plain ones", () => {
  const store = parameterStore([
    { name: "w", shape: [50001] },
    { name: "b", shape: [3] },
  ]);
  const updates = updater(store, sgd());
  const rng = random(3);
  const gradients = [50001, 3].map((n) => Float32Array.from({ length: n }, () => rng.normal()));
  updates.add([
    ["w", gradients[0]!],
    ["b", gradients[1]!],
  ]);
  for (const type of [1, 2, 3, Infinity])
    expect(Math.abs(updates.norm(type) / globalNorm(gradients, type) - 1)).toBeLessThan(1e-12);
});

test("the tensor that holds NaN or Infinity is named", () => {
  const store = parameterStore(
    [
      { name: "a", shape: [3] },
      { name: "t", shape: [V, H], rows: true },
    ],
    { slots: adamw().stateSlots },
  );
  const updates = updater(store, adamw());
  updates.add([
    ["a", new Float32Array(3)],
    ["t", rowGradient([1], 1)],
  ]);
  expect(updates.findNonFinite()).toBeUndefined();
  updates.add([["t", { indices: Int32Array.of(4), rows: new Float32Array(H).fill(Infinity) }]]);
  expect(updates.findNonFinite()).toBe("t");
  expect(updates.norm()).toBe(Infinity);
});

test("saved and restored in another store, training goes on to the same bits", () => {
  const optimizer = adamw({ learningRate: 0.01, weightDecay: 0.1 });
  const make = () => {
    const store = parameterStore(
      [
        { name: "w", shape: [3, 4] },
        { name: "t", shape: [V, H], rows: true },
      ],
      { slots: optimizer.stateSlots },
    );
    store.view("w").fill(0.5);
    store.view("t").fill(0.25);
    return { store, updates: updater(store, optimizer) };
  };
  const train = ({ updates }: Side, from: number, to: number) => {
    for (let k = from; k < to; k++) {
      updates.add([
        ["w", Float32Array.from({ length: 12 }, (_, i) => Math.sin(i * k + 1))],
        ["t", rowGradient([k % V, (k * 5) % V], k)],
      ]);
      updates.step({ learningRate: 0.01 / (k + 1) });
    }
  };
  const whole = make();
  train(whole, 0, 4);
  const saved = structuredClone(whole.updates.save());
  const values = whole.store.parameters.map((p) => whole.store.viewOf(p).slice());
  train(whole, 4, 9);
  const resumed = make();
  train(resumed, 0, 1); // what was there before is replaced
  for (const [i, p] of resumed.store.parameters.entries()) resumed.store.viewOf(p).set(values[i]!);
  resumed.updates.restore(saved);
  expect(resumed.updates.steps).toBe(4);
  train(resumed, 4, 9);
  whole.updates.flush();
  resumed.updates.flush();
  for (const [i, p] of whole.store.parameters.entries())
    expect(resumed.store.viewOf(resumed.store.parameters[i]!)).toEqual(whole.store.viewOf(p));
});

describe("wrong use is named", () => {
  const store = parameterStore(
    [
      { name: "w", shape: [2, 2] },
      { name: "frozen", shape: [2], trainable: false },
      { name: "t", shape: [V, H], rows: true },
    ],
    { slots: adamw().stateSlots },
  );
  const make = () => updater(store, adamw());
  test("a wrong size, name or kind of gradient", () => {
    expect(fault("E_SHAPE", () => make().add([["w", new Float32Array(3)]])).facts).toMatchObject({ got: "3" });
    expect(fault("E_ARGUMENT", () => make().add([["v", new Float32Array(3)]])).facts.problem).toContain(
      "there is no parameter v",
    );
    fault("E_ARGUMENT", () => make().add([["frozen", new Float32Array(2)]]));
    fault("E_ARGUMENT", () => make().add([["t", new Float32Array(V * H)]]));
    fault("E_ARGUMENT", () => make().add([["w", rowGradient([0], 0)]]));
    fault("E_SHAPE", () => make().add([["t", { indices: Int32Array.of(1), rows: new Float32Array(H - 1) }]]));
    expect(fault("E_ARGUMENT", () => make().add([["t", rowGradient([V], 0)]])).facts.expected).toBe("0 … 11");
    fault("E_ARGUMENT", () => make().touch("t", Int32Array.of(-1)));
  });
  test("a second or weighted gradient without accumulation, a missing one, a save in between", () => {
    const updates = make();
    fault("E_GRADIENT", () => updates.step());
    updates.add([["w", new Float32Array(4)]]);
    fault("E_ARGUMENT", () => updates.add([["w", new Float32Array(4)]]));
    fault("E_ARGUMENT", () => updates.save());
    fault("E_ARGUMENT", () => make().add([["w", new Float32Array(4)]], 0.5));
  });
  test("state that is another optimizer's", () => {
    fault("E_ARGUMENT", () => updater(store, lion()));
    const saved = make().save();
    fault("E_MODEL", () => make().restore({ ...saved, optimizer: "lion" }));
    fault("E_MODEL", () => make().restore({ ...saved, arrays: new Map([...saved.arrays].slice(1)) }));
  });
});

test("parameters without decay are by default those of one dimension", () => {
  const store = parameterStore([
    { name: "w", shape: [2, 2] },
    { name: "b", shape: [2] },
  ]);
  for (const { name } of store.parameters) store.view(name).fill(1);
  const decoupled = { ...sgd({ weightDecay: 0.5, learningRate: 1 }) };
  const updates = updater(store, decoupled);
  updates.add([
    ["w", new Float32Array(4)],
    ["b", new Float32Array(2)],
  ]);
  updates.step();
  expect([...store.view("w"), ...store.view("b")]).toEqual([0.5, 0.5, 0.5, 0.5, 1, 1]);
});
