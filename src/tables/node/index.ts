// Node adapters of the tables: files of rows.
export { formatOf, type ReadRowsOptions, readLines, readRows, tablesIn } from "./read-rows.ts";
