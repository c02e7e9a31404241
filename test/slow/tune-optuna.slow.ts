// Optuna opens the files that concord writes, and its dashboard shows them. CONCORD_OPTUNA names a Python that has optuna, optuna-dashboard and
// pandas, else that of tools/install-optuna.sh; without one the suite is skipped, and said so.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeOptuna } from "../../src/tune/optuna-file.ts";
import { concord } from "../command-line.ts";
import { oneObjective, severalObjectives } from "../optuna-study.ts";
import { freePort, started, until } from "./servers.ts";
import { writeStudy } from "./tune-study.ts";

const installed = "node_modules/.cache/concord/optuna/bin/python";
const python = process.env.CONCORD_OPTUNA ?? (existsSync(installed) ? installed : undefined);
if (!python) console.log("studies for Optuna are skipped: sh tools/install-optuna.sh, or CONCORD_OPTUNA");
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

const program = python && join(dirname(python), "optuna-dashboard");
test.skipIf(!program || !existsSync(program))(
  "optuna-dashboard lists a study with all its trials, their settings, values and curves",
  { timeout: 120_000 },
  async () => {
    const path = join(folder, "shown.db");
    await writeOptuna(oneObjective, path);
    const port = await freePort();
    const dashboard = started(program!, [`sqlite:///${path}`, "--host", "127.0.0.1", "--port", String(port)]);
    try {
      const ask = async (address: string) => (await fetch(`http://127.0.0.1:${port}/api/${address}`)).json();
      await until("the dashboard", async () => (await ask("studies")) !== undefined, 100_000);
      const { study_summaries: listed } = await ask("studies");
      expect(listed).toMatchObject([{ study_name: oneObjective.recipe.name }]);
      const { trials } = await ask(`studies/${listed[0].study_id}`);
      expect(trials.map(({ number }: { number: number }) => number)).toEqual(
        oneObjective.trials.map(({ number }) => number),
      );
      for (const [i, trial] of trials.entries()) {
        const { point, curve } = oneObjective.trials[i]!;
        expect(trial.params.map(({ name }: { name: string }) => name).sort()).toEqual(Object.keys(point).sort());
        expect(trial.intermediate_values).toHaveLength(curve.length);
      }
    } finally {
      await dashboard.stop("SIGKILL");
    }
  },
);
