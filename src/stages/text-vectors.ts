// Pairs of texts for a model that makes vectors: examples of a training job, and what each text finds among the second texts of rows.
import type { TextRow } from "../data/index.ts";
import { ranksOf } from "../eval/index.ts";
import type { TextProcessor } from "../modalities/node/index.ts";
import type { Embedder } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { documentsOf, type Ranked, type VectorTask } from "../tasks/index.ts";
import type { Example } from "../train/index.ts";
import type { PartExamples } from "./part-examples.ts";

/** Most rows that are searched after each epoch; of more, the first. */
const mostRows = 2000;

/** Rows as examples, each with its second text and, where there is one, a text that does not belong to it. */
export async function vectorExamples(
  task: VectorTask,
  { tokenizer, maxLength }: TextProcessor,
  rows: readonly TextRow[],
): Promise<PartExamples> {
  const read = async (texts: readonly string[]): Promise<{ readonly ids: Int32Array }[]> =>
    (await tokenizer.encodeBatch(texts, maxLength === undefined ? {} : { truncation: { maxLength } })).map(
      ({ ids }) => ({
        ids: Int32Array.from(ids),
      }),
    );
  const firsts = await read(rows.map(({ text }) => text));
  const seconds = await read(rows.map(({ pair = "" }) => pair));
  const strangers = await read(rows.flatMap(({ negative }) => negative ?? []));
  let next = 0;
  const examples = firsts.map(
    (one, i): Example => ({
      ...one,
      counterparts: [seconds[i]!, ...(rows[i]!.negative === undefined ? [] : [strangers[next++]!])],
    }),
  );
  const searched = rows.slice(0, mostRows);
  const { documents, own } = documentsOf(searched);
  const firstOf = documents.map((_, d) => own.indexOf(d));
  return {
    examples,
    judged: [...firsts.slice(0, searched.length), ...firstOf.map((row) => seconds[row]!)],
    score: {
      ...task.devScore,
      of: (vectors) => {
        const all = vectors.map(({ data }) => data);
        return task.scored(ranksAmong(searched, all.slice(0, searched.length), all.slice(searched.length)));
      },
    },
  };
}

/** @param texts vectors of the rows' texts @param documents vectors of their different second texts, in the order of their first rows */
function ranksAmong(
  rows: readonly TextRow[],
  texts: readonly Float32Array[],
  documents: readonly Float32Array[],
): number[] {
  const units = documents.map(unit);
  return ranksOf(documentsOf(rows), (row) => {
    const vector = unit(texts[row]!);
    return Float64Array.from(units, (other) => {
      let dot = 0;
      for (let h = 0; h < vector.length; h++) dot += vector[h]! * other[h]!;
      return dot;
    });
  });
}

/** The vector divided by its length; zeros stay. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((x) => x / length);
}

/** What each text finds. */
export async function rankedRows(embedder: Embedder, rows: readonly TextRow[]): Promise<Ranked> {
  const { documents } = documentsOf(rows);
  const texts = await embedder.vectors(rows.map(({ text }) => text));
  const ranks = ranksAmong(rows, texts, await embedder.vectors(documents));
  return { test: rows, ranks, documents: documents.length };
}

/** The objective of a recipe's section `adapt.embedding`. */
export const vectorObjective = ({ adapt: { embedding } }: Recipe) =>
  embedding.loss === "triplet"
    ? ({ name: "triplet", settings: { margin: embedding.margin } } as const)
    : ({ name: "neighbours", settings: { scale: embedding.scale } } as const);
