// Pairs of texts for a model that makes vectors: examples of a training job, and what each text finds among the second texts of rows.
import { ConcordError } from "../base/index.ts";
import { fitBm25, mixedScores, wordShares } from "../baseline/index.ts";
import type { TextRow } from "../data/index.ts";
import { ranksOf } from "../eval/index.ts";
import type { TextProcessor } from "../modalities/node/index.ts";
import type { Embedder } from "../predict/index.ts";
import { type Recipe, scoresPairs } from "../recipe/index.ts";
import { documentsOf, pairsAgree, type Ranked, type VectorTask } from "../tasks/index.ts";
import type { Example, TrainingJob } from "../train/index.ts";
import type { PartExamples } from "./part-examples.ts";

/** Most rows that are searched after each epoch; of more, the first. */
const mostRows = 2000;

/** The number of each pair, brought to 0 … 1 where the recipe's are others. @throws E_DATA for one outside of the recipe's range */
function likenessOf({ adapt: { embedding } }: Recipe, { value = Number.NaN, place }: TextRow): number {
  const [least, most] = embedding.range;
  if (value >= least && value <= most) return (value - least) / (most - least);
  throw new ConcordError("E_DATA", {
    operation: "train",
    problem: "the number of a pair lies outside of adapt.embedding.range",
    expected: `${least} … ${most}`,
    got: String(value),
    hint: "set adapt.embedding.range to the least and the largest number that data.label may have",
    path: place,
  });
}

/** Rows as examples, each with its second text and, where there is one, a text that does not belong to it. */
export async function vectorExamples(
  task: VectorTask,
  recipe: Recipe,
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
  if (scoresPairs(recipe))
    return {
      examples: examples.map((one, i) => ({ ...one, label: likenessOf(recipe, rows[i]!) })),
      judged: [...firsts, ...seconds],
      score: {
        name: "spearman",
        better: "higher",
        of: (vectors) =>
          pairsAgree(
            rows,
            firsts.map((_, i) => cosine(vectors[i]!.data, vectors[rows.length + i]!.data)),
          ),
      },
    };
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

/** Cosine of two vectors. */
const cosine = (a: Float32Array, b: Float32Array): number => {
  const [u, v] = [unit(a), unit(b)];
  return u.reduce((sum, x, h) => sum + x * v[h]!, 0);
};

/** How alike the two texts of each row are by vectors. */
export async function pairCosines(embedder: Embedder, rows: readonly TextRow[]): Promise<number[]> {
  const firsts = await embedder.vectors(rows.map(({ text }) => text));
  const seconds = await embedder.vectors(rows.map(({ pair = "" }) => pair));
  return firsts.map((first, i) => cosine(first, seconds[i]!));
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
export function vectorObjective({ adapt: { embedding } }: Recipe): NonNullable<TrainingJob["objective"]> {
  const { loss, margin, scale } = embedding;
  if (loss === "triplet") return { name: "triplet", settings: { margin } };
  if (loss === "cosine") return { name: "cosine", settings: undefined };
  return loss === "cosent" ? { name: "cosent", settings: { scale } } : { name: "neighbours", settings: { scale } };
}
