// Rows as the bytes of a Parquet file, row group by row group. The door to hyparquet-writer.
import { ConcordError } from "../../base/index.ts";
import type { SourceRow } from "../../data/index.ts";
import { type ColumnKind, cellText, type WrittenColumn } from "../cells.ts";

const types = { text: "STRING", integer: "INT64", number: "DOUBLE", boolean: "BOOLEAN", json: "JSON" } as const;
const groupRows = 10_000;

/** A value as its column's type has it. */
function typed(kind: ColumnKind, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (kind === "text") return cellText(value);
  return kind === "integer" ? BigInt(Number(value)) : value;
}

/** @throws E_DEPENDENCY where the package is not installed */
export async function* parquetBytes(
  columns: readonly WrittenColumn[],
  rows: AsyncIterable<SourceRow["fields"]>,
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await parquetLibrary();
  const sources = columns.map(({ name, kind }) => ({ name, type: types[kind], data: [] as unknown[] }));
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaFromColumnData({ columnData: sources }) });
  const taken = () => {
    const written = bytes.getBytes().slice();
    bytes.index = 0; // what was taken is gone from the buffer; its offset counts on
    return written;
  };
  const flushed = async () => {
    await writer.write({ columnData: sources, rowGroupSize: groupRows });
    for (const source of sources) source.data = [];
    return taken();
  };
  for await (const fields of rows) {
    for (const [i, { name, kind }] of columns.entries()) sources[i]!.data.push(typed(kind, fields[name]));
    if (sources[0]?.data.length === groupRows) yield await flushed();
  }
  if (sources[0]?.data.length) yield await flushed();
  await writer.finish();
  yield taken();
}

const parquetLibrary = () =>
  import("hyparquet-writer").catch((cause: unknown) => {
    throw new ConcordError("E_DEPENDENCY", {
      operation: "write table",
      problem: "the package hyparquet-writer is not installed",
      hint: "npm install hyparquet-writer",
      cause,
    });
  });
