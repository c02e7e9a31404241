// The recipe's section data: which tables, how they are read, and which columns are what.
import { isAbsolute, normalize } from "node:path";
import { z } from "zod";
import { type DecimalMark, decimalMarks } from "../base/index.ts";
import { acceptable, duplicateRules, tableFormats, tagSchemes } from "../data/index.ts";
import { encodings, type TextEncoding } from "../tables/index.ts";
import { formatOf } from "../tables/node/index.ts";

export const share = z.number().min(0).max(1);
/** A path below the recipe's folder, or absolute; never above it. */
export const path = z
  .string()
  .min(1)
  .refine((p) => isAbsolute(p) || !normalize(p).startsWith(".."), {
    message: "a path that leaves the recipe's folder: use an absolute path if that is meant",
  });

/** A label's name; YAML reads some names as numbers or as true and false. */
export const labelName = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** Words of a table. YAML reads some of them as numbers, true, false or null: they stand for what is written. */
const words = z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).transform((list) => list.map(String));

const notEmpty = "a name that is not empty; to leave out rows with a label, list it in data.exclude";
const name = z.string({ error: notEmpty }).refine((to) => to.trim() !== "", { message: notEmpty });

export const dataSchema = z.strictObject({
  file: path.describe(
    "Table of labelled rows, or a folder of its parts: CSV, TSV, JSON, JSONL, Parquet, Excel (.xlsx), CoNLL columns or FastText lines.",
  ),
  format: z.enum(tableFormats).optional().describe("Default by the file's name."),
  sheet: z
    .string()
    .min(1)
    .optional()
    .describe("Sheet of an Excel workbook. Default the only one that is visible and holds something."),
  encoding: z.enum(encodings).optional().describe("Default found from the content."),
  delimiter: z.string().length(1).optional().describe("Between CSV fields. Default found from the header."),
  decimal: z
    .enum(decimalMarks)
    .optional()
    .describe(
      "Mark that begins a fraction in numbers to predict and attributes; then signs may stand between thousands: 1.234,5. Default a point, and nothing between thousands.",
    ),
  quotes: z
    .boolean()
    .optional()
    .describe("Whether CSV fields may stand in quotes. Default yes; between tabs only where all quotes close."),
  columns: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Names of the columns of a CSV table whose first line is a row already."),
  missing: words
    .default([])
    .describe("Words that mean that nothing is there. Default none: only an empty field, or null."),
  text: z.string().default("text").describe("Column of the text."),
  image: z
    .string()
    .optional()
    .describe("Of images: column of the file's path, from the table's folder. Default image. A folder needs none."),
  pair: z.string().optional().describe("Column of a second text."),
  label: z.string().default("label").describe("Column of what is predicted: labels, a number, tags or spans."),
  labels: words
    .refine((list) => list.length > 1 && new Set(list).size === list.length, {
      message: "two names or more, each once",
    })
    .optional()
    .describe("Names of labels that are numbers (0 is the first), 0/1 vectors, or columns of 0 and 1."),
  separator: z
    .string()
    .min(1)
    .optional()
    .describe("Between several labels in one field. Default ; and its full-width form."),
  scheme: z
    .enum(tagSchemes)
    .default("IOB2")
    .describe("Of the tags that a model of entities learns; none: each word has a class of its own."),
  offsets: z
    .enum(["code-points", "utf-16"])
    .default("code-points")
    .describe("What the offsets of entities count: code points as Python, or UTF-16 as JavaScript."),
  group: z.string().optional().describe("Column whose equal values never fall into different parts: the patient."),
  attributes: z.array(z.string()).default([]).describe("Columns by which scores are reported: sex, region."),
  rename: z.record(z.string(), name).default({}).describe("Other names of labels: from → to."),
  exclude: words.default([]).describe("Labels to leave out: rows that have one; of entities, the spans."),
  accept: z
    .array(z.enum(acceptable))
    .default([])
    .describe("Faults of the whole table that are meant, and do not stop the run."),
  split: z
    .strictObject({
      column: z.string().optional().describe("Column that names each row's part: train, dev or test."),
      files: z
        .strictObject({ dev: path.optional(), test: path.optional() })
        .optional()
        .describe("Tables that are the part dev or test, like data.file in all else; no share is drawn for them."),
      dev: share.default(0.1).describe("Share of the rows for choosing and calibrating."),
      test: share.default(0.2).describe("Share of the rows for the report."),
    })
    .refine(({ dev, test }) => dev + test < 1, { message: "dev and test leave nothing for training" })
    .refine(({ column, files }) => column === undefined || files === undefined, {
      message: "parts are fixed by a column or by files: name one of them",
    })
    .prefault({}),
  similarity: share.gt(0).default(0.8).describe("Texts at least this similar stay in one part."),
  duplicates: z
    .enum(duplicateRules)
    .optional()
    .describe(
      "Whether rows that repeat another row stay. Default keep where split.column or split.files give the parts; else drop.",
    ),
  quarantineLimit: share.default(0.05).describe("Largest share of unusable rows before the run stops."),
  longestText: z.int().positive().default(100_000).describe("Characters; longer texts are put aside."),
});

type Data = z.output<typeof dataSchema>;

/** How a recipe's tables are read. */
export const readingOf = ({ format, sheet, encoding, delimiter, quotes, columns, missing }: Data) => ({
  format,
  sheet,
  encoding,
  delimiter,
  quotes,
  columns,
  missing,
});

/** How a table is written, where somebody says so. */
export interface TableWriting {
  readonly encoding?: TextEncoding;
  /** Between CSV fields. */
  readonly delimiter?: string;
  /** Of a workbook. */
  readonly sheet?: string;
  /** Mark that begins a fraction. */
  readonly decimal?: DecimalMark;
}

/** How another table than the recipe's is read: by its own name and bytes, with the recipe's words for nothing and column names. */
export const otherReading = (
  file: string,
  data: Data | undefined,
  { encoding, delimiter, sheet = data?.sheet }: TableWriting,
) => ({
  format: formatOf(file) ?? data?.format,
  columns: data?.columns,
  missing: data?.missing,
  sheet,
  encoding,
  delimiter,
});

/** How a recipe's rows are read: what {@link readingOf} leaves open. */
export const labellingOf = ({
  separator,
  longestText: longest,
  scheme,
  offsets,
  labels: labelNames,
  decimal,
}: Data) => ({
  separator,
  longest,
  scheme,
  offsets,
  labelNames,
  decimal,
});

/** Whether a recipe keeps rows for the report; by a column or a file it may. Without any there is nothing to measure. */
export const hasTestSplit = ({ data: { split } }: { readonly data: Pick<Data, "split"> }): boolean =>
  split.test > 0 || split.column !== undefined || split.files?.test !== undefined;
