// What compressing costs and gains on the symptom texts after fine-tuning MiniLM: each way on each seed, after it against before it.
// One seed takes some five minutes on two quiet cores.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeWithParts } from "../examples/symptoms/table.ts";
import { readRecipe } from "../src/recipe/index.ts";
import { type CompressedRun, compressRun, runRecipe } from "../src/runs/index.ts";
import { peer, shared } from "./peers.ts";

type Values = CompressedRun["values"];

/** One number of a way to compress, and what it should reach. */
interface Measure {
  readonly what: string;
  readonly unit: string;
  of(values: Values): number;
  readonly target: string;
  meets(mean: number): boolean;
}

const before = (values: Values, name: string): number => values[`compression.${name}.before`]!.value;
const after = (values: Values, name: string): number => values[`compression.${name}.after`]!.value;

const loss = (score: "accuracy" | "macroF1", most: number): Measure => ({
  what: `loss of ${score}`,
  unit: "points",
  of: (values) => 100 * (before(values, score) - after(values, score)),
  target: `≤ ${most}`,
  meets: (mean) => mean <= most,
});
const speedup = (least: number): Measure => ({
  what: "one request",
  unit: "times as fast",
  of: (values) => before(values, "latency.ms") / after(values, "latency.ms"),
  target: `≥ ${least}`,
  meets: (mean) => mean >= least,
});
const time = (most: number): Measure => ({
  what: "time of one request",
  unit: "× the teacher's",
  of: (values) => after(values, "latency.ms") / before(values, "latency.ms"),
  target: `≤ ${most}`,
  meets: (mean) => mean <= most,
});
const keptF1 = (least: number): Measure => ({
  what: "macroF1",
  unit: "× the teacher's",
  of: (values) => after(values, "macroF1") / before(values, "macroF1"),
  target: `≥ ${least}`,
  meets: (mean) => mean >= least,
});

const half = { heads: 0.5, width: 0.5 };
/** Ways to compress. Half of the heads and units is half of the encoder's multiplications. */
const ways: readonly { readonly name: string; readonly step: object; readonly measures: readonly Measure[] }[] = [
  { name: "int8", step: { quantise: "int8" }, measures: [loss("accuracy", 1), loss("macroF1", 1)] },
  { name: "int4", step: { quantise: "int4" }, measures: [loss("accuracy", 1), loss("macroF1", 1)] },
  {
    name: "half the heads and units, recovered",
    step: { prune: { ...half, recovery: { epochs: 6 } } },
    measures: [speedup(1.6), loss("macroF1", 2)],
  },
  {
    name: "half the layers, distilled",
    step: { distil: { layers: 3, epochs: 6, hidden: 0.1 } },
    measures: [keptF1(0.97), time(0.6)],
  },
];

/** Of each way to compress, the numbers of its measures. */
type SeedNumbers = Record<string, number[]>;

/** Fine-tunes a teacher and compresses it in each way. */
async function numbersOf(seed: number, folder: string, table: string): Promise<SeedNumbers> {
  const set = [
    `seed=${seed}`,
    `data.file=${table}`,
    `model.from=${join(shared, "models/minilm-l6")}`,
    "export.onnx=false",
    "adapt.epochs=10", // of the five of examples/symptoms the teacher gains from any further epoch, which would be taken for a gain of compressing
    "audit={explanation: false, fairness: false, privacy: false, robustness: false}",
  ];
  const run = join(folder, `seed ${seed}`);
  await runRecipe(readRecipe(readFileSync("examples/symptoms/recipe.yaml", "utf8"), "recipe.yaml", set), {
    home: folder,
    folder: run,
  });
  const found: SeedNumbers = {};
  for (const { name, step, measures } of ways) {
    const { values } = await compressRun(run, { settings: { steps: [step], explained: 0, resamples: 200 } });
    found[name] = measures.map((measure) => measure.of(values));
    console.log(
      `seed ${seed}  ${name}: ${measures.map(({ what, unit }, i) => `${what} ${found[name]![i]!.toFixed(3)} ${unit}`).join(", ")}`,
    );
  }
  rmSync(run, { recursive: true, force: true });
  return found;
}

/**
 * A row for each measure of each way: the mean over seeds, and each seed's.
 * @param folder for runs. With CONCORD_BENCH_KEPT the numbers of finished seeds are kept in that folder, and a later call goes on from there
 */
export async function qualities(folder: string, seeds: number): Promise<Record<string, string | number>[]> {
  const table = join(folder, "symptoms.csv");
  await writeWithParts(peer.data, join(shared, "peers/symptom2disease-split.json"), table);
  const kept = process.env.CONCORD_BENCH_KEPT ?? folder;
  const all: SeedNumbers[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const file = join(kept, `quality ${seed}.json`);
    const found = existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as SeedNumbers)
      : await numbersOf(seed, folder, table);
    writeFileSync(file, JSON.stringify(found));
    all.push(found);
  }
  return ways.flatMap(({ name, measures }) =>
    measures.map((measure, i) => {
      const numbers = all.map((one) => one[name]![i]!);
      const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
      return {
        what: `${name}: ${measure.what}, ${numbers.length} seeds`,
        unit: measure.unit,
        ours: Math.round(1000 * mean) / 1000,
        "by seed": numbers.map((x) => x.toFixed(3)).join(" "),
        target: measure.target,
        met: measure.meets(mean) ? "yes" : "no",
      };
    }),
  );
}
