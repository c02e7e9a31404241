// Databases that hold state of Concord's own: a SQLite file, or PostgreSQL. The doors to libsql and pg.
import { openPostgres } from "./postgres.ts";
import type { Sql } from "./sql.ts";
import { openSqlite } from "./sqlite.ts";

export { hasPassword } from "./postgres.ts";
export { databaseFault, inTurn, type Sql, type SqlConnection, type SqlRow, type SqlValue } from "./sql.ts";

/** For whom a database is opened. */
export interface DatabaseUse {
  /** Of errors: `watch store`. */
  readonly operation: string;
  /** PostgreSQL: number of the advisory lock that writers of the same tables share. */
  readonly lock: number;
}

/** @param place `postgres://…`, or the path of a SQLite file @throws E_IO, E_DEPENDENCY */
export const openDatabase = (place: string, use: DatabaseUse): Promise<Sql> =>
  isPostgres(place) ? openPostgres(place, use) : openSqlite(place, use.operation);

export const isPostgres = (place: string): boolean => /^postgres(ql)?:\/\//.test(place);
