// Node adapters of the tables: files of rows.

export type { WrittenColumn } from "../cells.ts";
export {
  formatOf,
  guessedEncoding,
  type ReadRowsOptions,
  readLines,
  readRows,
  tablesIn,
  withoutWords,
} from "./read-rows.ts";
export { sheetsOf } from "./workbook-rows.ts";
export {
  columnsOfRows,
  tableBytes,
  type WrittenFormat,
  writtenFormat,
  writtenFormats,
} from "./write-rows.ts";
