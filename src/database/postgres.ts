// The door to pg: a PostgreSQL database that several processes write.
import { ConcordError } from "../base/index.ts";
import { databaseFault, type Sql, type SqlValue } from "./sql.ts";

/**
 * Opens a PostgreSQL database.
 * @param url `postgres://user@host/database`; a password is better given by the environment (PGPASSWORD)
 * @throws E_IO where the database does not answer
 * @example const sql = await openPostgres("postgres://concord@db/watch", { operation: "watch store", lock: 1 });
 */
export async function openPostgres(
  url: string,
  { operation, lock }: { readonly operation: string; readonly lock: number },
): Promise<Sql> {
  const { default: pg } = await import("pg").catch((cause: unknown) => {
    throw new ConcordError("E_DEPENDENCY", {
      operation,
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
      throw databaseFault(operation, cause, place);
    }
  };
  const ask = async (client: Pick<typeof pool, "query">, statement: string, values: readonly SqlValue[] = []) =>
    (await client.query(numbered(statement), values.map(bufferOf))).rows as Record<string, unknown>[];
  return {
    bytes: "BYTEA",
    nowMs: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
    all: (statement, values) => guarded(() => ask(pool, statement, values)),
    exclusive: (work) =>
      guarded(async () => {
        const client = await pool.connect();
        let isBroken = false;
        const lost = () => {
          isBroken = true; // the statement that waits tells of it
        };
        client.on("error", lost);
        try {
          await client.query("BEGIN");
          await client.query(`SELECT pg_advisory_xact_lock(${lock})`);
          const result = await work({
            all: (statement, values) => ask(client, statement, values),
            run: async (statement, values) => void (await ask(client, statement, values)),
          });
          await client.query("COMMIT");
          return result;
        } catch (cause) {
          await client.query("ROLLBACK").catch(lost);
          throw cause;
        } finally {
          if (!isBroken) client.off("error", lost);
          client.release(isBroken);
        }
      }),
    close: () => guarded(() => pool.end()),
  };
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
    parsed.searchParams.delete("password");
    return parsed.toString();
  } catch {
    return "postgres";
  }
}

/** Whether an address holds a password, in its place or as a parameter. */
export const hasPassword = (url: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { password, searchParams } = new URL(url);
  return password !== "" || searchParams.has("password");
};
