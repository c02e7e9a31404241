// The door to libsql: answers in a SQLite file.
import { dirname, resolve } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { makeFolder } from "../../formats/node/index.ts";
import type { WatchStore } from "../records.ts";
import { type SqlConnection, sqlStore, storeFault } from "./sql-store.ts";

/**
 * Opens a store in a SQLite file; makes it where there is none.
 * @throws E_DEPENDENCY where libsql is not installed; E_IO for a file that cannot be written, or that is no SQLite database
 * @example const store = await openSqliteStore("watch.sqlite");
 */
export async function openSqliteStore(path: string): Promise<WatchStore> {
  const { default: Database } = await import("libsql").catch((cause: unknown) => {
    throw new ConcordError("E_DEPENDENCY", {
      operation: "watch store",
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
      throw storeFault(cause, path);
    }
  };
  const database = guarded(() => {
    const opened = new Database(path);
    opened.exec("PRAGMA journal_mode = WAL");
    opened.exec("PRAGMA synchronous = FULL");
    opened.exec("PRAGMA busy_timeout = 5000");
    return opened;
  });
  const connection: SqlConnection = {
    all: async (statement, values = []) =>
      guarded(() => database.prepare(statement).all(...values) as Record<string, unknown>[]),
    run: async (statement, values) => guarded(() => void database.prepare(statement).run(...values)),
  };
  return await sqlStore({
    bytes: "BLOB",
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
  });
}
