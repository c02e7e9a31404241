// Fine-tuning MiniLM on the symptom texts: seconds per epoch, first step and memory, beside the peer's script in its three paddings.
import { machine, median, runOurs, runPeer, type TextRun } from "./peers.ts";

/** Rounds of all variants in turn; the first epoch of each run is a warm-up. */
const rounds = Number(process.env.CONCORD_BENCH_ROUNDS ?? 3);
const epochs = ["--epochs", "2"];
/** Batches of texts of like length, as the peer's script makes them for `--pad group`. */
const grouped = ["--grouping", "length"];

/** Without bf16 instructions PyTorch takes minutes an epoch: one epoch, in one round, says enough. */
const slowBf16 = machine().avx512_bf16 === "no";
const bf16Epochs = slowBf16 ? ["--epochs", "1"] : epochs;
const once = new Set(slowBf16 ? ["PyTorch LoRA bf16, pad group"] : []);

const variants: Record<string, () => TextRun> = {
  "PyTorch full, pad max": () => runPeer([...epochs, "--lr", "1e-4", "--pad", "max"]),
  "PyTorch full, pad longest": () => runPeer([...epochs, "--lr", "1e-4", "--pad", "longest"]),
  "PyTorch full, pad group": () => runPeer([...epochs, "--lr", "1e-4", "--pad", "group"]),
  "Concord full": () => runOurs([...epochs, "--lr", "1e-4"]),
  "Concord full, group": () => runOurs([...epochs, "--lr", "1e-4", ...grouped]),
  "PyTorch LoRA, pad group": () => runPeer([...epochs, "--lr", "1e-3", "--pad", "group", "--lora", "8"]),
  "PyTorch LoRA bf16, pad group": () =>
    runPeer([...bf16Epochs, "--lr", "1e-3", "--pad", "group", "--lora", "8", "--bf16"]),
  "Concord LoRA, int8 base, group": () => runOurs([...epochs, "--lr", "1e-3", "--lora", "8", "--int8", ...grouped]),
  "Concord LoRA, fp32 base, group": () => runOurs([...epochs, "--lr", "1e-3", "--lora", "8", ...grouped]),
};

/** Pairs that the targets compare: ours, theirs, what, and at least which factor. */
const targets: readonly [ours: string, theirs: string, what: "seconds" | "first" | "memory", atLeast: number][] = [
  ["Concord full", "PyTorch full, pad max", "seconds", 3.5],
  ["Concord full", "PyTorch full, pad longest", "seconds", 1.5],
  ["Concord full, group", "PyTorch full, pad group", "seconds", 1.2],
  ["Concord LoRA, int8 base, group", "PyTorch LoRA, pad group", "seconds", 3],
  ["Concord LoRA, int8 base, group", "PyTorch LoRA bf16, pad group", "seconds", 1.8],
  ["Concord LoRA, fp32 base, group", "PyTorch LoRA, pad group", "seconds", 3],
  ["Concord full", "PyTorch full, pad longest", "first", 4],
  ["Concord full, group", "PyTorch full, pad group", "memory", 1],
  ["Concord LoRA, int8 base, group", "PyTorch LoRA, pad group", "memory", 1 / 0.6],
];

const figure = {
  seconds: (r: TextRun) => r.epochs.at(-1)!.seconds,
  first: (r: TextRun) => r.first_step_s,
  memory: (r: TextRun) => r.peak_rss_mb,
};
const unit = { seconds: "s/epoch", first: "s to first step", memory: "peak MB" };

/** Runs all variants in turn and compares each pair within its round. */
export async function textBench(): Promise<Record<string, string | number>[]> {
  const runs = Object.fromEntries(Object.keys(variants).map((name) => [name, [] as TextRun[]]));
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of Object.entries(variants)) {
      if (round > 0 && once.has(name)) continue;
      const result = run();
      runs[name]!.push(result);
      console.log(
        `round ${round + 1}  ${name.padEnd(30)} ${figure.seconds(result).toFixed(1)} s/epoch  first step ${result.first_step_s.toFixed(1)} s  ${Math.round(result.peak_rss_mb)} MB`,
      );
    }
  for (const name of ["Concord full", "Concord LoRA, int8 base, group"]) console.log(breakdown(name, runs[name]!));
  return targets.map(([a, b, what, atLeast]) => {
    const ratios = runs[b]!.map((r, i) => figure[what](r) / figure[what](runs[a]![i]!));
    return {
      what: `${a} vs ${b}`,
      unit: unit[what],
      ours: round2(median(runs[a]!.map(figure[what]))),
      theirs: round2(median(runs[b]!.map(figure[what]))),
      ratio: round2(median(ratios)),
      "ratios by round": ratios.map((x) => x.toFixed(2)).join(" "),
      target: round2(atLeast),
      met: median(ratios) >= atLeast ? "yes" : "no",
    };
  });
}

/** Where an epoch's seconds go. */
function breakdown(name: string, runs: readonly TextRun[]): string {
  const share = (key: string) => median(runs.map((r) => r.epochs.at(-1)!.spent![key]!)).toFixed(2);
  const tokenizing = median(runs.map((r) => r.tokenizing_s!)).toFixed(2);
  return `${name}, s per epoch: run ${share("run")}, optimizer ${share("optimizer")}, batching ${share("batch")} (of which masks ${share("masks")}); tokenizing all texts once ${tokenizing}`;
}

const round2 = (x: number): number => Math.round(x * 100) / 100;
