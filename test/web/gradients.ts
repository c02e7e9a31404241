// Loss and gradients of a reference model on packed rows, on any runtime, against the reference.
import type { HostArray } from "../../src/base/index.ts";
import type { Runtime } from "../../src/runtime/index.ts";
import { batchFeeds, stepGradients, trainingProgram } from "../../src/train/index.ts";
import { examplesOf } from "../models/examples.ts";
import { goldenModel } from "../models/golden.ts";

export interface GradientFacts {
  /** Relative error of the batch's loss over its tolerance: at most 1 passes. */
  readonly loss: number;
  /** Largest error of a gradient over its tolerance, and whose. */
  readonly gradient: number;
  readonly worst: string;
}

/** One forward and backward pass. */
export async function goldenGradients(runtime: Runtime, name: string): Promise<GradientFacts> {
  const { model, weights, io, grads, expected } = goldenModel(name);
  const program = trainingProgram(model);
  const exe = await runtime.compile(program.graph);
  const feeds = batchFeeds(model, examplesOf(io, model.task), {});
  const results = await exe.run({ ...Object.fromEntries(weights), ...feeds });
  await exe.dispose();
  const share = feeds.weights!.data as Float32Array;
  const loss = (results.losses!.data as Float32Array).reduce((sum, x, i) => sum + x * share[i]!, 0);
  const tables = new Set(program.gradients.filter((g) => !g.dense && g.rows.length).map((g) => g.parameter));
  const tol = expected.tolerance;
  let [gradient, worst] = [0, ""];
  for (const [parameter, found] of wholeGradients(stepGradients(program, results, feeds, tables), grads)) {
    const want = grads.get(parameter)!.data as Float32Array;
    const scale = want.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
    const error = want.reduce((m, x, i) => Math.max(m, Math.abs(x - found[i]!)), 0);
    const share = error / (tol.grads_rel! * scale + tol.grads_floor! * expected.grad_norm);
    if (!(share <= gradient)) [gradient, worst] = [share, parameter];
  }
  return { loss: Math.abs(loss - expected.loss) / expected.loss / tol.loss!, gradient, worst };
}

/** Row gradients added into tables of zeros. */
function wholeGradients(
  parts: ReturnType<typeof stepGradients>,
  reference: ReadonlyMap<string, HostArray>,
): Map<string, Float32Array> {
  const whole = new Map<string, Float32Array>();
  for (const [name, part] of parts) {
    if (part instanceof Float32Array) {
      whole.set(name, part);
      continue;
    }
    const { shape, data } = reference.get(name)!;
    const table = whole.get(name) ?? new Float32Array(data.length);
    const width = shape[1]!;
    part.indices.forEach((row, i) => {
      for (let j = 0; j < width; j++) table[row * width + j]! += part.rows[i * width + j]!;
    });
    whole.set(name, table);
  }
  return whole;
}
