// Fairness of a large table: rates, areas and calibration by five attributes and their pairs with bootstrap intervals, beside
// fairlearn's MetricFrame on rates alone. fairlearn is run with few draws where it would take hours; its time grows with draws.
import { join } from "node:path";
import { peer, runForJson } from "./peers.ts";

interface Figures {
  readonly seconds: number;
  readonly groupings: number;
  readonly peakMiB: number;
}

/** One row a side and size; `secondsPerDraw` compares where draws differ. */
export async function fairnessBench(): Promise<Record<string, unknown>[]> {
  const own = join(import.meta.dirname, "fairness-rows.js");
  const script = join(import.meta.dirname, "../../bench/fairness.py");
  const rows: Record<string, unknown>[] = [];
  const measured = (side: string, measures: string, count: number, draws: number, command: string, file: string) => {
    const { seconds, peakMiB, groupings } = runForJson<Figures>(command, [file, String(count), String(draws)]);
    rows.push({ side, measures, rows: count, draws, groupings, seconds, secondsPerDraw: seconds / draws, peakMiB });
    console.log(rows.at(-1));
  };
  const all = "rates, AUC, BPSN, BNSP, calibration";
  measured("concord", all, 100_000, 1000, process.execPath, own);
  measured("fairlearn", "4 rates", 100_000, 1, peer.python!, script);
  measured("concord", all, 1_000_000, 1000, process.execPath, own);
  return rows;
}
