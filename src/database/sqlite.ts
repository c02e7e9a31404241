// The door to libsql: a SQLite file.
import { dirname, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ConcordError, isConcordError } from "../base/index.ts";
import { makeFolder } from "../formats/node/index.ts";
import { databaseFault, type Sql, type SqlConnection } from "./sql.ts";

/** Two that make a file at once both want it for themselves alone, and SQLite lets neither wait for the other: one tries again. */
async function writtenAhead(change: () => void): Promise<void> {
  for (let tries = 0; ; tries++)
    try {
      return change();
    } catch (fault) {
      if (tries === 50 || !isConcordError(fault) || !/locked|busy/.test(fault.facts.problem)) throw fault;
      await setTimeout(20 + 5 * tries);
    }
}

/**
 * Opens a SQLite file; makes it where there is none.
 * @param operation of errors
 * @throws E_DEPENDENCY where libsql is not installed; E_IO for a file that cannot be written, or that is no SQLite database
 * @example const sql = await openSqlite("watch.sqlite", "watch store");
 */
export async function openSqlite(path: string, operation: string): Promise<Sql> {
  const { default: Database } = await import("libsql").catch((cause: unknown) => {
    throw new ConcordError("E_DEPENDENCY", {
      operation,
      problem: "the package libsql is not installed",
      hint: "npm install libsql; or name a PostgreSQL database",
      cause,
    });
  });
  await makeFolder(dirname(resolve(path)));
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw databaseFault(operation, cause, path);
    }
  };
  const database = guarded(() => new Database(path));
  guarded(() => database.exec("PRAGMA busy_timeout = 5000")); // first: what follows takes locks
  await writtenAhead(() => guarded(() => database.exec("PRAGMA journal_mode = WAL")));
  guarded(() => database.exec("PRAGMA synchronous = FULL"));
  const connection: SqlConnection = {
    all: async (statement, values = []) =>
      guarded(() => database.prepare(statement).all(...values) as Record<string, unknown>[]),
    run: async (statement, values) => guarded(() => void database.prepare(statement).run(...values)),
  };
  return {
    bytes: "BLOB",
    nowMs: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    all: connection.all,
    async exclusive(work) {
      guarded(() => database.exec("BEGIN IMMEDIATE"));
      try {
        const result = await work(connection);
        guarded(() => database.exec("COMMIT"));
        return result;
      } catch (cause) {
        if (database.inTransaction) guarded(() => database.exec("ROLLBACK"));
        throw cause;
      }
    },
    close: async () => guarded(() => void database.close()),
  };
}
