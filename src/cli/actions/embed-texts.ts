// concord predict with a model that makes vectors: vectors of texts, or the rows of a table that lie nearest.
import { ConcordError } from "../../base/index.ts";
import { fitBm25, mixedScores } from "../../baseline/index.ts";
import { cosine, type Embedder } from "../../predict/index.ts";
import { otherReading } from "../../recipe/index.ts";
import { embedsTexts, linesOf, type OpenEmbedder, openEmbedder, textsOfFile } from "../../runs/index.ts";
import type { WrittenColumn } from "../../tables/node/index.ts";
import { argumentError, type CommandContext } from "../context.ts";
import { checkedDevice } from "../device.ts";
import { tableWriting } from "../reading.ts";
import { type AnsweringOptions, inBatches, refuseLabelOptions, writeAnswers } from "./answered.ts";

/** Options of vectors, as the command line has them. */
export interface EmbeddingOptions {
  /** Table whose rows are looked through. */
  readonly nearest?: string;
  /** How much shared words count, 0 … 1; vectors count the rest. Default vectors alone. */
  readonly words?: number;
}

interface Options extends EmbeddingOptions, AnsweringOptions {
  readonly top?: number;
}

const atOnce = 256; // texts whose vectors are made together

interface PlacedText {
  readonly text: string;
  readonly place?: string;
}

/** Whether a folder's model makes vectors. */
export { embedsTexts };

/** @throws as `openEmbedder`; E_ARGUMENT for options about labels; E_DATA for a table without texts */
export async function embedTexts(
  folder: string,
  texts: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<void> {
  refuseLabelOptions(options, "the model makes vectors of texts: it has no labels", folder);
  if (options.top !== undefined && options.nearest === undefined)
    throw argumentError("--top", { problem: "there is no table whose rows could be near", expected: "--nearest" });
  checkWords(options);
  const opened = await openEmbedder(folder, { device: checkedDevice(options.device) });
  try {
    const search = options.nearest === undefined ? undefined : await indexOf(opened, options.nearest, options);
    const given = placedTexts(opened, texts, options, context);
    if (options.out !== undefined) return await toFile(opened, options.out, given, search, options, context);
    for await (const { text, vector } of vectorsOf(opened.embedder, given)) {
      if (search) context.stdout.write(shown(text, search(text, vector, options.top ?? 5), context.json));
      else
        context.stdout.write(`${JSON.stringify(context.json ? { text, vector: numbers(vector) } : numbers(vector))}\n`);
    }
  } finally {
    await opened.embedder.dispose();
  }
}

/** @throws E_ARGUMENT for words without a table, or a share that is none */
function checkWords({ words, nearest }: Options): void {
  if (words === undefined) return;
  if (nearest === undefined)
    throw argumentError("--words", { problem: "there is no table whose rows could be near", expected: "--nearest" });
  if (!(words >= 0 && words <= 1))
    throw argumentError("--words", { problem: "not a share", expected: "0 … 1", got: String(words) });
}

const numbers = (vector: Float32Array): number[] => Array.from(vector);

interface Near extends PlacedText {
  readonly similarity: number;
}
type Search = (text: string, vector: Float32Array, count: number) => Near[];

const shown = (text: string, near: readonly Near[], json: boolean): string =>
  json
    ? `${JSON.stringify({ text, nearest: near })}\n`
    : `${text}\n${near.map((one) => `  ${one.similarity.toFixed(3)}  ${one.text}`).join("\n")}\n`;

/** Vectors of all rows of a table, and what lies nearest to one. */
async function indexOf({ embedder, recipe }: OpenEmbedder, table: string, options: Options): Promise<Search> {
  const named = options.file === undefined ? options.column : undefined; // else it is the column of --file
  const column = named ?? recipe?.data.pair ?? recipe?.data.text ?? "text";
  const rows: PlacedText[] = [];
  for await (const row of textsIn(table, column, recipe, options)) rows.push(row);
  if (rows.length === 0)
    throw new ConcordError("E_DATA", {
      operation: "predict",
      problem: "the table has no text",
      expected: "a column of texts",
      got: column,
      path: table,
    });
  const vectors = await embedder.vectors(rows.map(({ text }) => text));
  const { words } = options;
  const byWords = words === undefined ? undefined : fitBm25(rows.map(({ text }) => text));
  const scoresOf = (text: string, vector: Float32Array): ArrayLike<number> => {
    const near = vectors.map((other) => cosine(vector, other));
    return byWords ? mixedScores(near, byWords.scores(text), words!) : near;
  };
  return (text, vector, count) => {
    const scores = scoresOf(text, vector);
    return rows
      .map((row, i) => ({ ...row, similarity: scores[i]! }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, count);
  };
}

async function* textsIn(
  file: string,
  column: string,
  recipe: OpenEmbedder["recipe"],
  options: Options,
): AsyncGenerator<PlacedText> {
  const reading = otherReading(file, recipe?.data, tableWriting(file, "--file", options));
  const shape = { pair: false, longest: recipe?.data.longestText ?? 100_000, words: true };
  for await (const { given, place } of textsOfFile(file, [column], shape, reading)) yield { text: given, place };
}

async function* placedTexts(
  { recipe }: OpenEmbedder,
  texts: readonly string[],
  options: Options,
  { stdin }: CommandContext,
): AsyncGenerator<PlacedText> {
  const shape = { pair: false, longest: recipe?.data.longestText ?? 100_000, words: true };
  const { file } = options;
  if (file !== undefined) yield* textsIn(file, options.column ?? recipe?.data.text ?? "text", recipe, options);
  else if (texts.length) for (const text of texts) yield { text };
  else for await (const { given } of linesOf(stdin, shape)) yield { text: given };
}

const vectorsOf = (embedder: Embedder, given: AsyncIterable<PlacedText>) =>
  inBatches(given, atOnce, async (batch) => {
    const vectors = await embedder.vectors(batch.map(({ text }) => text));
    return batch.map((one, i) => ({ ...one, vector: vectors[i]! }));
  });

const written = {
  vectors: [
    { name: "place", kind: "text" },
    { name: "text", kind: "text" },
    { name: "vector", kind: "text" },
  ],
  nearest: [
    { name: "place", kind: "text" },
    { name: "text", kind: "text" },
    { name: "rank", kind: "integer" },
    { name: "nearest", kind: "text" },
    { name: "nearest_place", kind: "text" },
    { name: "similarity", kind: "number" },
  ],
} as const satisfies Readonly<Record<string, readonly WrittenColumn[]>>;

/** A row for each text with its vector as JSON; or a row for each near row. */
async function toFile(
  { embedder }: OpenEmbedder,
  path: string,
  given: AsyncIterable<PlacedText>,
  search: Search | undefined,
  { top = 5 }: Options,
  context: CommandContext,
): Promise<void> {
  const columns = search ? written.nearest : written.vectors;
  await writeAnswers(
    path,
    columns,
    vectorsOf(embedder, given),
    ({ text, place = "", vector }) =>
      search
        ? search(text, vector, top).map((near, i) => ({
            ...{ place, text, rank: i + 1, nearest: near.text },
            ...{ nearest_place: near.place ?? "", similarity: near.similarity },
          }))
        : [{ place, text, vector: JSON.stringify(numbers(vector)) }],
    context,
  );
}
