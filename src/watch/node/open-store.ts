// A store by its name: a PostgreSQL address, or a SQLite file.
import { openDatabase } from "../../database/index.ts";
import type { WatchStore } from "../records.ts";
import { sqlStore } from "./sql-store.ts";

/** Processes of several servers share the chain: one writes at a time. */
const lock = 6_207_431;

/** @param place `postgres://…`, or the path of a SQLite file @throws E_IO, E_DEPENDENCY */
export async function openWatchStore(place: string): Promise<WatchStore> {
  const sql = await openDatabase(place, { operation: "watch store", lock });
  return await sqlStore(sql).catch(async (fault: unknown) => {
    await sql.close();
    throw fault;
  });
}
