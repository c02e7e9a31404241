// Images of a folder or a table as rows: where each lies, what its label is, whether it can be decoded.
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, relative, sep } from "node:path";
import { ConcordError, isConcordError } from "../../base/index.ts";
import {
  besideOf,
  fieldOf,
  isMissing,
  isRefused,
  type PrepareOptions,
  placeOf,
  plainText,
  type Quarantined,
  type Row,
  type RowCounts,
  type RowKind,
  refused,
  type SourceRow,
  splitNamed,
  type TextRowOptions,
  targetOf,
} from "../../data/index.ts";
import { fileDigest } from "../../formats/node/index.ts";
import { type ReadRowsOptions, readRows } from "../../tables/node/index.ts";
import { alikeImages, type Sketch, sketchOf } from "../image/alike.ts";
import type { Picture } from "../image/picture.ts";
import { readImage } from "./decode.ts";
import { isFolder, tableFingerprint } from "./fingerprint.ts";

/** A row of an image. */
export interface ImageRow extends Row {
  /** Path of the file, from the recipe's folder, or absolute. */
  readonly image: string;
  /** SHA-256 of its size and its pixels as they are decoded. */
  readonly digest: string;
}

const endings = new Set([".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff"]);
const isImage = (name: string): boolean => endings.has(extname(name).toLowerCase()) && !basename(name).startsWith(".");

/** The column of the path in tables that others made: Hugging Face's `imagefolder`. */
const usualColumn = "file_name";

/** Image files below a folder, sorted by path (by code point). @throws E_IO, E_DATA for none */
async function imagesBelow(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter(isImage).map((name) => name.split(sep).join("/"));
  if (names.length) return names.sort((a, b) => (a < b ? -1 : 1));
  throw new ConcordError("E_DATA", {
    operation: "read data",
    problem: "the folder holds no image",
    expected: "a folder for each label with PNG, JPEG or WebP files in it, or a table with a column of paths",
    got: (await readdir(folder)).slice(0, 6).join(", ") || "nothing",
    path: folder,
  });
}

/** A table that lies in a folder of images and says what they are. */
async function tableIn(folder: string): Promise<string | undefined> {
  const name = (await readdir(folder)).find((file) => /^metadata\.(csv|jsonl|parquet)$/i.test(file));
  return name && join(folder, name);
}

/** The part that a folder's name is for: `train/0/17.png`. */
const splitOf = (path: string) => (path.includes("/") ? splitNamed(path.slice(0, path.indexOf("/"))) : undefined);

/**
 * Records of a folder with a folder for each label, `train`, `dev` and `test` above them where there are such; of a folder with a
 * `metadata` table; or of a table.
 * @throws E_IO, E_DATA
 */
export async function* imageRecords(file: string, options: ReadRowsOptions): AsyncGenerator<SourceRow> {
  if (!(await isFolder(file))) return yield* readRows(file, options);
  const table = await tableIn(file);
  if (table) return yield* readRows(table, options);
  for (const name of await imagesBelow(file)) {
    const part = splitOf(name);
    const label = basename(dirname(name));
    const fields = { image: basename(name), label: label === "." || (part && !/\/.*\//.test(name)) ? "" : label };
    yield { file: join(file, name), line: 0, fields, ...(part && { part }) };
  }
}

/** Where a record's image lies. */
const pathIn = (record: SourceRow, path: string): string =>
  isAbsolute(path) ? path : join(dirname(record.file), path);

function columnOf({ fields }: SourceRow, name: string): string {
  return name === "image" && !Object.hasOwn(fields, name) && Object.hasOwn(fields, usualColumn) ? usualColumn : name;
}

/** Digest of tables and of all images that they name. @throws E_IO */
export async function imagesFingerprint(
  file: string,
  options: ReadRowsOptions,
  { text: column }: PrepareOptions["columns"],
): Promise<unknown> {
  const hash = createHash("sha256");
  for await (const record of imageRecords(file, options)) {
    const path = record.fields[columnOf(record, column)];
    const where = typeof path === "string" ? pathIn(record, path) : undefined;
    const digest = where === undefined ? "none" : await fileDigest(where).catch(() => "none"); // reported where it is decoded
    hash.update(`${String(path)} ${String(record.part)} ${digest}\n`);
  }
  const folder = await isFolder(file);
  const table = folder ? await tableIn(file) : file;
  return { images: hash.digest("hex"), ...(table && { table: await tableFingerprint(table) }) };
}

/** SHA-256 of an image's size and pixels. */
export const pixelDigest = ({ width, height, data }: Picture): string =>
  createHash("sha256").update(`${width}×${height}\n`).update(data).digest("hex");

/** How images are read and compared. @param home folder that paths in rows start from */
export function imageRows(home: string): RowKind<ImageRow> {
  const sketches = new Map<string, Sketch>();
  return {
    noun: "image",
    identity: ({ digest }) => digest,
    alike: (rows) => alikeImages(rows.map(({ digest }) => sketches.get(digest)!)),
    async read(record: SourceRow, options: TextRowOptions, counts: RowCounts): Promise<ImageRow | Quarantined> {
      const { columns } = options;
      const given = fieldOf(record, columnOf(record, columns.text), "data.image", counts.columns);
      if (isMissing(given)) return refused(placeOf(record), "no-image", given);
      const path = pathIn(record, plainText(given) ?? "");
      const picture = await readImage(path).catch((cause: unknown) => {
        if (isConcordError(cause, "E_DEPENDENCY")) throw cause;
        return isConcordError(cause) ? cause.facts.problem : String(cause);
      });
      if (typeof picture === "string") return refused(placeOf(record), "broken-image", `${path}: ${picture}`);
      const target = targetOf(record, options, counts);
      if (isRefused(target)) return refused(placeOf(record), target.reason, target.got);
      const digest = pixelDigest(picture);
      if (!sketches.has(digest)) sketches.set(digest, sketchOf(picture));
      const below = relative(home, path);
      const image = below.startsWith("..") || isAbsolute(below) ? path : below.split(sep).join("/");
      return { ...besideOf(record, columns, counts), image, digest, ...target };
    },
  };
}

/** A row's image. @throws E_IO, E_FORMAT; E_DATA where it is another one than when rows were prepared */
export async function pictureOf({ image, digest, place }: ImageRow, home: string): Promise<Picture> {
  const path = isAbsolute(image) ? image : join(home, image);
  const picture = await readImage(path);
  if (pixelDigest(picture) === digest) return picture;
  throw new ConcordError("E_DATA", {
    operation: "read image",
    problem: "the image has changed since the stage prepare read it",
    expected: "the same pixels",
    hint: "run the recipe again",
    path: `${path} (${place})`,
  });
}
