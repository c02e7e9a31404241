// Optuna opens the files that concord writes. CONCORD_OPTUNA names a Python that has optuna and pandas (pip install optuna pandas); without it
// the suite is skipped, and said so.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeOptuna } from "../../src/tune/optuna-file.ts";
import { concord } from "../command-line.ts";
import { oneObjective, severalObjectives } from "../optuna-study.ts";
import { writeStudy } from "./tune-study.ts";

const python = process.env.CONCORD_OPTUNA;
if (!python) console.log("studies for Optuna are skipped: CONCORD_OPTUNA names no Python with optuna");
const folder = mkdtempSync(join(tmpdir(), "concord-optuna-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const readBy = (path: string) =>
  JSON.parse(execFileSync(python!, ["tools/optuna-reading.py", path], { encoding: "utf8" }));

test.skipIf(!python).each(Object.entries({ oneObjective, severalObjectives }))(
  "Optuna reads %s as the golden file says",
  { timeout: 120_000 },
  async (name, study) => {
    const path = join(folder, `${name}.db`);
    await writeOptuna(study, path);
    const { optuna: _, ...read } = readBy(path);
    const { optuna: __, ...golden } = JSON.parse(readFileSync("test/golden/optuna.json", "utf8"))[name].read;
    expect(read).toEqual(golden);
  },
);

test.skipIf(!python)(
  "a study that ran is read by Optuna, with the data frame that concord wrote, and its best trial",
  { timeout: 300_000 },
  async () => {
    const recipe = writeStudy(folder, ["trials: 5", "pruner: halving"], "epochs: 4");
    const out = join(folder, "out");
    expect((await concord(["tune", recipe, "--out", out])).code).toBe(0);
    const path = join(folder, "study.db");
    const shown = await concord(["tune", recipe, "--out", out, "--optuna", path]);
    expect([shown.code, shown.out]).toEqual([0, expect.stringMatching(/study\.db: 5 trials for Optuna/)]);
    const read = readBy(path);
    expect(read.csv).toBe(readFileSync(join(out, "trials.csv"), "utf8"));
    expect(read.trials).toHaveLength(5);
    const complete = read.trials.filter(({ state }: { state: string }) => state === "COMPLETE");
    const scores = complete.map(({ values }: { values: number[] }) => values[0]!);
    expect(read.trials[read.best[0]].values[0]).toBe(Math.max(...scores));
    const none = await concord(["tune", recipe, "--out", join(folder, "none"), "--optuna", join(folder, "none.db")]);
    expect([none.code, none.err]).toEqual([64, expect.stringContaining("the study has no trials")]);
  },
);
