// Sums of clipped gradients in two ways: by the private program on a whole batch, and with one example at a time on the host.
import type { HostArray } from "../../src/base/index.ts";
import type { Model } from "../../src/models/index.ts";
import type { AdapterLayout } from "../../src/nn/index.ts";
import type { CompileOptions, Runtime } from "../../src/runtime/index.ts";
import {
  batchFeeds,
  type Clipping,
  type Example,
  type TrainingProgram,
  trainingProgram,
} from "../../src/train/index.ts";

export interface Sums {
  readonly norms: readonly number[];
  readonly sums: ReadonlyMap<string, Float64Array>;
}

interface Setup {
  readonly runtime: Runtime;
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray>;
  readonly examples: readonly Example[];
  readonly adapter?: AdapterLayout;
  readonly trainable?: (name: string) => boolean;
  readonly bind?: CompileOptions["bind"];
}

const programOf = ({ model, adapter, trainable }: Setup, clipping?: Clipping) =>
  trainingProgram(model, {
    dropout: false,
    clipping,
    trainable: trainable ?? adapter?.trains,
    adapt: adapter?.adapt,
    extra: new Map(adapter?.parameters.map((p) => [p.name, p.shape])),
  });

async function run(setup: Setup, program: TrainingProgram, batches: readonly (readonly Example[])[]) {
  const exe = await setup.runtime.compile(program.graph, { bind: setup.bind });
  const fed = Object.fromEntries([...setup.weights].filter(([name]) => !setup.bind?.[name]));
  const all: { norms: number[]; gradients: Map<string, Float64Array> }[] = [];
  for (const batch of batches) {
    const feeds = batchFeeds(setup.model, batch, { perExample: true });
    const results = await exe.run({ ...fed, ...feeds });
    all.push({
      norms: [...((results.norms?.data ?? []) as Float32Array)],
      gradients: denseGradients(program, results, feeds),
    });
  }
  await exe.dispose();
  return all;
}

/** Every gradient as a whole array, rows added up. */
export function denseGradients(
  program: TrainingProgram,
  results: Readonly<Record<string, HostArray>>,
  feeds: Readonly<Record<string, HostArray>>,
): Map<string, Float64Array> {
  const shapes = new Map(program.graph.inputs.map(([name, v]) => [name, v.shape as readonly number[]]));
  return new Map(
    program.gradients.map(({ parameter, dense, rows }) => {
      const shape = shapes.get(parameter)!;
      const out = new Float64Array(shape.reduce((a, b) => a * b, 1));
      if (dense) for (const [i, v] of (results[dense]!.data as Float32Array).entries()) out[i]! += v;
      for (const { output, index, skipId } of rows)
        (feeds[index]!.data as Int32Array).forEach((row, i) => {
          if (row === skipId) return;
          for (let j = 0; j < shape[1]!; j++)
            out[row * shape[1]! + j]! += (results[output]!.data as Float32Array)[i * shape[1]! + j]!;
        });
      return [parameter, out];
    }),
  );
}

/** One backward pass over the batch. */
export async function clippedTogether(setup: Setup, clipping: Clipping): Promise<Sums> {
  const [found] = await run(setup, programOf(setup, clipping), [setup.examples]);
  return { norms: found!.norms, sums: found!.gradients };
}

/** The same program, each example a batch of its own. */
export async function clippedAlone(setup: Setup, clipping: Clipping): Promise<Sums[]> {
  const batches = setup.examples.map((e) => [e]);
  return (await run(setup, programOf(setup, clipping), batches)).map(({ norms, gradients }) => ({
    norms,
    sums: gradients,
  }));
}

/** Gradients of each example by itself, with the plain program. */
export const gradientsApart = (setup: Setup) =>
  run(
    setup,
    programOf(setup),
    setup.examples.map((e) => [e]),
  );

/** Each example by itself; norms, clipping and sums on the host. */
export async function clippedApart(
  setup: Setup,
  { clip, clipping }: Clipping,
  made?: ReturnType<typeof gradientsApart>,
): Promise<Sums> {
  const each = await (made ?? gradientsApart(setup));
  const groupOf = (name: string) => (clipping === "flat" ? "" : name.slice(0, name.lastIndexOf(".")));
  const names = [...each[0]!.gradients.keys()];
  const groups = [...new Set(names.map(groupOf))];
  const sums = new Map(names.map((name) => [name, new Float64Array(each[0]!.gradients.get(name)!.length)]));
  const normOf = (gradients: ReadonlyMap<string, Float64Array>, chosen: readonly string[]) =>
    Math.sqrt(chosen.reduce((sum, name) => sum + gradients.get(name)!.reduce((s, g) => s + g * g, 0), 0));
  for (const { gradients } of each)
    for (const group of groups) {
      const own = names.filter((name) => groupOf(name) === group);
      const factor = Math.min(1, clip / Math.sqrt(groups.length) / (normOf(gradients, own) + 1e-6));
      for (const name of own) {
        const [sum, gradient] = [sums.get(name)!, gradients.get(name)!];
        for (let i = 0; i < sum.length; i++) sum[i]! += factor * gradient[i]!;
      }
    }
  return { norms: each.map(({ gradients }) => normOf(gradients, names)), sums };
}

/** Largest difference of any entry, over the largest entry of all sums; and of the norms. */
export function disagreement(a: Sums, b: Sums): number {
  const scale = Math.max(...[...b.sums.values()].map((s) => s.reduce((m, v) => Math.max(m, Math.abs(v)), 0)));
  const sums = [...b.sums].map(([name, want]) =>
    want.reduce((m, v, i) => Math.max(m, Math.abs(v - (a.sums.get(name)?.[i] ?? Number.POSITIVE_INFINITY))), 0),
  );
  const norms = b.norms.map((want, i) => Math.abs(want - a.norms[i]!) / want);
  return Math.max(Math.max(...sums) / scale, ...norms);
}
