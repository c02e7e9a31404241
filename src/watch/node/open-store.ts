// A store by its name: a PostgreSQL address, or a SQLite file.
import type { WatchStore } from "../records.ts";
import { openPostgresStore } from "./postgres.ts";
import { openSqliteStore } from "./sqlite.ts";

/** @param place `postgres://…`, or the path of a SQLite file @throws E_IO, E_DEPENDENCY */
export const openWatchStore = (place: string): Promise<WatchStore> =>
  /^postgres(ql)?:\/\//.test(place) ? openPostgresStore(place) : openSqliteStore(place);
