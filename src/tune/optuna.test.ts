// Studies for Optuna, against what Optuna 5.0 itself read in such files: test/golden/optuna.json (tools/optuna-golden.ts) has the tables of the
// files, Optuna's trials and its data frame as CSV. test/slow/tune-optuna.slow.ts asks Optuna again.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { oneObjective, severalObjectives, tablesIn } from "../../test/optuna-study.ts";
import { writeOptuna } from "./optuna-file.ts";
import { trialsCsv } from "./trials-csv.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-optuna-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const golden = JSON.parse(readFileSync("test/golden/optuna.json", "utf8"));
const studies = { oneObjective, severalObjectives };

test.each(["oneObjective", "severalObjectives"] as const)("the data frame of %s is Optuna's, to the letter", (name) => {
  expect(trialsCsv(studies[name])).toBe(golden[name].read.csv);
});

test.each(["oneObjective", "severalObjectives"] as const)(
  "the file of %s is the one that Optuna read",
  async (name) => {
    const path = join(folder, `${name}.db`);
    await writeOptuna(studies[name], path);
    expect(readdirSync(folder).filter((one) => one.startsWith(name))).toEqual([`${name}.db`]);
    expect(await tablesIn(path)).toEqual(golden[name].tables);
  },
);

test("Optuna read every trial as it is: state, values, settings and values on the way", () => {
  const { read } = golden.severalObjectives;
  expect([read.directions, read.metricNames]).toEqual([
    ["MAXIMIZE", "MINIMIZE"],
    ["score", "gap"],
  ]);
  const states = ["COMPLETE", "COMPLETE", "PRUNED", "FAIL", "FAIL", "RUNNING", "COMPLETE"];
  for (const [i, trial] of severalObjectives.trials.entries()) {
    const { state, values, params, intermediate, userAttributes } = read.trials[i];
    expect(state).toBe(states[i]);
    expect(values).toEqual(state === "COMPLETE" ? [-trial.costs![0]!, trial.costs![1]!] : null);
    const settings = Object.entries(trial.point).map(([key, value]) => [
      key,
      Array.isArray(value) ? JSON.stringify(value) : value,
    ]);
    expect(params).toEqual(Object.fromEntries(settings));
    const onTheWay = trial.curve.map(({ step, cost }) => [step, Number.isNaN(cost) ? "nan" : -cost]);
    expect(intermediate).toEqual(Object.fromEntries(onTheWay));
    expect(userAttributes).toEqual(trial.problem === undefined ? {} : { problem: trial.problem });
  }
  const { read: one } = golden.oneObjective;
  expect(one.trials.map(({ values }: { values: unknown }) => values?.[0 as never])).toEqual([0.875, 1 / 3, -1e-20]); // the pruned one's last
});

test("a file that is there is not replaced", async () => {
  const path = join(folder, "twice.csv");
  await writeOptuna(oneObjective, path);
  expect(readFileSync(path, "utf8")).toBe(trialsCsv(oneObjective));
  await expect(writeOptuna(oneObjective, path)).rejects.toMatchObject({ code: "E_IO" });
});
