// What the WebAssembly bench runs, in Node and in a page alike: our training graph, and the peers' products. Opens nothing.
import { type HostArray, hostArray, random } from "../src/base/index.ts";
import { configOf } from "../src/formats/index.ts";
import { input, makeGraph, matmul } from "../src/graph/index.ts";
import { initialise, modelOf, withHead } from "../src/models/index.ts";
import type { Runtime } from "../src/runtime/index.ts";
import { batchFeeds, trainingProgram } from "../src/train/index.ts";

/** One thing that is timed. */
export interface Contender {
  readonly name: string;
  /** Floating-point operations of one run, a multiply-add counted as two. */
  readonly flops: number;
  run(): Promise<unknown>;
}

const [layers, width, heads, inner, batch, length] = [2, 256, 4, 1024, 8, 64];
export const graphText = `BERT ${layers} × ${width}, ${batch} × ${length} tokens, forward + backward`;

/** Multiply-adds of the matrix products ×2: forward once, backward twice; attention's included, everything else is not. */
const graphFlops =
  2 * 3 * layers * (batch * length * (4 * width * width + 2 * width * inner) + 2 * batch * length * length * width);

/** Our training graph: the last block on all rows, no dropout, weights fed at every run as the trainer does. */
export async function ourGraph(runtime: Runtime, threads: number): Promise<Contender> {
  const config = withHead(
    {
      model_type: "bert",
      vocab_size: 1000,
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      intermediate_size: inner,
      max_position_embeddings: length,
      type_vocab_size: 2,
    },
    "Bert",
    "single-label",
    ["a", "b"],
  );
  const model = modelOf(configOf(config, "bench"));
  const rng = random(1);
  const examples = Array.from({ length: batch }, () => ({
    ids: Int32Array.from({ length }, () => 5 + rng.int(995)),
    label: rng.int(2),
  }));
  const everyRow = {
    ...model,
    forward: ((p, i, l, o) => model.forward(p, i, l, { ...o, allRows: true })) as typeof model.forward,
  };
  const exe = await runtime.compile(trainingProgram(everyRow, { dropout: false }).graph, { threads });
  const feeds: Record<string, HostArray> = {
    ...Object.fromEntries(initialise(model, random(0))),
    ...batchFeeds(model, examples, {}),
  };
  return { name: `ours, ${graphText}`, flops: graphFlops, run: () => exe.run(feeds) };
}

/** Products that all are asked for: a large one, where they are fastest, and those of the graph. */
const products = [
  [1024, 1024, 1024],
  [batch * length, width, inner],
  [batch * length, width, width],
] as const;

/** The products alone, on our runtime. */
export async function ourProducts(runtime: Runtime, threads: number): Promise<Contender[]> {
  const [a, b] = [input("a", "float32", ["M", "K"]), input("b", "float32", ["K", "N"])];
  const exe = await runtime.compile(makeGraph({ a, b }, { c: matmul(a, b) }), { threads });
  return products.map(([m, k, n]) => {
    const rng = random(m);
    const array = (shape: number[]) =>
      hostArray(
        "float32",
        shape,
        Float32Array.from({ length: shape[0]! * shape[1]! }, () => rng.normal()),
      );
    const feeds = { a: array([m, k]), b: array([k, n]) };
    return { name: `ours, matmul ${m} × ${k} × ${n}`, flops: 2 * m * k * n, run: () => exe.run(feeds) };
  });
}

/** The part of TensorFlow.js that is used. */
export interface Tfjs {
  randomNormal(shape: number[]): unknown;
  matMul(a: unknown, b: unknown): { data(): Promise<unknown>; dispose(): void };
}

export const tfjsProducts = (tf: Tfjs): Contender[] =>
  products.map(([m, k, n]) => {
    const [a, b] = [tf.randomNormal([m, k]), tf.randomNormal([k, n])];
    const run = async () => {
      const c = tf.matMul(a, b);
      await c.data();
      c.dispose();
    };
    return { name: `tfjs-wasm matmul ${m} × ${k} × ${n}`, flops: 2 * m * k * n, run };
  });

interface JaxArray {
  readonly ref: JaxArray;
  data(): Promise<unknown>;
}
/** The part of jax-js that is used. Its operations consume their operands; `ref` keeps them. */
export interface Jax {
  readonly numpy: { ones(shape: number[]): JaxArray; matmul(a: JaxArray, b: JaxArray): JaxArray };
}

export const jaxProducts = ({ numpy }: Jax): Contender[] =>
  products.map(([m, k, n]) => {
    const [a, b] = [numpy.ones([m, k]), numpy.ones([k, n])];
    return {
      name: `jax-js wasm matmul ${m} × ${k} × ${n}`,
      flops: 2 * m * k * n,
      run: () => numpy.matmul(a.ref, b.ref).data(),
    };
  });

/** Times all contenders in turn, round after round: GFLOP/s of each run. @param now milliseconds of a steady clock */
export async function rounds(
  contenders: readonly Contender[],
  repeats: number,
  now: () => number,
): Promise<Record<string, number[]>> {
  const rates: Record<string, number[]> = Object.fromEntries(contenders.map((c) => [c.name, []]));
  for (const c of contenders) for (let i = 0; i < 2; i++) await c.run();
  for (let round = 0; round < repeats; round++)
    for (const { name, flops, run } of contenders) {
      await new Promise((resolve) => setTimeout(resolve, 20)); // idle threads of the one before go to sleep
      const start = now();
      await run();
      rates[name]!.push(flops / (now() - start) / 1e6);
    }
  return rates;
}
