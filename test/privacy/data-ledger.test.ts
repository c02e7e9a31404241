// What rows have spent belongs to the rows: another run folder, another split or another table with some of them goes on from there.
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Mechanism } from "../../src/privacy/index.ts";
import { ledgerRuns } from "../../src/privacy/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { type DataLedger, rowDigests } from "../../src/train/node/data-ledger.ts";
import { openLedger } from "../../src/train/node/ledger-file.ts";
import { privateHost } from "../../src/train/node/private-host.ts";

const home = mkdtempSync(join(tmpdir(), "concord-data-ledger-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const mechanism: Mechanism = {
  name: "dp-sgd",
  sampling: "poisson",
  sampleRate: 0.1,
  noiseMultiplier: 1,
  clip: 1,
  clipping: "flat",
  unit: "example",
  examples: 100,
  draws: 4,
};
const planOf = (epsilon: number, changes: Partial<Mechanism> = {}) => ({
  options: { clip: 1, clipping: "flat", microBatch: 16, tables: "train" } as const,
  mechanism: { ...mechanism, ...changes },
  budget: { epsilon, delta: 1e-5 },
});
const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `row ${from + i}`);
const ledgerOf = (run: string) => join(home, run, "privacy-ledger.jsonl");

/** A run on rows: its folder, what it charges. */
async function spend(
  run: string,
  data: DataLedger,
  steps: number,
  { epsilon = 1000, ...changes }: Partial<Mechanism> & { epsilon?: number } = {},
) {
  const host = await privateHost(join(home, run, "keep"), ledgerOf(run), data);
  return { epsilon: await host.charge(planOf(epsilon, changes), steps), spent: host.spent };
}
const dataOf = (folder: string, rows: readonly string[]): DataLedger => ({
  folder: join(home, folder),
  rows: rowDigests(rows),
});

test("a run in another folder goes on with what its rows have spent, one on other rows of the same place does not", async () => {
  const [some, overlapping, others] = [
    [0, 100],
    [99, 200],
    [200, 300],
  ].map(([a, b]) => dataOf("data", texts(a!, b!)));
  const first = await spend("a", some!, 50);
  const again = await spend("b", overlapping!, 50);
  const apart = await spend("c", others!, 50);
  expect(first.spent).toEqual([]);
  expect(again.spent).toMatchObject([{ steps: 50, sampleRate: 0.1, noiseMultiplier: 1 }]);
  expect(again.epsilon).toBeGreaterThan(first.epsilon);
  expect(apart).toEqual({ epsilon: first.epsilon, spent: [] });
  const { entries } = await openLedger(ledgerOf("b"));
  expect(entries.map(({ kind }) => kind)).toEqual(["earlier", "open", "charge"]);
  expect(await spend("whole", dataOf("data", texts(0, 300)), 50)).toMatchObject({ spent: [{ steps: 150 }] });
});

test("a run that goes on beside another on the same rows pays for both before each charge, and stops at its budget", async () => {
  const data = dataOf("beside", texts(0, 50));
  const one = await privateHost(join(home, "one", "keep"), ledgerOf("one"), data);
  const other = await privateHost(join(home, "other", "keep"), ledgerOf("other"), data);
  const alone = await one.charge(planOf(1000), 20);
  const both = await other.charge(planOf(1000), 20);
  expect(both).toBeGreaterThan(alone);
  expect(await one.charge(planOf(1000), 21)).toBeGreaterThan(both);
  const third = await privateHost(join(home, "third", "keep"), ledgerOf("third"), data);
  await expect(third.charge(planOf(both), 1)).rejects.toThrow(/exceed the privacy budget/);
  expect(
    ledgerRuns((await openLedger(join(home, "beside", "ledger.jsonl"))).entries).map(({ steps }) => steps),
  ).toEqual([21, 20]);
});

test("many runs at once leave one whole ledger", async () => {
  const data = dataOf("crowd", texts(0, 10));
  await Promise.all(Array.from({ length: 12 }, (_, i) => spend(`crowd-${i}`, data, i + 1)));
  const { entries } = await openLedger(join(home, "crowd", "ledger.jsonl"));
  expect(
    ledgerRuns(entries)
      .map(({ steps }) => steps)
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
});

test("lines of a run that the ledger of its data lost are written to it again when it goes on", async () => {
  const data = dataOf("lost", texts(0, 10));
  await spend("keeps", data, 10);
  rmSync(join(home, "lost"), { recursive: true });
  await spend("keeps", data, 20);
  expect(await spend("late", data, 5)).toMatchObject({ spent: [{ steps: 20 }] });
});

const rowsFiles = (folder: string) => readdirSync(folder).filter((name) => name.startsWith("rows-"));

/** What somebody does to the ledger of data in a folder. */
const changes = {
  edited(folder: string) {
    const path = join(folder, "ledger.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").replace('"through":10', '"through":1'));
  },
  withoutRows(folder: string) {
    for (const name of rowsFiles(folder)) rmSync(join(folder, name));
  },
  otherRows(folder: string) {
    for (const name of rowsFiles(folder)) appendFileSync(join(folder, name), new Uint8Array(16));
  },
};

