// Answers in a database: the same tables and statements for SQLite and PostgreSQL. Knows no driver.
import { inTurn as oneByOne, type Sql, type SqlConnection, type SqlRow, type SqlValue } from "../../database/index.ts";
import type {
  AlertRecord,
  AnswerRecord,
  AnswersAsked,
  JudgedRecord,
  WatchedModel,
  WatchStore,
  WindowAsked,
} from "../records.ts";
import { chainHash, chainStart } from "./chain.ts";

const tables = (bytes: Sql["bytes"]) => [
  `CREATE TABLE IF NOT EXISTS concord_answers (
    seq BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, at BIGINT NOT NULL, model TEXT NOT NULL, version TEXT NOT NULL,
    answer TEXT, confidence DOUBLE PRECISION, value DOUBLE PRECISION, abstained INTEGER NOT NULL, ms DOUBLE PRECISION NOT NULL,
    groups TEXT NOT NULL, bins ${bytes}, payload TEXT, hash TEXT NOT NULL)`,
  "CREATE INDEX IF NOT EXISTS concord_answers_at ON concord_answers (model, version, at)",
  "CREATE TABLE IF NOT EXISTS concord_feedback (id TEXT PRIMARY KEY, truth TEXT NOT NULL, at BIGINT NOT NULL, seq BIGINT NOT NULL)",
  `CREATE TABLE IF NOT EXISTS concord_windows (
    model TEXT NOT NULL, version TEXT NOT NULL, kind TEXT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (model, version, kind))`,
  "CREATE TABLE IF NOT EXISTS concord_start (one INTEGER PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL)",
  `CREATE TABLE IF NOT EXISTS concord_alerts (
    at BIGINT NOT NULL, model TEXT NOT NULL, version TEXT NOT NULL, rule TEXT NOT NULL, text TEXT NOT NULL, gate TEXT)`,
  "CREATE TABLE IF NOT EXISTS concord_models (model TEXT NOT NULL, version TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (model, version))",
];

