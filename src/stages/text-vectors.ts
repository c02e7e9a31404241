// Pairs of texts for a model that makes vectors: examples of a training job, and what each text finds among the second texts of rows.
import { fitBm25, mixedScores, wordShares } from "../baseline/index.ts";
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

const ranksAmong = (rows: readonly TextRow[], texts: readonly Float32Array[], documents: readonly Float32Array[]) =>
  ranksOf(documentsOf(rows), similarities(texts, documents));

/** Cosine similarities of a row's text to all documents. @param documents vectors of different second texts, in the order of their first rows */
function similarities(texts: readonly Float32Array[], documents: readonly Float32Array[]) {
  const units = documents.map(unit);
  return (row: number): Float64Array => {
    const vector = unit(texts[row]!);
    return Float64Array.from(units, (other) => {
      let dot = 0;
      for (let h = 0; h < vector.length; h++) dot += vector[h]! * other[h]!;
      return dot;
    });
  };
}

/** The vector divided by its length; zeros stay. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((x) => x / length);
}

/** The documents of rows, and how near each row's text is to all of them by vectors. */
async function searched(embedder: Embedder, rows: readonly TextRow[]) {
  const found = documentsOf(rows);
  const texts = await embedder.vectors(rows.map(({ text }) => text));
  return { found, near: similarities(texts, await embedder.vectors(found.documents)) };
}

/** What each test row's text finds by vectors. */
export async function rankedRows(embedder: Embedder, rows: readonly TextRow[]): Promise<Ranked> {
  const { found, near } = await searched(embedder, rows);
  return { test: rows, ranks: ranksOf(found, near), documents: found.documents.length };
}

/** What it finds by vectors and words together. @param dev rows that choose the share of the words; without any it is ½ */
export async function rankedWithWords(
  task: VectorTask,
  embedder: Embedder,
  dev: readonly TextRow[],
  rows: readonly TextRow[],
): Promise<Ranked> {
  const { found, near } = await searched(embedder, rows);
  const share = dev.length ? await chosenShare(task, embedder, dev.slice(0, mostRows)) : 0.5;
  const words = fitBm25(found.documents);
  const mixed = ranksOf(found, (row) => mixedScores(near(row), words.scores(rows[row]!.text), share));
  return { test: rows, ranks: mixed, documents: found.documents.length, words: { share, alone: ranksOf(found, near) } };
}

/** The share of the words with which rows find most; of several as good the smallest. */
async function chosenShare(task: VectorTask, embedder: Embedder, rows: readonly TextRow[]): Promise<number> {
  const { found, near } = await searched(embedder, rows);
  const words = fitBm25(found.documents);
  const scores = rows.map(({ text }, row) => [near(row), words.scores(text)] as const);
  const shares = wordShares.map((share) => task.scored(ranksOf(found, (row) => mixedScores(...scores[row]!, share))));
  return wordShares[shares.indexOf(Math.max(...shares))]!;
}

/** The objective of a recipe's section `adapt.embedding`. */
export const vectorObjective = ({ adapt: { embedding } }: Recipe) =>
  embedding.loss === "triplet"
    ? ({ name: "triplet", settings: { margin: embedding.margin } } as const)
    : ({ name: "neighbours", settings: { scale: embedding.scale } } as const);