test.each([
  ["edited", changes.edited, /E_CHECKSUM[\s\S]*was changed/],
  ["without the digests of a run's rows", changes.withoutRows, /E_IO/],
  ["with other digests of a run's rows", changes.otherRows, /E_CHECKSUM[\s\S]*digests of a run's rows were changed/],
] as const)("a ledger of data %s is refused before anything is trained", async (how, change, words) => {
  const place = `refused ${how}`;
  await spend(`${place} a`, dataOf(place, texts(0, 10)), 10);
  change(join(home, place));
  await expect(spend(`${place} b`, dataOf(place, texts(0, 10)), 10)).rejects.toThrow(words);
});

test("persons are not protected where earlier runs protected rows; rows are where they protected persons", async () => {
  const data = dataOf("units", texts(0, 10));
  await spend("rows-first", data, 10);
  await expect(spend("then-persons", data, 10, { unit: "person" })).rejects.toThrow(/protected single rows/);
  const other = dataOf("units-too", texts(0, 10));
  await spend("persons-first", other, 10, { unit: "person" });
  expect((await spend("then-rows", other, 10)).spent).toHaveLength(1);
});

test("what lies beside the data is its owner's alone, and holds no text", async () => {
  const folder = join(home, "data");
  if (process.platform !== "win32") {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
  }
  for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name), "latin1")).not.toContain("row 1");
});

const weather = ["rain", "snow", "wind", "sun", "fog", "hail", "calm", "storm"];
const table = (path: string, from: number, to: number) =>
  writeFileSync(
    path,
    `text,label,part,patient\n${Array.from({ length: to - from }, (_, k) => {
      const i = from + k;
      const at = (n: number) => weather[(i * n + (i >> 3)) % weather.length];
      return `${i % 2 ? "good" : "bad"} ${at(1)} ${at(3)} number ${i * 7919},${i % 2 ? "yes" : "no"},${i % 3 ? "train" : "test"},p${i % 20}`;
    }).join("\n")}\n`,
  );

test("two runs of recipes on overlapping tables in one place: the second says what was spent, has more noise, and stays within the total", async () => {
  const place = join(home, "runs");
  const recipe = (file: string, epsilon: number, more = "") =>
    readRecipe(
      `version: 1
name: private
data: { file: ${file}, similarity: 1, split: { column: part }, group: patient }
model: { scratch: { vocabulary: 200, width: 16, layers: 1, heads: 2, inner: 32 }, maxLength: 16 }
adapt: { epochs: 1, batchSize: 16, threads: 1, privacy: { epsilon: ${epsilon}, delta: 1e-3${more} } }
evaluate: { resamples: 20 }
export: { onnx: false }
`,
      "recipe.yaml",
    );
  mkdirSync(place, { recursive: true });
  table(join(place, "a.csv"), 0, 90);
  table(join(place, "b.csv"), 60, 150);
  const said: string[] = [];
  const run = async (name: string, which: ReturnType<typeof recipe>) => {
    await runRecipe(which, {
      home: place,
      folder: join(place, "out", name),
      onEvent: (e) => e.kind === "note" && said.push(e.text),
    });
    return JSON.parse(readFileSync(join(place, "out", name, "privacy.json"), "utf8"));
  };
  const first = await run("first", recipe("a.csv", 4));
  expect(said.join("\n")).not.toMatch(/earlier private runs/);
  const second = await run("second", recipe("b.csv", 6));
  expect(said.join("\n")).toMatch(/1 earlier private runs have spent ε = 3\.9/);
  expect(second.epsilon).toBeLessThanOrEqual(6);
  expect(second.epsilon).toBeGreaterThan(5.9);
  expect(second.steps).toBe(first.steps + 4);
  await expect(run("third", recipe("a.csv", 6))).rejects.toThrow(/have spent the privacy budget/);
  await expect(run("persons", recipe("a.csv", 60, ", unit: person"))).rejects.toThrow(/protected single rows/);
  const persons = await run("elsewhere", recipe("a.csv", 60, ", unit: person, ledger: other, sampling: fixed"));
  expect(persons.mechanism).toMatchObject({ unit: "person", examples: 20, draws: 4 });
  expect(persons.steps).toBe(2);
  expect(readFileSync(join(place, "out", "elsewhere", "report.html"), "utf8")).toContain(
    "The protected unit is one person",
  );
});
