// Deep models from random weights: GPT-2's and BERT-base's shapes in turn with PyTorch eager fp32 (ten minutes on two cores), and gradient
// checkpointing beside keeping everything.
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { random } from "../src/base/index.ts";
import { configOf } from "../src/formats/index.ts";
import { initialise, modelOf } from "../src/models/index.ts";
import { saveModel } from "../src/models/node/index.ts";
import { median, peer, runOurs, runPeer, shared, type TextRun } from "./peers.ts";

const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 5);
type Shape = readonly [
  kind: "gpt2" | "bert",
  layers: number,
  width: number,
  heads: number,
  batch: number,
  length: number,
];

/** A process that does a step for each line. */
function steps(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args.join(" ")} ended`);
    return String(value).split(" ").map(Number);
  };
  return {
    ready: next(),
    async step(): Promise<readonly number[]> {
      child.stdin.write("\n");
      return await next();
    },
    end: () => child.stdin.end(),
  };
}

const ours = (shape: Shape, ...more: string[]) =>
  steps(process.execPath, [join(import.meta.dirname, "deep-steps.js"), ...shape.map(String), ...more]);
const theirs = ([, ...sizes]: Shape) => steps(peer.python!, ["bench/deep.py", ...sizes.map(String), "2"]);

/** Steps of both in turn; the first two of each warm up. */
async function inTurn(a: ReturnType<typeof steps>, b: ReturnType<typeof steps>) {
  await a.ready;
  await b.ready;
  const pairs: (readonly [readonly number[], readonly number[]])[] = [];
  for (let i = 0; i < repeats + 2; i++) pairs.push([await a.step(), await b.step()]);
  a.end();
  b.end();
  return pairs.slice(2);
}

/** GPT-2's shape learns to write. */
async function writing() {
  const shape: Shape = ["gpt2", 12, 768, 12, 2, 256];
  const pairs = await inTurn(ours(shape), theirs(shape));
  const tokens = shape[4] * shape[5];
  const rate = (side: 0 | 1) => Math.round((1000 * tokens) / median(pairs.map((p) => p[side]![0]!)));
  const ratio = median(pairs.map(([a, b]) => b[0]! / a[0]!));
  const what = "GPT-2 shape (124 M), batch 2 × 256 tokens, whole steps";
  const row = { what, "Concord tokens/s": rate(0), "PyTorch tokens/s": rate(1), ratio: ratio.toFixed(2), atLeast: 1 };
  console.log(JSON.stringify(row));
  return { ...row, met: ratio >= 1 ? "yes" : "no" };
}

/** BERT-base's shape fine-tuned whole on some of the symptom texts, beside the script that pads to the longest of a batch. */
async function fineTuned() {
  const folder = mkdtempSync(join(tmpdir(), "concord-base-"));
  try {
    const sizes = { num_hidden_layers: 12, hidden_size: 768, num_attention_heads: 12, intermediate_size: 3072 };
    const words = { vocab_size: 30522, max_position_embeddings: 512, type_vocab_size: 2 };
    const config = { model_type: "bert", architectures: ["BertModel"], ...sizes, ...words };
    const model = modelOf(configOf(config, "bench"));
    await saveModel(folder, model, initialise(model, random(0)));
    for (const name of ["tokenizer.json", "tokenizer_config.json"])
      copyFileSync(join(dirname(peer.tokenizer), name), join(folder, name));
    const whole = JSON.parse(readFileSync(join(shared, "peers/symptom2disease-split.json"), "utf8"));
    const part = { train: whole.train.slice(0, 160), dev: whole.dev.slice(0, 32), test: whole.test.slice(0, 32) };
    writeFileSync(join(folder, "split.json"), JSON.stringify(part));
    const given = ["--model", folder, "--split", join(folder, "split.json"), "--epochs", "2"];
    const seconds = ({ epochs }: TextRun) => epochs.at(-1)!.seconds;
    const rounds = [1, 2, 3].map(() => [seconds(runOurs(given)), seconds(runPeer([...given, "--pad", "longest"]))]);
    const ratio = median(rounds.map(([a, b]) => b! / a!));
    const row = {
      what: "BERT-base shape (110 M), full fine-tuning, 160 texts, beside padding to the longest",
      "Concord s/epoch": median(rounds.map(([a]) => a!)).toFixed(1),
      "PyTorch s/epoch": median(rounds.map(([, b]) => b!)).toFixed(1),
      ratio: ratio.toFixed(2),
      atLeast: 1.3,
      met: ratio >= 1.3 ? "yes" : "no",
    };
    console.log(JSON.stringify(row));
    return row;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Steps that keep everything and steps that compute layers again, in turn: ratios of time, and of each process's peak of memory. */
export async function checkpointingBench(): Promise<Record<string, unknown>[]> {
  const shape: Shape = ["bert", 12, 768, 12, 16, 128];
  const pairs = await inTurn(ours(shape), ours(shape, "checkpointing"));
  const [time, memory] = [0, 1].map((figure) => median(pairs.map(([a, b]) => b[figure]! / a[figure]!))) as [
    number,
    number,
  ];
  const row = {
    what: "gradient checkpointing, 12 × 768, 16 × 128 tokens",
    time: time.toFixed(2),
    memory: memory.toFixed(2),
  };
  console.log(JSON.stringify(row));
  return [{ ...row, atMost: "time 1.35, memory 0.55", met: time <= 1.35 && memory <= 0.55 ? "yes" : "no" }];
}

export async function deepBench(): Promise<Record<string, unknown>[]> {
  return [await writing(), await fineTuned()];
}
