// Images to answer, from arguments, a folder or a table. Each is decoded when its turn comes.
import { dirname, isAbsolute, join } from "node:path";
import { ConcordError, isConcordError, nearestName } from "../../base/index.ts";
import { isMissing, placeOf, plainText } from "../../data/index.ts";
import type { ReadRowsOptions } from "../../tables/node/index.ts";
import type { Picture } from "../image/picture.ts";
import type { Given } from "../modality.ts";
import { readImage } from "./decode.ts";
import { imageRecords } from "./image-rows.ts";

/** Files of the command line. @throws E_ARGUMENT for none; E_IO, E_FORMAT for one that is not there, or is no image */
export async function* imagesOf(paths: readonly string[]): AsyncGenerator<Given<Picture>> {
  if (paths.length === 0)
    throw new ConcordError("E_ARGUMENT", {
      operation: "predict",
      problem: "no image is named",
      expected: "concord predict <run> <file.png>, or --file with a table or a folder",
      path: "predict",
    });
  for (const path of paths) yield { given: path, input: { content: await readImage(path) } };
}

/**
 * Images that a table names, or of a folder. One that cannot be decoded has no answer.
 * @param column of the paths, which start from the table's folder
 * @throws E_IO, E_DATA as {@link imageRecords}
 */
export async function* imagesOfFile(
  file: string,
  column: string,
  reading: ReadRowsOptions,
): AsyncGenerator<Given<Picture>> {
  let seen = false;
  for await (const record of imageRecords(file, reading)) {
    const place = placeOf(record);
    const { fields } = record;
    if (!Object.hasOwn(fields, column) && !seen) throw noColumn(column, Object.keys(fields), place);
    seen = true;
    const value = fields[column];
    const given = isMissing(value) ? "" : plainText(value);
    if (given === "") {
      yield { given, place, fields, input: { unusable: "no-image" } };
      continue;
    }
    const path = isAbsolute(given) ? given : join(dirname(record.file), given);
    const content = await readImage(path).catch((cause: unknown) => {
      if (isConcordError(cause) && cause.code !== "E_DEPENDENCY") return undefined;
      throw cause;
    });
    yield { given: path, place, fields, input: content ? { content } : { unusable: "broken-image" } };
  }
}

function noColumn(column: string, known: readonly string[], path: string): ConcordError {
  const near = nearestName(column, known);
  return new ConcordError("E_DATA", {
    operation: "read images",
    problem: `there is no column ${column}`,
    expected: known.slice(0, 12).join(", "),
    got: column,
    hint: near ? `did you mean ${near}? Use --column ${near}` : "use --column with one of them",
    path,
  });
}
