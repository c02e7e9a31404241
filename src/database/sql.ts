// What SQLite and PostgreSQL have in common, as plain values: statements with `?`, and work that is done whole or not at all. Knows no table.
import { ConcordError } from "../base/index.ts";

export type SqlValue = string | number | Uint8Array | null;
export type SqlRow = Readonly<Record<string, unknown>>;

/** Statements on a connection. Parameters stand as `?`. */
export interface SqlConnection {
  all(statement: string, values?: readonly SqlValue[]): Promise<SqlRow[]>;
  run(statement: string, values: readonly SqlValue[]): Promise<void>;
}

/** A database. */
export interface Sql extends Pick<SqlConnection, "all"> {
  /** Type of a column of bytes. */
  readonly bytes: "BLOB" | "BYTEA";
  /** Expression of the database's own time: milliseconds since 1970. Machines that share it need not agree on the time. */
  readonly nowMs: string;
  /** Does all of the work or none, while no other process writes. */
  exclusive<T>(work: (connection: SqlConnection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Work on a database one after the other: SQLite has one transaction at a time on a connection. */
export function inTurn(sql: Sql): <T>(work: (connection: SqlConnection) => Promise<T>) => Promise<T> {
  let writing: Promise<unknown> = Promise.resolve();
  return <T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> => {
    const result = writing.then(
      () => sql.exclusive(work),
      () => sql.exclusive(work),
    );
    writing = result.catch(() => undefined);
    return result;
  };
}

/** A database's fault as an error. */
export const databaseFault = (operation: string, cause: unknown, path: string): ConcordError =>
  cause instanceof ConcordError
    ? cause
    : new ConcordError("E_IO", {
        operation,
        problem: cause instanceof Error ? cause.message : String(cause),
        path,
        cause,
      });
