// The door to pg: answers of several replicas in a PostgreSQL database.
import { ConcordError } from "../../base/index.ts";
import type { WatchStore } from "../records.ts";
import { type Sql, sqlStore, storeFault } from "./sql-store.ts";

/**
 * Opens a store in a PostgreSQL database; makes its tables where there are none.
 * @param url `postgres://user@host/database`; a password is better given by the environment (PGPASSWORD)
 * @param chain of the hashes that this process writes; each replica has its own
 * @throws E_IO where the database does not answer
 * @example const store = await openPostgresStore("postgres://concord@db/watch", "replica-1");
 */
export async function openPostgresStore(url: string, chain: string): Promise<WatchStore> {
  const { default: pg } = await import("pg").catch((cause: unknown) => {
    throw new ConcordError("E_DEPENDENCY", {
      operation: "watch store",
      problem: "the package pg is not installed",
      hint: "npm install pg",
      cause,
    });
  });
  const place = withoutPassword(url);
  const pool = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 5000 });
  pool.on("error", () => undefined); // a lost idle connection is replaced; the next statement tells of a database that is gone
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw storeFault(cause, place);
    }
  };
  const sql: Sql = {
    bytes: "BYTEA",
    all: (statement, values = []) =>
      guarded(async () => (await pool.query(numbered(statement), values.map(bufferOf))).rows),
    transaction: (statements) =>
      guarded(async () => {
        const client = await pool.connect();
        try {
          await client.query("BEGIN");
          for (const [text, values] of statements) await client.query(numbered(text), values.map(bufferOf));
          await client.query("COMMIT");
        } catch (cause) {
          await client.query("ROLLBACK").catch(() => undefined);
          throw cause;
        } finally {
          client.release();
        }
      }),
    close: () => guarded(() => pool.end()),
  };
  return await sqlStore(sql, chain).catch(async (fault: unknown) => {
    await pool.end();
    throw fault;
  });
}

/** `?` as $1, $2 …; no statement of ours has a question mark elsewhere. */
function numbered(statement: string): string {
  let count = 0;
  return statement.replaceAll("?", () => `$${++count}`);
}

const bufferOf = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = "";
    return parsed.toString();
  } catch {
    return "postgres";
  }
}
