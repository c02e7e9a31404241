// The recipe's section data: which tables, how they are read, and which columns are what.
import { isAbsolute, normalize } from "node:path";
import { z } from "zod";
import { type DecimalMark, decimalMarks } from "../base/index.ts";
import { acceptable, duplicateRules, tableFormats, tagSchemes } from "../data/index.ts";
import { encodings, type TextEncoding } from "../tables/index.ts";
import { formatOf } from "../tables/node/index.ts";
import { seriesSchema } from "./recipe-series.ts";

export const share = z.number().min(0).max(1);
export const count = z.int().positive();
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
export const labelWords = z
  .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .transform((list) => list.map(String));

const notEmpty = "a name that is not empty; to leave out rows with a label, list it in data.exclude";
const name = z.string({ error: notEmpty }).refine((to) => to.trim() !== "", { message: notEmpty });

export const dataSchema = z.strictObject({
  file: path.describe(
    "Labelled table, or a folder with its files: CSV, TSV, JSON, JSONL, Parquet, Excel (.xlsx), CoNLL columns or FastText lines.",
  ),
  format: z.enum(tableFormats).optional().describe("File format. Default: by the file extension."),
  sheet: z
    .string()
    .min(1)
    .optional()
    .describe("Sheet of an Excel workbook. Default: the only visible sheet with data."),
  encoding: z.enum(encodings).optional().describe("Character encoding. Default: detected."),
  delimiter: z.string().length(1).optional().describe("Field delimiter of CSV. Default: detected from the header."),
  decimal: z
    .enum(decimalMarks)
    .optional()
    .describe(
      "Decimal mark of numbers. If set, thousands separators are read as well: 1.234,5. Default: a point, without thousands separators.",
    ),
  quotes: z
    .boolean()
    .optional()
    .describe(
      "Whether CSV fields may be quoted. Default: yes; for tab-separated tables only if all quotes are closed.",
    ),
  columns: z.array(z.string().min(1)).min(1).optional().describe("Column names of a CSV table without a header."),
  missing: labelWords.default([]).describe("Words that mean “missing”. Default: none, only an empty field or null."),
  text: z.string().default("text").describe("Column with the text."),
  image: z
    .string()
    .optional()
    .describe("Images: column with the file path, relative to the table. Default: image. Not needed for a folder."),
  series: seriesSchema,
  pair: z.string().optional().describe("Column with the second text of a pair."),
  negative: z
    .string()
    .optional()
    .describe("Embeddings: column with a text that does not belong to data.text, though it may seem so."),
  answer: z
    .string()
    .optional()
    .describe(
      "Text generation: column with the answer to data.text. Default: none; the text itself is learned, or the assistant's messages if it is a chat. Question answering: column with the answers, as they stand in data.pair; empty: there is none.",
    ),
  start: z
    .string()
    .optional()
    .describe(
      "Question answering: column with the place in data.pair where the answer begins, in units of data.offsets. Default: the answer's first occurrence, or as SQuAD's answer_start says.",
    ),
  choices: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(2)])
    .optional()
    .describe(
      "Multiple choice: column with the list of choices, or a column for each of them. A list holds texts, or ARC's labels and texts. Where there is data.pair, each choice goes on from it.",
    ),
  rejected: z
    .string()
    .optional()
    .describe(
      "Preferences: column with an answer that is worse than data.answer. With it the model learns from pairs.",
    ),
  label: z
    .string()
    .default("label")
    .describe(
      "Column to predict: labels, a number, tags or spans. Multiple choice: the right choice, as a number from 0, a letter from A, its own name, or its text. adapt.objective kto: whether the answer is good, true or false.",
    ),
  labels: labelWords
    .refine((list) => list.length > 1 && new Set(list).size === list.length, {
      message: "two names or more, each once",
    })
    .optional()
    .describe(
      "Label names for numeric labels (0 is the first), 0/1 vectors, or columns of 0 and 1. Ordinal: the classes from the lowest to the highest; default for numbers: by their size.",
    ),
  separator: z
    .string()
    .min(1)
    .optional()
    .describe("Separator of several labels in one field. Default: ; and its full-width form."),
  scheme: z.enum(tagSchemes).default("IOB2").describe("Tagging scheme of entities. none: each word has its own class."),
  offsets: z
    .enum(["code-points", "utf-16"])
    .default("code-points")
    .describe("Unit of entity offsets: code points (as in Python) or UTF-16 (as in JavaScript)."),
  group: z.string().optional().describe("Column, such as the patient, whose rows with equal values stay in one split."),
  attributes: z
    .array(z.string())
    .default([])
    .describe("Columns, such as sex or region, whose groups get their own scores."),
  rename: z.record(z.string(), name).default({}).describe("New names for labels: from → to."),
  exclude: labelWords.default([]).describe("Labels to exclude, with their rows. For entities: their spans."),
  accept: z
    .array(z.enum(acceptable))
    .default([])
    .describe("Problems of the table that are intended and should not stop the run."),
  split: z
    .strictObject({
      column: z.string().optional().describe("Column that assigns each row to a split: train, dev or test."),
      files: z
        .strictObject({
          dev: path.optional().describe("Table of the validation set."),
          test: path.optional().describe("Table of the test set."),
        })
        .optional()
        .describe("Tables that are the validation set (dev) or the test set. They are read like data.file."),
      dev: share.default(0.1).describe("Share of the rows for the validation set."),
      test: share.default(0.2).describe("Share of the rows for the test set."),
      seed: z
        .int()
        .nonnegative()
        .optional()
        .describe("Seed of the draw: with it, recipes of other seeds have the same splits. Default the recipe's seed."),
    })
    .refine(({ dev, test }) => dev + test < 1, { message: "the validation and test sets leave no rows for training" })
    .refine(({ column, files }) => column === undefined || files === undefined, {
      message: "parts are fixed by a column or by files: name one of them",
    })
    .prefault({})
    .describe(
      "How the rows are split into training, validation (dev) and test sets. Without column and files: drawn with the seed.",
    ),
  similarity: share
    .gt(0)
    .default(0.8)
    .describe("Similarity from which texts count as near-duplicates and stay in one split."),
  duplicates: z
    .enum(duplicateRules)
    .optional()
    .describe(
      "Whether rows that repeat another row stay. Default keep where split.column or split.files give the parts; else drop.",
    ),
  quarantineLimit: share.default(0.05).describe("Maximum share of rejected rows. Above it the run stops."),
  longestText: z
    .int()
    .positive()
    .default(100_000)
    .describe("Maximum number of characters. Rows with longer texts are rejected."),
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

/** Whether a recipe keeps rows for validation; by a column it may. */
export const hasValidationSplit = ({ data: { split } }: { readonly data: Pick<Data, "split"> }): boolean =>
  split.dev > 0 || split.column !== undefined || split.files?.dev !== undefined;

/** Whether a recipe keeps rows for the report; by a column or a file it may. Without any there is nothing to measure. */
export const hasTestSplit = ({ data: { split } }: { readonly data: Pick<Data, "split"> }): boolean =>
  split.test > 0 || split.column !== undefined || split.files?.test !== undefined;
