// One audit of fairness of a table of decisions with scores, drawn by seed: seconds and peak memory. node fairness-rows.js ROWS DRAWS OUT
import { writeFileSync } from "node:fs";
import { random } from "../src/base/index.ts";
import { auditFairness } from "../src/fairness/index.ts";

const [rows, draws, out] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]!];
const rng = random(1);
const truth = new Int8Array(rows);
const predicted = new Int8Array(rows);
const scores = new Float64Array(rows);
const levels = [2, 3, 4, 5, 6];
const columns = levels.map(() => new Array<string>(rows));
for (let i = 0; i < rows; i++) {
  levels.forEach((count, a) => {
    columns[a]![i] = `value ${rng.int(count)}`;
  });
  truth[i] = rng.int(2);
  scores[i] = Math.min(1, Math.max(0, 0.35 + 0.3 * truth[i]! + 0.2 * rng.normal()));
  predicted[i] = Number(scores[i]! > 0.5);
}
const attributes = Object.fromEntries(columns.map((column, a) => [`attribute ${a}`, column]));
const start = performance.now();
const findings = auditFairness({ kind: "decisions", truth, predicted, scores }, attributes, { resamples: draws });
const seconds = (performance.now() - start) / 1000;
const first = findings.groupings[0]!.groups["value 0"] as { measures: Record<string, { value: number }> };
const figures = {
  seconds,
  groupings: findings.groupings.length,
  peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  accuracy: first.measures.accuracy!.value,
};
writeFileSync(out, JSON.stringify(figures));
