// A study with what a file of Optuna may hold: every kind of range and state, a condition, values that are no numbers, texts that CSV quotes.
import { openDatabase } from "../src/database/index.ts";
import { parametersOf, readRecipe } from "../src/recipe/index.ts";
import { checkedSpace, type Point } from "../src/search/index.ts";
import type { StudyTrial } from "../src/tune/study-store.ts";

const recipe = readRecipe(
  `version: 1
name: Studie 研究
data: { file: messages.csv, label: disease }
model: { scratch: {} }
search:
  objectives: [score, gap]
  space:
    adapt.learningRate: { log: [1e-7, 1] }
    adapt.labelSmoothing: { uniform: [0, 0.3] }
    adapt.method: { choice: [full, lora, 'a, "b"', null] }
    adapt.rank: { logInteger: [1, 64], when: { adapt.method: lora } }
    adapt.epochs: { integer: [1, 9] }
    adapt.batchSize: { choice: [8, 16, 0.5] }
    adapt.augment: { choice: [true, false, null] }
    model.mixed: { choice: [true, 3, "three", [1, 2]] }
`,
  "recipe.yaml",
);
const start = Date.UTC(2026, 10, 30, 23, 59, 59, 250);
const point = (n: number, more: Point = {}): Point => ({
  "adapt.learningRate": [1e-7, 1, 0.000123456789, 0.00001, 0.1][n % 5]!,
  "adapt.labelSmoothing": [0, 0.3, 0.1 + 0.2 - 0.1, 1e-5, 0.25][n % 5]!,
  "adapt.method": ["full", "lora", 'a, "b"', null][n % 4]!,
  ...(n % 4 === 1 && { "adapt.rank": 1 + n }),
  "adapt.epochs": 1 + n,
  "adapt.batchSize": [8, 16, 0.5][n % 3]!,
  "adapt.augment": [true, false, null][n % 3]!,
  "model.mixed": [true, 3, "three", [1, 2]][n % 4]!,
  ...more,
});
const curve = [
  { step: 1, cost: -0.5 },
  { step: 2, cost: Number.NaN },
  { step: 4, cost: 1e-20 },
];
const times = (n: number, ms: number) => ({ ms, started: start + 1000 * n, ended: start + 1000 * n + ms });
const trials: StudyTrial[] = [
  { number: 0, point: point(0), state: "finished", costs: [-0.875, 0], curve, ...times(0, 1500) },
  { number: 1, point: point(1), state: "finished", costs: [-1 / 3, 1e-5], curve: [], ...times(1, 2000) },
  { number: 2, point: point(2), state: "pruned", curve, ...times(2, 86_400_000 + 3_661_007) },
  {
    number: 3,
    point: point(3),
    state: "failed",
    problem: 'training diverged: "NaN", see\nlog',
    curve: [],
    ...times(3, 1),
  },
  { number: 4, point: point(4), state: "finished", costs: [Number.NaN, 0.5], curve: [], ...times(4, 10) },
  { number: 5, point: point(5), state: "running", curve: curve.slice(0, 1), started: start + 5000 },
  { number: 6, point: point(6), state: "finished", costs: [-1e16, 123456789], curve: [] }, // of an older version: without times
];

/** Two objectives. */
export const severalObjectives = {
  recipe,
  search: recipe.search!,
  space: checkedSpace(parametersOf(recipe.search!)),
  trials,
};

/** One objective, which a pruned trial has from its curve; whole seconds. */
export const oneObjective = {
  ...severalObjectives,
  search: { ...recipe.search!, objectives: ["score" as const] },
  space: severalObjectives.space.filter(({ name }) => /epochs|method|rank|learning/.test(name)),
  trials: trials.slice(0, 3).map(
    ({ costs, started, ended, ...trial }): StudyTrial => ({
      ...trial,
      point: Object.fromEntries(
        Object.entries(trial.point).filter(([name]) => /epochs|method|rank|learning/.test(name)),
      ),
      curve: curve.slice(0, trial.number + 1),
      ...(costs && { costs: costs.slice(0, 1) }),
      started: started! - 250,
      ended: started! + 2750,
    }),
  ),
};

/** All rows of a SQLite file by table. */
export async function tablesIn(path: string): Promise<Record<string, unknown[]>> {
  const sql = await openDatabase(path, { operation: "test", lock: 0 });
  try {
    const tables = await sql.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    const rows = tables.map(async ({ name }) => [name, await sql.all(`SELECT * FROM ${name}`)] as const);
    return Object.fromEntries(await Promise.all(rows));
  } finally {
    await sql.close();
  }
}
