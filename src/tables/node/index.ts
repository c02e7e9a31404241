// Node adapters of the tables: files of rows.
export { formatOf, type ReadRowsOptions, readLines, readRows, tablesIn, withoutWords } from "./read-rows.ts";
export {
  columnsOfRows,
  tableBytes,
  type WrittenColumn,
  type WrittenFormat,
  writtenFormat,
  writtenFormats,
} from "./write-rows.ts";