/** Rows of one statement: SQLite takes 32,766 values at most. */
const rowsAtOnce = 500;
const insert = `INSERT INTO concord_answers
  (seq, id, at, model, version, answer, confidence, value, abstained, ms, groups, bins, payload, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** A store over a database; makes the tables where there are none. Several processes may write: they share one chain. */
export async function sqlStore(sql: Sql): Promise<WatchStore> {
  const inTurn = oneByOne(sql);
  await inTurn(async ({ run }) => {
    for (const statement of tables(sql.bytes)) await run(statement, []);
  });
  return {
    async append(records) {
      for (let from = 0; from < records.length; from += rowsAtOnce)
        await inTurn((connection) => appended(connection, records.slice(from, from + rowsAtOnce)));
    },
    async feedback(id, truth, at) {
      const [known] = await sql.all("SELECT id FROM concord_answers WHERE id = ?", [id]);
      if (!known) return false;
      const statement =
        "INSERT INTO concord_feedback (id, truth, at, seq) SELECT ?, ?, ?, COALESCE(MAX(seq), 0) + 1 FROM concord_feedback WHERE 1 = 1 ON CONFLICT (id) DO UPDATE SET truth = excluded.truth, at = excluded.at";
      await inTurn(({ run }) => run(statement, [id, truth, at]));
      return true;
    },
    answers: (asked) => answersOf(sql, asked),
    nextWindow: (asked) => inTurn((connection) => nextWindow(connection, asked)),
    describe: ({ model, version, ...facts }) =>
      inTurn(({ run }) =>
        run(
          "INSERT INTO concord_models (model, version, facts) VALUES (?, ?, ?) ON CONFLICT (model, version) DO UPDATE SET facts = excluded.facts",
          [model, version, JSON.stringify(facts)],
        ),
      ),
    models: async () =>
      (await sql.all("SELECT model, version, facts FROM concord_models ORDER BY model, version")).map(
        ({ model, version, facts }) => ({
          ...(JSON.parse(String(facts)) as Omit<WatchedModel, "model" | "version">),
          model: String(model),
          version: String(version),
        }),
      ),
    alert: ({ at, model, version, rule, text, gate = null }) =>
      inTurn(({ run }) =>
        run("INSERT INTO concord_alerts (at, model, version, rule, text, gate) VALUES (?, ?, ?, ?, ?, ?)", [
          at,
          model,
          version,
          rule,
          text,
          gate,
        ]),
      ),
    alerts: async (last = 100) =>
      (await sql.all("SELECT * FROM concord_alerts ORDER BY at DESC LIMIT ?", [last])).map(alertOf),
    verify: () => checkedChain(sql),
    forget: (before) => inTurn((connection) => forget(connection, before)),
    close: async () => {
      await inTurn(async () => undefined).catch(() => undefined); // what is being written comes first
      await sql.close();
    },
  };
}

/** Where the chain ends: the last entry, or the last that was forgotten. */
async function endOf({ all }: Pick<SqlConnection, "all">): Promise<{ seq: number; hash: string }> {
  const [last] = await all("SELECT seq, hash FROM concord_answers ORDER BY seq DESC LIMIT 1");
  return last ? { seq: Number(last.seq), hash: String(last.hash) } : await startOf({ all });
}

/** Where the chain begins. */
async function startOf({ all }: Pick<SqlConnection, "all">): Promise<{ seq: number; hash: string }> {
  const [start] = await all("SELECT seq, hash FROM concord_start");
  return start ? { seq: Number(start.seq), hash: String(start.hash) } : { seq: 0, hash: chainStart };
}

async function appended(connection: SqlConnection, records: readonly AnswerRecord[]): Promise<void> {
  let { seq, hash } = await endOf(connection);
  const taken = await takenIds(connection, records);
  for (const given of records) {
    seq++;
    const record = taken.has(given.id) ? { ...given, id: `${given.id}~${seq}` } : given;
    taken.add(given.id);
    hash = chainHash(hash, record);
    await connection.run(insert, valuesOf(record, seq, hash));
  }
}

/** Ids of the records that the store has already: clients may choose them. */
async function takenIds({ all }: SqlConnection, records: readonly AnswerRecord[]): Promise<Set<string>> {
  const places = records.map(() => "?").join(", ");
  const found = await all(
    `SELECT id FROM concord_answers WHERE id IN (${places})`,
    records.map(({ id }) => id),
  );
  return new Set(found.map(({ id }) => String(id)));
}

const valuesOf = (record: AnswerRecord, seq: number, hash: string): SqlValue[] => [
  seq,
  record.id,
  record.at,
  record.model,
  record.version,
  record.answer ?? null,
  record.confidence ?? null,
  record.value ?? null,
  Number(record.abstained),
  record.ms,
  JSON.stringify(record.groups),
  record.bins ?? null,
  record.payload ?? null,
  hash,
];

async function answersOf(sql: Sql, { model, version, since, last }: AnswersAsked = {}): Promise<JudgedRecord[]> {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  for (const [condition, value] of [
    ["a.model = ?", model],
    ["a.version = ?", version],
    ["a.at >= ?", since],
  ] as const)
    if (value !== undefined) {
      conditions.push(condition);
      values.push(value);
    }
  const where = conditions.length ? ` WHERE ${conditions.join(" AND ")}` : "";
  const limit = last === undefined ? "" : " LIMIT ?";
  const statement = `SELECT a.*, f.truth FROM concord_answers a LEFT JOIN concord_feedback f ON f.id = a.id${where} ORDER BY a.at DESC, a.seq DESC${limit}`;
  const rows = await sql.all(statement, last === undefined ? values : [...values, last]);
  return rows.reverse().map(judgedOf);
}

/** The next full window behind the mark, and the mark behind it. */
async function nextWindow(
  { all, run }: SqlConnection,
  { model, version, of, size }: WindowAsked,
): Promise<JudgedRecord[]> {
  const mark = "SELECT seq FROM concord_windows WHERE model = ? AND version = ? AND kind = ?";
  const [last] = await all(mark, [model, version, of]);
  const [join, order] = of === "judged" ? ["JOIN", "f.seq"] : ["LEFT JOIN", "a.seq"];
  const rows = await all(
    `SELECT a.*, f.truth, ${order} AS place FROM concord_answers a ${join} concord_feedback f ON f.id = a.id
     WHERE a.model = ? AND a.version = ? AND ${order} > ? ORDER BY ${order} LIMIT ?`,
    [model, version, Number(last?.seq ?? 0), size],
  );
  if (rows.length < size) return [];
  await run(
    "INSERT INTO concord_windows (model, version, kind, seq) VALUES (?, ?, ?, ?) ON CONFLICT (model, version, kind) DO UPDATE SET seq = excluded.seq",
    [model, version, of, Number(rows.at(-1)!.place)],
  );
  return rows.map(judgedOf);
}

const text = (value: unknown): string | undefined =>
  value === null || value === undefined ? undefined : String(value);
const number = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);

function judgedOf(row: SqlRow): JudgedRecord {
  const [answer, payload, truth] = [text(row.answer), text(row.payload), text(row.truth)];
  const [confidence, value] = [number(row.confidence), number(row.value)];
  const bins = row.bins === null || row.bins === undefined ? undefined : new Uint8Array(row.bins as Uint8Array);
  return {
    id: String(row.id),
    at: Number(row.at),
    model: String(row.model),
    version: String(row.version),
    ...(answer !== undefined && { answer }),
    ...(confidence !== undefined && { confidence }),
    ...(value !== undefined && { value }),
    abstained: Number(row.abstained) === 1,
    ms: Number(row.ms),
    groups: JSON.parse(String(row.groups)) as Record<string, string>,
    ...(bins && { bins }),
    ...(payload !== undefined && { payload }),
    ...(truth !== undefined && { truth }),
  };
}

function alertOf(row: SqlRow): AlertRecord {
  const gate = text(row.gate);
  return {
    at: Number(row.at),
    model: String(row.model),
    version: String(row.version),
    rule: String(row.rule),
    text: String(row.text),
    ...(gate !== undefined && { gate }),
  };
}

async function checkedChain(sql: Sql): ReturnType<WatchStore["verify"]> {
  let answers = 0;
  let { seq, hash } = await startOf(sql);
  for (;;) {
    const rows = await sql.all("SELECT * FROM concord_answers WHERE seq > ? ORDER BY seq LIMIT 1000", [seq]);
    if (rows.length === 0) return { answers };
    for (const row of rows) {
      const record = judgedOf(row);
      hash = chainHash(hash, record);
      if (Number(row.seq) !== ++seq || hash !== row.hash) return { answers, broken: record.id };
      answers++;
    }
  }
}

async function forget({ all, run }: SqlConnection, before: number): Promise<number> {
  const [end] = await all("SELECT seq, hash FROM concord_answers WHERE at < ? ORDER BY seq DESC LIMIT 1", [before]);
  if (!end) return 0;
  const seq = Number(end.seq);
  const [{ count }] = (await all("SELECT COUNT(*) AS count FROM concord_answers WHERE seq <= ?", [seq])) as [SqlRow];
  await run(
    "INSERT INTO concord_start (one, seq, hash) VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
    [seq, String(end.hash)],
  );
  await run("DELETE FROM concord_feedback WHERE id IN (SELECT id FROM concord_answers WHERE seq <= ?)", [seq]);
  await run("DELETE FROM concord_answers WHERE seq <= ?", [seq]);
  return Number(count);
}
