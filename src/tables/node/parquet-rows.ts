// Rows of a Parquet file, row group by row group. The door to hyparquet.
import { ConcordError, isConcordError } from "../../base/index.ts";
import type { SourceRow } from "../../data/index.ts";
import { hubNames } from "../hub-names.ts";
import { columnReaders, plainElements } from "../parquet-values.ts";
import { cannotRead } from "./table-bytes.ts";

/** @throws E_IO; E_DATA for a broken file, or a value that its column cannot hold */
export async function* parquetRows(file: string): AsyncGenerator<SourceRow> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema, compressors } =
    await parquetLibrary();
  const source = await asyncBufferFromFile(file).catch((cause: unknown) => {
    throw cannotRead(file, cause);
  });
  try {
    const metadata = await parquetMetadataAsync(source, { geoparquet: false });
    const readers = columnReaders(parquetSchema(metadata), hubNames(metadata.key_value_metadata ?? []), file);
    const columns = readers.flatMap(({ name, unreadable }) => (unreadable === undefined ? [name] : []));
    const raw = { ...metadata, schema: plainElements(metadata.schema) };
    let start = 0;
    for (const group of metadata.row_groups) {
      const end = start + Number(group.num_rows);
      const rows = await parquetReadObjects({
        file: source,
        metadata: raw,
        columns,
        compressors,
        utf8: false,
        geoparquet: false,
        rowStart: start,
        rowEnd: end,
      });
      for (const [i, values] of rows.entries()) {
        const line = start + i + 1;
        const fields = Object.fromEntries(readers.map(({ name, read }) => [name, read(values[name], line)]));
        yield { file, line, fields };
      }
      start = end;
    }
  } catch (cause) {
    if (isConcordError(cause)) throw cause;
    throw new ConcordError("E_DATA", {
      operation: "read data",
      problem: "not a Parquet file that can be read",
      got: (cause as Error).message.slice(0, 200),
      hint: "write it again, or copy it whole",
      path: file,
      cause,
    });
  }
}

const absent = (name: string) => (cause: unknown) => {
  throw new ConcordError("E_DEPENDENCY", {
    operation: "read data",
    problem: `the package ${name} is not installed`,
    hint: `npm install ${name}`,
    cause,
  });
};
const parquetLibrary = async () => ({
  ...(await import("hyparquet").catch(absent("hyparquet"))),
  ...(await import("hyparquet-compressors").catch(absent("hyparquet-compressors"))),
});
