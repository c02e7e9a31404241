// Makes test/golden/optuna.json: the files of two studies, and what Optuna reads in them. tsx tools/optuna-golden.ts PYTHON (with optuna and pandas)
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeOptuna } from "../src/tune/optuna-file.ts";
import { oneObjective, severalObjectives, tablesIn } from "../test/optuna-study.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-optuna-"));
const golden: Record<string, unknown> = {};
for (const [name, study] of Object.entries({ oneObjective, severalObjectives })) {
  const path = join(folder, `${name}.db`);
  await writeOptuna(study, path);
  const reading = ["tools/optuna-reading.py", path];
  const read = JSON.parse(execFileSync(process.argv[2] ?? "python3", reading, { encoding: "utf8" }));
  golden[name] = { read, tables: await tablesIn(path) };
}
writeFileSync("test/golden/optuna.json", `${JSON.stringify(golden, undefined, 1)}\n`);
rmSync(folder, { recursive: true });
