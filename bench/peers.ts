// Where the peers of a bench are, and how both sides are run: processes in turn, figures as JSON.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";

export const shared = resolve(
  import.meta.dirname ?? ".",
  import.meta.url.includes("/dist/") ? "../../../shared" : "../../shared",
);

/** Data, weights and the peer's script, or what is missing. */
export const peer = {
  python: process.env.CONCORD_PEER_PYTHON,
  script: join(shared, "peers/hf_text_classification.py"),
  inputs: [
    "--model",
    join(shared, "models/minilm-l6"),
    "--data",
    join(shared, "data/symptom2disease.csv"),
    "--split",
    join(shared, "peers/symptom2disease-split.json"),
  ],
  tokenizer: join(shared, "models/minilm-l6/tokenizer.json"),
  data: join(shared, "data/symptom2disease.csv"),
};

/** Why a bench against the peer cannot run, or undefined. */
export function missing(): string | undefined {
  if (!existsSync(peer.data) || !existsSync(peer.tokenizer)) return "../shared has no data or no model";
  if (!peer.python) return "CONCORD_PEER_PYTHON names no interpreter (with torch, transformers, peft, scikit-learn)";
  return undefined;
}

/** What a run of a text-classification script reports. */
export interface TextRun {
  readonly first_step_s: number;
  readonly test_accuracy: number;
  readonly test_macro_f1: number;
  readonly peak_rss_mb: number;
  /** All texts to ids, once, before training (ours only). */
  readonly tokenizing_s?: number;
  readonly epochs: readonly {
    readonly seconds: number;
    readonly loss: number;
    readonly dev_accuracy: number;
    readonly spent?: Readonly<Record<string, number>>;
  }[];
}

/** Runs a command that writes its figures to the file given as its last argument. @throws Error with its output when it fails */
export function runForJson<T>(command: string, args: readonly string[]): T {
  const folder = mkdtempSync(join(tmpdir(), "concord-bench-"));
  try {
    const out = join(folder, "out.json");
    const done = spawnSync(command, [...args, out], {
      encoding: "utf8",
      maxBuffer: 2 ** 26,
      env: { ...process.env, HF_HUB_OFFLINE: "1", TOKENIZERS_PARALLELISM: "false", PYTHONDONTWRITEBYTECODE: "1" },
    });
    if (done.status !== 0)
      throw new Error(
        `${command} ${args.join(" ")} ended with ${done.status ?? done.signal}\n${done.stderr.slice(-2000)}`,
      );
    return JSON.parse(readFileSync(out, "utf8")) as T;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The peer's text classification. */
export const runPeer = (args: readonly string[]): TextRun =>
  runForJson(peer.python!, [peer.script, ...peer.inputs, ...args, "--json"]);
/** Ours, built. */
export const runOurs = (args: readonly string[]): TextRun =>
  runForJson(process.execPath, [join(import.meta.dirname, "train-text.js"), ...peer.inputs, ...args, "--json"]);

/** Middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The machine and the versions that a result belongs to. */
export function machine(): Record<string, string | number> {
  const flags = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
  const has = (name: string) => (new RegExp(`\\b${name}\\b`).test(flags) ? "yes" : "no");
  const python = peer.python
    ? spawnSync(
        peer.python,
        [
          "-c",
          "import torch, transformers, peft, platform; print(platform.python_version(), torch.__version__, transformers.__version__, peft.__version__)",
        ],
        { encoding: "utf8" },
      )
        .stdout.trim()
        .split(" ")
    : [];
  const version = (name: string) =>
    (JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8")) as { version: string }).version;
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    avx2: has("avx2"),
    avx512f: has("avx512f"),
    avx512_vnni: has("avx512_vnni"),
    avx_vnni: has("avx_vnni"),
    avx512_bf16: has("avx512_bf16"),
    node: process.version,
    "onnxruntime-node": version("onnxruntime-node"),
    python: python[0] ?? "absent",
    torch: python[1] ?? "absent",
    transformers: python[2] ?? "absent",
    peft: python[3] ?? "absent",
  };
}
