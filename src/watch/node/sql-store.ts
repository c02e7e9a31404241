// Answers in a database: the same tables and statements for SQLite and PostgreSQL. Knows no driver.
import { ConcordError } from "../../base/index.ts";
import type { AlertRecord, AnswerRecord, AnswersAsked, JudgedRecord, WatchedModel, WatchStore } from "../records.ts";
import { chainHash, chainStart } from "./chain.ts";

export type SqlValue = string | number | Uint8Array | null;
type SqlRow = Readonly<Record<string, unknown>>;

/** A database connection. Parameters stand as `?`. */
export interface Sql {
  /** Type of a column of bytes. */
  readonly bytes: "BLOB" | "BYTEA";
  all(statement: string, values?: readonly SqlValue[]): Promise<SqlRow[]>;
  /** Runs all statements or none. */
  transaction(statements: readonly (readonly [statement: string, values: readonly SqlValue[]])[]): Promise<void>;
  close(): Promise<void>;
}

const tables = (bytes: Sql["bytes"]) => [
  `CREATE TABLE IF NOT EXISTS concord_answers (
    id TEXT PRIMARY KEY, chain TEXT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, model TEXT NOT NULL, version TEXT NOT NULL,
    answer TEXT, confidence DOUBLE PRECISION, value DOUBLE PRECISION, abstained INTEGER NOT NULL, ms DOUBLE PRECISION NOT NULL,
    groups TEXT NOT NULL, bins ${bytes}, payload TEXT, hash TEXT NOT NULL, UNIQUE (chain, seq))`,
  "CREATE INDEX IF NOT EXISTS concord_answers_at ON concord_answers (model, version, at)",
  "CREATE TABLE IF NOT EXISTS concord_feedback (id TEXT PRIMARY KEY, truth TEXT NOT NULL, at BIGINT NOT NULL)",
  "CREATE TABLE IF NOT EXISTS concord_chains (chain TEXT PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL)",
  `CREATE TABLE IF NOT EXISTS concord_alerts (
    at BIGINT NOT NULL, model TEXT NOT NULL, version TEXT NOT NULL, rule TEXT NOT NULL, text TEXT NOT NULL, gate TEXT)`,
  "CREATE TABLE IF NOT EXISTS concord_models (model TEXT NOT NULL, version TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (model, version))",
];

