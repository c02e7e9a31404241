// Every reference model that the engine covers: values on padded rows, then loss, gradients and three AdamW steps on packed rows.
import { describe, expect, test } from "vitest";
import type { HostArray } from "../../src/base/index.ts";
import { adamw, clipFactor, parameterStore, updater } from "../../src/optimizers/index.ts";
import { referenceRuntime } from "../../src/runtime/index.ts";
import { batchFeeds, stepGradients, trainingProgram } from "../../src/train/index.ts";
import { cpuRuntime } from "../one-thread.ts";
import { examplesOf } from "./examples.ts";
import { coveredModels, goldenModel, relativeError, runPadded } from "./golden.ts";

describe.each(coveredModels)("reference model %s", (name) => {
  const { model, weights, io, grads, after3, expected } = goldenModel(name);
  const tol = expected.tolerance;

  test.each([referenceRuntime, cpuRuntime])("gives the hidden states and logits on padded rows", async (runtime) => {
    const got = await runPadded(runtime, model, weights, io);
    for (const [key, array] of Object.entries(got)) {
      const limit = key === "logits" ? tol.logits! : tol.hidden_states!;
      expect(relativeError(array.data as Float32Array, io.get(key)!.data as Float32Array), key).toBeLessThanOrEqual(
        limit,
      );
    }
  });

  test("trains to the reference weights on packed rows", async () => {
    const program = trainingProgram(model);
    const exe = await cpuRuntime.compile(program.graph);
    const optimizer = adamw({
      learningRate: 1e-3,
      betas: expected.optimizer.betas,
      epsilon: expected.optimizer.eps,
      weightDecay: expected.optimizer.weight_decay,
    });
    const tables = new Set(program.gradients.filter((g) => !g.dense && g.rows.length).map((g) => g.parameter));
    const store = parameterStore(
      model.parameters.map((p) => ({ name: p.name, shape: p.shape, rows: tables.has(p.name) })),
      { slots: optimizer.stateSlots },
    );
    for (const p of model.parameters) store.view(p.name).set(weights.get(p.name)!.data as Float32Array);
    const updates = updater(store, optimizer);
    const feeds = batchFeeds(model, examplesOf(io, model.task), {});
    const params = Object.fromEntries(
      model.parameters.map((p) => [
        p.name,
        { dtype: "float32", shape: p.shape, data: store.view(p.name) } as HostArray,
      ]),
    );
    const losses: number[] = [];
    for (const [k, { lr, grad_norm }] of expected.step.entries()) {
      for (const g of program.gradients)
        for (const r of g.rows)
          if (tables.has(g.parameter)) updates.touch(g.parameter, feeds[r.index]!.data as Int32Array);
      const results = await exe.run({ ...params, ...feeds });
      losses.push(batchLoss(results, feeds));
      const gradients = stepGradients(program, results, feeds, tables);
      updates.add(gradients);
      if (k === 0)
        compareGradients(
          store,
          new Map(gradients.filter((g): g is [string, Float32Array] => g[1] instanceof Float32Array)),
          tables,
          grads,
          expected,
        );
      const norm = updates.norm();
      expect(Math.abs(norm - grad_norm) / grad_norm, `norm of step ${k}`).toBeLessThanOrEqual(
        tol.grad_norm! * (k ? 10 : 1),
      );
      updates.step({ learningRate: lr, gradientScale: clipFactor(norm, 1) });
    }
    updates.flush();
    losses.push(batchLoss(await exe.run({ ...params, ...feeds }), feeds));
    [...expected.step.map((s) => s.loss), expected.loss_after_3_steps].forEach((want, k) => {
      expect(Math.abs(losses[k]! - want) / want, `loss of step ${k}`).toBeLessThanOrEqual(tol.loss! * (k > 1 ? 2 : 1));
    });
    for (const [tensor, want] of after3) checkAfter3(tensor, store.view(tensor), want, grads.get(tensor)!, expected);
    await exe.dispose();
  });
});

/** Σ weights·losses of a run. */
function batchLoss(results: Readonly<Record<string, HostArray>>, feeds: Readonly<Record<string, HostArray>>): number {
  const weights = feeds.weights!.data as Float32Array;
  return (results.losses!.data as Float32Array).reduce((sum, loss, i) => sum + loss * weights[i]!, 0);
}

type Store = ReturnType<typeof parameterStore>;

function compareGradients(
  store: Store,
  dense: ReadonlyMap<string, Float32Array>,
  tables: ReadonlySet<string>,
  grads: ReadonlyMap<string, HostArray>,
  { tolerance: tol, grad_norm }: ReturnType<typeof goldenModel>["expected"],
): void {
  for (const [name, want] of grads) {
    const got = tables.has(name) ? store.gradient(name) : dense.get(name)!;
    const reference = want.data as Float32Array;
    const scale = reference.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
    const worst = reference.reduce((m, x, i) => Math.max(m, Math.abs(x - got[i]!)), 0);
    expect(worst, `gradient of ${name}`).toBeLessThanOrEqual(tol.grads_rel! * scale + tol.grads_floor! * grad_norm);
  }
}

/** The rule of the reference set's README: ill-conditioned entries get a wide tolerance, the rest a narrow one. */
function checkAfter3(
  name: string,
  got: Float32Array,
  want: HostArray,
  grad: HostArray,
  { tolerance: tol, grad_norm, zero_gradient }: ReturnType<typeof goldenModel>["expected"],
): void {
  const [reference, slope] = [want.data as Float32Array, grad.data as Float32Array];
  const noise = zero_gradient.filter((z) => z.tensor === name);
  let [worstWell, worstIll, total, count] = [0, 0, 0, 0];
  reference.forEach((x, i) => {
    const error = Math.abs(x - got[i]!);
    const isNoise = noise.some((z) => i >= z.start && i < z.end);
    if (!isNoise && (slope[i] === 0 || Math.abs(slope[i]!) >= tol.after3_grad_floor! * grad_norm)) {
      worstWell = Math.max(worstWell, error);
      total += error;
      count++;
    } else worstIll = Math.max(worstIll, error);
  });
  expect(worstWell, `${name} after three steps`).toBeLessThanOrEqual(tol.after3_atol!);
  expect(count ? total / count : 0, `${name} after three steps, mean`).toBeLessThanOrEqual(tol.after3_mean_abs!);
  expect(worstIll, `${name} after three steps, ill-conditioned entries`).toBeLessThanOrEqual(
    tol.after3_atol_below_floor!,
  );
}
