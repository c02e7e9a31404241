// How fast the built command line starts: whole processes, from the call to the end, against the limits that the project set itself.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "../src/cli/main.js");

/** Commands with their limits, and Node itself for comparison. */
const cases = [
  { command: "node -e 0", args: ["-e", "0"], limitMs: undefined },
  { command: "concord --help", args: [main, "--help"], limitMs: 200 },
  { command: "concord predict --help", args: [main, "predict", "--help"], limitMs: 200 },
  { command: "concord doctor", args: [main, "doctor", "--json"], limitMs: 1000 },
] as const;

/** Median and slowest of some processes each, taken in turn. */
export async function startBench(): Promise<Record<string, unknown>[]> {
  const rounds = 15;
  const times = cases.map((): number[] => []);
  for (let round = 0; round <= rounds; round++)
    for (const [i, { args, command }] of cases.entries()) {
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      const ms = performance.now() - start;
      if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
      if (round > 0) times[i]!.push(ms); // the first round fills the disk's cache
    }
  return cases.map(({ command, limitMs }, i) => {
    const sorted = times[i]!.sort((a, b) => a - b);
    const medianMs = Math.round(sorted[rounds >> 1]!);
    return { command, medianMs, slowestMs: Math.round(sorted.at(-1)!), limitMs, within: limitMs && medianMs < limitMs };
  });
}
