// A study as a SQLite file of Optuna's storage, which optuna and optuna-dashboard open. The tables are those of its schema 12 (alembic
// v3.2.0.a), which Optuna 3.2 to 5.0 read. Knows no sampler.
import { rename, rm, stat } from "node:fs/promises";
import { ConcordError } from "../base/index.ts";
import { openDatabase, type SqlConnection, type SqlValue } from "../database/index.ts";
import { ioError, writeFileAtomically } from "../formats/node/index.ts";
import { directionOf, distributionOf, type OptunaTrial, optunaTrials, type StudyTrials } from "./optuna-trials.ts";
import { trialsCsv } from "./trials-csv.ts";

const schema = { version: 12, library: "3.2.0", alembic: "v3.2.0.a" } as const;

/** Columns of each table; its first is its number. Attributes of studies and trials have the same. */
const attributes = (of: "study" | "trial", kind: "user" | "system") =>
  [
    `${of}_${kind}_attributes`,
    `${of}_${kind}_attribute_id`,
    `${of}_id INTEGER REFERENCES ${of === "study" ? "studies" : "trials"} (${of}_id), "key" VARCHAR(512), value_json TEXT, UNIQUE (${of}_id, "key")`,
  ] as const;
const ofTrial = "trial_id INTEGER NOT NULL REFERENCES trials (trial_id)";
const tables = [
  ["studies", "study_id", "study_name VARCHAR(512) NOT NULL UNIQUE"],
  [
    "version_info",
    "version_info_id",
    "schema_version INTEGER, library_version VARCHAR(256), CHECK (version_info_id = 1)",
  ],
  [
    "study_directions",
    "study_direction_id",
    "direction VARCHAR(8) NOT NULL, study_id INTEGER NOT NULL REFERENCES studies (study_id), objective INTEGER NOT NULL, UNIQUE (study_id, objective)",
  ],
  attributes("study", "user"),
  attributes("study", "system"),
  [
    "trials",
    "trial_id",
    "number INTEGER, study_id INTEGER REFERENCES studies (study_id), state VARCHAR(8) NOT NULL, datetime_start DATETIME, datetime_complete DATETIME",
  ],
  attributes("trial", "user"),
  attributes("trial", "system"),
  [
    "trial_params",
    "param_id",
    `${ofTrial}, param_name VARCHAR(512), param_value FLOAT, distribution_json TEXT, UNIQUE (trial_id, param_name)`,
  ],
  [
    "trial_values",
    "trial_value_id",
    `${ofTrial}, objective INTEGER NOT NULL, value FLOAT, value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, objective)`,
  ],
  [
    "trial_intermediate_values",
    "trial_intermediate_value_id",
    `${ofTrial}, step INTEGER NOT NULL, intermediate_value FLOAT, intermediate_value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, step)`,
  ],
  ["trial_heartbeats", "trial_heartbeat_id", `${ofTrial}, heartbeat DATETIME NOT NULL, UNIQUE (trial_id)`],
] as const;

/**
 * Writes the trials of a study for Optuna: a path that ends with `.csv` gets `study.trials_dataframe().to_csv()`, another one a SQLite file
 * that `optuna.load_study(storage="sqlite:///…")` opens. All or nothing.
 * @throws E_IO for a path that is taken, or cannot be written
 * @example await writeOptuna(study, "study.db"); // optuna-dashboard sqlite:///study.db
 */
export async function writeOptuna(study: StudyTrials, path: string): Promise<void> {
  if (await stat(path).catch(() => undefined))
    throw new ConcordError("E_IO", {
      operation: "--optuna",
      problem: "the file is there already, and is not replaced",
      expected: "a new file",
      path,
    });
  if (path.endsWith(".csv"))
    return void (await writeFileAtomically(path, [new TextEncoder().encode(trialsCsv(study))]));
  const partial = `${path}.partial`;
  const remove = () => Promise.all(["", "-wal", "-shm"].map((end) => rm(`${partial}${end}`, { force: true })));
  await remove();
  try {
    const sql = await openDatabase(partial, { operation: "--optuna", lock: 0 });
    try {
      await sql.exclusive((connection) => filled(connection, study));
      await sql.all("PRAGMA journal_mode = DELETE"); // one file, whoever carries it away
    } finally {
      await sql.close();
    }
    await rename(partial, path).catch((cause: unknown) => {
      throw ioError(cause, "--optuna", path);
    });
  } finally {
    await remove();
  }
}

async function filled({ run }: SqlConnection, study: StudyTrials): Promise<void> {
  for (const [name, id, columns] of tables)
    await run(`CREATE TABLE ${name} (${id} INTEGER NOT NULL PRIMARY KEY, ${columns})`, []);
  await run("CREATE INDEX ix_trials_study_id ON trials (study_id)", []);
  await run("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)", []);
  await run("INSERT INTO alembic_version VALUES (?)", [schema.alembic]);
  await run("INSERT INTO version_info VALUES (1, ?, ?)", [schema.version, schema.library]);
  const { recipe, search } = study;
  await run("INSERT INTO studies VALUES (1, ?)", [recipe.name]);
  const add = (table: string, columns: string, values: readonly SqlValue[]) =>
    run(`INSERT INTO ${table} (${columns}) VALUES (${values.map(() => "?").join(", ")})`, values);
  for (const [i, objective] of search.objectives.entries())
    await add("study_directions", "direction, study_id, objective", [directionOf(recipe, objective), 1, i]);
  const names = JSON.stringify(search.objectives);
  await add("study_system_attributes", 'study_id, "key", value_json', [1, "study:metric_names", names]);
  for (const trial of optunaTrials(study)) await addTrial(add, study, trial);
}

/** A number as two columns: SQLite has neither NaN nor infinity. */
const numberColumns = (value: number): [number | null, string] => {
  if (Number.isFinite(value)) return [value, "FINITE"];
  return [null, Number.isNaN(value) ? "NAN" : value > 0 ? "INF_POS" : "INF_NEG"];
};

type Add = (table: string, columns: string, values: readonly SqlValue[]) => Promise<void>;

async function addTrial(add: Add, { search, space }: StudyTrials, trial: OptunaTrial): Promise<void> {
  const { number, state, started, ended, values, params, intermediate, problem } = trial;
  const id = number + 1;
  await add("trials", "trial_id, number, study_id, state, datetime_start, datetime_complete", [
    id,
    number,
    1,
    state,
    dateText(started),
    dateText(ended),
  ]);
  for (const { name, range } of space) {
    const value = params.get(name);
    if (value === undefined) continue;
    const { json, kept } = distributionOf(range);
    await add("trial_params", "trial_id, param_name, param_value, distribution_json", [id, name, kept(value), json]);
  }
  for (const [i, objective] of search.objectives.entries()) {
    const value = values[objective];
    if (value !== undefined)
      await add("trial_values", "trial_id, objective, value, value_type", [id, i, ...numberColumns(value)]);
  }
  for (const { step, value } of intermediate)
    await add("trial_intermediate_values", "trial_id, step, intermediate_value, intermediate_value_type", [
      id,
      step,
      ...numberColumns(value),
    ]);
  if (problem !== undefined)
    await add("trial_user_attributes", 'trial_id, "key", value_json', [id, "problem", JSON.stringify(problem)]);
}

/** As SQLAlchemy writes times. Optuna's are those of the machine's clock; these are UTC. */
const dateText = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString().replace("T", " ").replace("Z", "000");