/** Rows of one statement: SQLite takes 32,766 values at most. */
const rowsAtOnce = 500;
const insert = `INSERT INTO concord_answers
  (id, chain, seq, at, model, version, answer, confidence, value, abstained, ms, groups, bins, payload, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/**
 * A store over a connection; makes the tables where there are none.
 * @param chain of the hashes that this process writes; each replica has its own
 * @throws E_IO where another process writes the same chain
 */
export async function sqlStore(sql: Sql, chain: string): Promise<WatchStore> {
  await sql.transaction(tables(sql.bytes).map((statement) => [statement, []] as const));
  const [last] = await sql.all("SELECT seq, hash FROM concord_answers WHERE chain = ? ORDER BY seq DESC LIMIT 1", [
    chain,
  ]);
  const [start] = await sql.all("SELECT seq, hash FROM concord_chains WHERE chain = ?", [chain]);
  let seq = Number((last ?? start)?.seq ?? 0);
  let head = String((last ?? start)?.hash ?? chainStart);
  let writing: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = writing.then(work, work);
    writing = result.catch(() => undefined);
    return result;
  };
  return {
    append: (records) =>
      inTurn(async () => {
        for (let from = 0; from < records.length; from += rowsAtOnce) {
          let [nextSeq, nextHead] = [seq, head];
          const part = records.slice(from, from + rowsAtOnce);
          const taken = await takenIds(sql, part);
          const statements = part.map((given) => {
            const record = taken.has(given.id) ? { ...given, id: `${given.id}~${nextSeq + 1}` } : given;
            taken.add(given.id);
            nextHead = chainHash(nextHead, record);
            return [insert, valuesOf(record, chain, ++nextSeq, nextHead)] as const;
          });
          await sql.transaction(statements);
          [seq, head] = [nextSeq, nextHead];
        }
      }),
    feedback: async (id, truth, at) => {
      const [known] = await sql.all("SELECT id FROM concord_answers WHERE id = ?", [id]);
      if (!known) return false;
      const statement =
        "INSERT INTO concord_feedback (id, truth, at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET truth = excluded.truth, at = excluded.at";
      await sql.transaction([[statement, [id, truth, at]]]);
      return true;
    },
    answers: (asked) => answersOf(sql, asked),
    describe: ({ model, version, ...facts }) =>
      sql.transaction([
        [
          "INSERT INTO concord_models (model, version, facts) VALUES (?, ?, ?) ON CONFLICT (model, version) DO UPDATE SET facts = excluded.facts",
          [model, version, JSON.stringify(facts)],
        ],
      ]),
    models: async () =>
      (await sql.all("SELECT model, version, facts FROM concord_models ORDER BY model, version")).map(
        ({ model, version, facts }) => ({
          ...(JSON.parse(String(facts)) as Omit<WatchedModel, "model" | "version">),
          model: String(model),
          version: String(version),
        }),
      ),
    alert: (alert) =>
      sql.transaction([
        [
          "INSERT INTO concord_alerts (at, model, version, rule, text, gate) VALUES (?, ?, ?, ?, ?, ?)",
          [alert.at, alert.model, alert.version, alert.rule, alert.text, alert.gate ?? null],
        ],
      ]),
    alerts: async (last = 100) =>
      (await sql.all("SELECT * FROM concord_alerts ORDER BY at DESC LIMIT ?", [last])).map(alertOf),
    verify: () => firstBroken(sql),
    forget: (before) => inTurn(() => forget(sql, before)),
    close: () => inTurn(() => sql.close()),
  };
}

/** Ids of the records that the store has already: clients may choose them. */
async function takenIds(sql: Sql, records: readonly AnswerRecord[]): Promise<Set<string>> {
  const places = records.map(() => "?").join(", ");
  const found = await sql.all(
    `SELECT id FROM concord_answers WHERE id IN (${places})`,
    records.map(({ id }) => id),
  );
  return new Set(found.map(({ id }) => String(id)));
}

const valuesOf = (record: AnswerRecord, chain: string, seq: number, hash: string): SqlValue[] => [
  record.id,
  chain,
  seq,
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

async function firstBroken(sql: Sql): Promise<string | undefined> {
  const starts = await sql.all("SELECT chain, seq, hash FROM concord_chains");
  const heads = new Map(
    starts.map(({ chain, seq, hash }) => [String(chain), { seq: Number(seq), hash: String(hash) }]),
  );
  const chains = await sql.all("SELECT DISTINCT chain FROM concord_answers ORDER BY chain");
  for (const { chain } of chains) {
    let { seq, hash } = heads.get(String(chain)) ?? { seq: 0, hash: chainStart };
    for (;;) {
      const rows = await sql.all("SELECT * FROM concord_answers WHERE chain = ? AND seq > ? ORDER BY seq LIMIT 1000", [
        String(chain),
        seq,
      ]);
      if (rows.length === 0) break;
      for (const row of rows) {
        const { truth: _, ...record } = judgedOf(row);
        hash = chainHash(hash, record);
        if (Number(row.seq) !== ++seq || hash !== row.hash) return record.id;
      }
    }
  }
  return undefined;
}

async function forget(sql: Sql, before: number): Promise<number> {
  const ends = await sql.all(
    `SELECT a.chain AS chain, a.seq AS seq, a.hash AS hash FROM concord_answers a
     JOIN (SELECT chain, MAX(seq) AS seq FROM concord_answers WHERE at < ? GROUP BY chain) e ON e.chain = a.chain AND e.seq = a.seq`,
    [before],
  );
  const [{ count }] = (await sql.all("SELECT COUNT(*) AS count FROM concord_answers")) as [SqlRow];
  await sql.transaction(
    ends.flatMap(({ chain, seq, hash }) => [
      [
        "INSERT INTO concord_chains (chain, seq, hash) VALUES (?, ?, ?) ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
        [String(chain), Number(seq), String(hash)],
      ] as const,
      [
        "DELETE FROM concord_feedback WHERE id IN (SELECT id FROM concord_answers WHERE chain = ? AND seq <= ?)",
        [String(chain), Number(seq)],
      ] as const,
      ["DELETE FROM concord_answers WHERE chain = ? AND seq <= ?", [String(chain), Number(seq)]] as const,
    ]),
  );
  const [{ count: left }] = (await sql.all("SELECT COUNT(*) AS count FROM concord_answers")) as [SqlRow];
  return Number(count) - Number(left);
}

/** A database's fault as an error. */
export const storeFault = (cause: unknown, path: string): ConcordError =>
  new ConcordError("E_IO", {
    operation: "watch store",
    problem: cause instanceof Error ? cause.message : String(cause),
    path,
    cause,
  });
