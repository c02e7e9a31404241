// How far a study comes: examples/together whole, as processes, for three seeds; macro-F1 of the sites alone, of the study and of one table of
// all rows, on the same test rows; intervals redraw patients. node dist/bench/run.js together (about ten minutes)
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Answers, compare } from "../examples/together/compare.ts";
import type { Score } from "../src/report/index.ts";

const seeds = [7, 8, 9];
const shown = ({ value, low, high }: Score, factor = 1, digits = 3) =>
  `${(factor * value).toFixed(digits)} [${(factor * low).toFixed(digits)}, ${(factor * high).toFixed(digits)}]`;

export async function togetherBench(): Promise<Record<string, string | number>[]> {
  const program = join(import.meta.dirname, "../examples/together/demo.js");
  const all: { answers: Answers; seconds: number }[] = [];
  for (const seed of seeds) {
    const folder = mkdtempSync(join(tmpdir(), "concord-together-"));
    try {
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [program, folder, `${seed}`], { encoding: "utf8" });
      if (status !== 0) throw new Error(`the example ended with ${status}: ${stderr.slice(-2000)}`);
      const answers = JSON.parse(readFileSync(join(folder, "answers.json"), "utf8")) as Answers;
      all.push({ answers, seconds: (performance.now() - start) / 1000 });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const row = (answers: readonly Answers[], seconds: number) => {
    const { arms, way } = compare(answers, (arm, site) => (site ? `alone: ${site}` : arm));
    return {
      seed: answers.map(({ seed }) => seed).join(", "),
      ...Object.fromEntries(arms.map(({ name, macroF1 }) => [name, shown(macroF1)])),
      "% of the way": shown(way, 100, 0),
      seconds: Number(seconds.toFixed(0)),
    };
  };
  const mean = all.reduce((sum, { seconds }) => sum + seconds, 0) / all.length;
  return [
    ...all.map(({ answers, seconds }) => row([answers], seconds)),
    row(
      all.map((a) => a.answers),
      mean,
    ),
  ];
}
