// Private training beside the plain step and beside Opacus, the accountant's speed; and, apart, what it costs in accuracy on real mails.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pldEpsilon } from "../src/privacy/index.ts";
import { median, peer, runForJson } from "./peers.ts";
import { spamAccuracies } from "./private-spam.ts";

const rounds = Number(process.env.CONCORD_BENCH_ROUNDS ?? 3);
type Kind = "lora" | "full";
interface Steps {
  readonly ms: Readonly<Record<"plain" | "private", number>>;
  readonly ratio?: number;
  readonly peak_rss_mb: number;
}
interface Opacus {
  readonly plain: number;
  readonly hooks: number;
  readonly ghost: number;
}

const ours = (kind: Kind, mode: string, more: readonly string[] = []): Steps =>
  runForJson(process.execPath, [
    join(import.meta.dirname, "private-steps.js"),
    ...peer.inputs,
    "--kind",
    kind,
    "--mode",
    mode,
    ...more,
  ]);

/** Rounds of both sides in turn; each ratio is of one round. */
export async function privateBench(): Promise<Record<string, string | number>[]> {
  const folder = mkdtempSync(join(tmpdir(), "concord-private-bench-"));
  const batch = join(folder, "batch.json");
  const time: Record<Kind, number[]> = { lora: [], full: [] };
  const memory: Record<Kind, number[]> = { lora: [], full: [] };
  const opacus: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      for (const kind of ["lora", "full"] as const) {
        const both = ours(kind, "both", ["--batch", batch]);
        time[kind].push(both.ratio!);
        console.log(
          `round ${round + 1}  ${kind}: plain ${both.ms.plain.toFixed(0)} ms, private ${both.ms.private.toFixed(0)} ms`,
        );
        const [plain, secret] = ["plain", "private"].map((mode) => ours(kind, mode).peak_rss_mb) as [number, number];
        memory[kind].push(secret / plain);
        console.log(`round ${round + 1}  ${kind}: peak ${plain.toFixed(0)} MB, private ${secret.toFixed(0)} MB`);
      }
      const step = ours("lora", "private", ["--batch", batch]).ms.private;
      const script = join(import.meta.dirname, "../../bench/private.py");
      const model = peer.inputs[peer.inputs.indexOf("--model") + 1]!;
      const theirs = runForJson<Opacus>(peer.python!, [script, "--model", model, "--batch", batch]);
      opacus.push(Math.min(theirs.hooks, theirs.ghost) / step);
      console.log(
        `round ${round + 1}  Opacus LoRA: PEFT's step ${theirs.plain.toFixed(0)} ms, hooks ${theirs.hooks.toFixed(0)} ms, ghost ${theirs.ghost.toFixed(0)} ms; ours ${step.toFixed(0)} ms`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const row = (what: string, values: readonly number[], target: string, met: boolean) => ({
    what,
    value: Math.round(median(values) * 100) / 100,
    "by round": values.map((v) => v.toFixed(2)).join(" "),
    target,
    met: met ? "yes" : "no",
  });
  const most = (what: string, values: readonly number[], limit: number) =>
    row(what, values, `at most ${limit}`, median(values) <= limit);
  return [
    most("LoRA step, private over plain", time.lora, 1.2),
    most("full step, private over plain", time.full, 1.5),
    most("LoRA peak memory, private over plain", memory.lora, 1.3),
    most("full peak memory, private over plain", memory.full, 1.3),
    row("Opacus' faster mode over our private LoRA step", opacus, "at least 2.5", median(opacus) >= 2.5),
    most("accountant pld, 100,000 steps, seconds", pldSeconds(), 1),
  ];
}

function pldSeconds(): number[] {
  const phase = { sampling: "poisson", sampleRate: 0.001, noiseMultiplier: 1, steps: 100_000 } as const;
  return Array.from({ length: rounds }, () => {
    const start = performance.now();
    pldEpsilon([phase], 1e-5);
    return (performance.now() - start) / 1000;
  });
}

/** What a budget of ε = 8 costs in accuracy; trains for an hour unless CONCORD_BENCH_MAILS takes fewer mails. */
export async function privateMailsBench(): Promise<Record<string, string | number>[]> {
  const { plain, secret, epsilon, mails } = await spamAccuracies();
  const points = (plain - secret) * 100;
  return [
    {
      what: `points of accuracy that ε = ${epsilon.toFixed(2)} costs on ${mails} mails (${(plain * 100).toFixed(1)} % without)`,
      value: Math.round(points * 100) / 100,
      "by round": "",
      target: "at most 3",
      met: points <= 3 ? "yes" : "no",
    },
  ];
}
