// Writing with a GPT-2 of 124 M parameters (random weights, batch 1, two threads): tokens a second in float32 and with matrices in 8 and 4
// bits, beside PyTorch eager with its cache, transformers.js and llama.cpp in 8 bits on the same weights. All take turns.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { random } from "../src/base/index.ts";
import { configOf } from "../src/formats/index.ts";
import { type Decoder, openDecoder } from "../src/generate/index.ts";
import { initialise, modelOf } from "../src/models/index.ts";
import { saveModel } from "../src/models/node/index.ts";
import { type QuantiseTarget, storedModel, storedRuntime, uncalibratedInt8 } from "../src/quantise/index.ts";
import { cpuRuntime } from "../src/runtime/node/ort.ts";
import { saveOnnx } from "../src/stages/index.ts";
import { llamaCpp, llamaFolder } from "./llama-cpp.ts";
import { median, peer } from "./peers.ts";

const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 5);
const threads = 2;
const prompt = Array.from({ length: 32 }, (_, i) => i + 5);
const written = Array.from({ length: 48 }, (_, i) => i + 100);

/** Milliseconds a token after the prompt. */
async function ours(decoder: Decoder): Promise<number> {
  const text = await decoder.start([prompt]);
  const start = performance.now();
  for (const token of written) await text.step([token]);
  return (performance.now() - start) / written.length;
}

interface Peer {
  ask(): Promise<number>;
  close(): void;
}

async function pytorch(folder: string): Promise<Peer> {
  const child = spawn(peer.python!, [resolve("bench/generate.py"), folder, String(threads)], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    ask: async () => {
      child.stdin.write("\n");
      return Number((await lines.next()).value);
    },
    close: () => child.stdin.end(),
  };
}

/** transformers.js on the folder's ONNX file: its `generate` writes greedily, so the choice of a token is in its time. */
async function transformersJs(folder: string): Promise<Peer> {
  const T = (await import("@huggingface/transformers")) as unknown as Record<string, never> & {
    env: object;
    Tensor: new (type: string, data: BigInt64Array, dims: readonly number[]) => object;
    AutoModelForCausalLM: {
      from_pretrained(name: string, options: object): Promise<JsModel>;
    };
  };
  Object.assign(T.env, { localModelPath: dirname(folder), allowRemoteModels: false });
  const model = await T.AutoModelForCausalLM.from_pretrained(folder.slice(dirname(folder).length + 1), {
    dtype: "fp32",
    session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
  });
  const ids = (values: readonly number[]) =>
    new T.Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
  return {
    async ask() {
      const write = async (count: number) => {
        const start = performance.now();
        const lengths = { max_new_tokens: count, min_new_tokens: count };
        await model.generate({ inputs: ids(prompt), attention_mask: ids(prompt.map(() => 1)), ...lengths });
        return performance.now() - start;
      };
      const first = await write(1); // the prompt, and a token
      return ((await write(1 + written.length)) - first) / written.length;
    },
    close: () => {},
  };
}
interface JsModel {
  generate(options: object): Promise<object>;
}

export async function generateBench(): Promise<Record<string, string | number>[]> {
  const sizes = { n_layer: 12, n_head: 12, n_embd: 768, n_positions: 1024, vocab_size: 50257 };
  const model = modelOf(configOf({ model_type: "gpt2", architectures: ["GPT2LMHeadModel"], ...sizes }, "GPT-2"));
  const weights = initialise(model, random(1));
  const folder = mkdtempSync(join(tmpdir(), "concord-bench-"));
  await saveModel(folder, model, weights, {});
  await saveOnnx(folder, model, weights);
  const stored = (to: QuantiseTarget) =>
    storedRuntime(cpuRuntime, storedModel(model, weights, { ...uncalibratedInt8, to }).bind);
  const open = (runtime: typeof cpuRuntime) => openDecoder(model, weights, runtime, { threads });
  const decoders = {
    float32: await open(cpuRuntime),
    "8 bits": await open(stored("int8-weights")),
    "4 bits": await open(stored("int4")),
  };
  const llama = llamaFolder();
  const peers: Record<string, Peer> = {
    PyTorch: await pytorch(folder),
    "transformers.js": await transformersJs(folder),
    ...(llama && { "llama.cpp, 8 bits": await llamaCpp(llama, folder, { threads, prompt, written }) }),
  };
  const times: Record<string, number[]> = {};
  const take = (name: string, ms: number, round: number) => {
    if (round >= 0) times[name] = [...(times[name] ?? []), ms];
  };
  for (let round = -1; round < repeats; round++) {
    for (const [name, decoder] of Object.entries(decoders)) take(name, await ours(decoder), round);
    for (const [name, other] of Object.entries(peers)) take(name, await other.ask(), round);
  }
  for (const other of Object.values(peers)) other.close();
  for (const decoder of Object.values(decoders)) await decoder.dispose();
  rmSync(folder, { recursive: true });
  const over = (name: string, other: string) =>
    Math.round(100 * median(times[other]!.map((ms, i) => ms / times[name]![i]!))) / 100;
  return Object.keys(times).map((name) => ({
    what: name,
    "tokens/s": Math.round(10_000 / median(times[name]!)) / 10,
    "over PyTorch": over(name, "PyTorch"),
    "over transformers.js": over(name, "transformers.js"),
    ...(llama && { "over llama.cpp": over(name, "llama.cpp, 8 bits") }),
    target: name === "8 bits" ? "≥ 2, ≥ 1.2" : "",
  }));
}
