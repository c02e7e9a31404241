// The student as it starts: layers of the teacher, a trimmed vocabulary, and Chinese characters whose rows begin as the mean of what they mean.
import { ConcordError, type HostArray } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { type Model, modelOf } from "../../src/models/index.ts";
import {
  countTokens,
  dropLayers,
  evenLayers,
  type SmallerModel,
  trimEmbeddings,
  trimVocabulary,
} from "../../src/shrink/index.ts";
import { readTokenizerFile, type Tokenizer, type TokenizerFile } from "../../src/tokenizer-files/index.ts";
import type { Taught } from "./texts.ts";

export interface Student extends SmallerModel {
  readonly file: TokenizerFile;
  /** The teacher's id of each token; its unknown token for characters that it lacks. */
  readonly vocabulary: readonly number[];
}

export interface StudentOptions {
  readonly layers: number;
  /** Tokens of the teacher that are kept. */
  readonly tokens: number;
  /** Most Chinese characters that are added. */
  readonly characters: number;
}

/** Builds the student. @param texts decide which tokens stay @param words Chinese, decide which characters come */
export async function studentOf(
  teacher: Model,
  weights: ReadonlyMap<string, HostArray<"float32">>,
  tokenizer: Tokenizer,
  texts: readonly string[],
  words: readonly Taught[],
  { layers, tokens, characters }: StudentOptions,
): Promise<Student> {
  const used = countTokens((await tokenizer.encodeIds([...texts], { maxLength: 512 })).map((ids) => ({ ids })));
  const { file, kept } = trimVocabulary(tokenizer.source, used, { size: tokens });
  const count = teacher.config.num_hidden_layers as number;
  const fewer = dropLayers(teacher, weights, evenLayers(layers, count));
  const trimmed = trimEmbeddings(fewer.model, fewer.weights, kept);
  const added = newCharacters(file, words, characters);
  const rows = await meanings(tokenizer, weights.get(teacher.tokens!.tableNames.words)!, added, words);
  const table = trimmed.model.tokens!.tableNames.words;
  const before = trimmed.weights.get(table)!;
  const data = Float32Array.from([...before.data, ...rows]);
  const size = kept.length + added.length;
  const unknown =
    tokenizer.source.model.type === "WordPiece" ? tokenizer.source.model.vocab[tokenizer.source.model.unk_token]! : 0;
  return {
    model: modelOf(configOf({ ...trimmed.model.config, vocab_size: size }, "student")),
    weights: new Map([...trimmed.weights, [table, { dtype: "float32", shape: [size, before.shape[1]!], data }]]),
    file: withTokens(file, added),
    vocabulary: [...kept, ...added.map(() => unknown)],
  };
}

/** The most frequent characters of Chinese texts that the vocabulary lacks. */
function newCharacters({ model }: TokenizerFile, words: readonly Taught[], most: number): string[] {
  const known = model.type === "WordPiece" ? model.vocab : {};
  const counts = new Map<string, number>();
  for (const { text } of words)
    for (const c of text)
      if (/\p{Script=Han}/u.test(c) && !Object.hasOwn(known, c)) counts.set(c, (counts.get(c) ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([c]) => c);
}

function withTokens(file: TokenizerFile, added: readonly string[]): TokenizerFile {
  if (file.model.type !== "WordPiece")
    throw new ConcordError("E_TOKENIZER", { operation: "student", problem: "the teacher's tokenizer is no WordPiece" });
  const first = Object.keys(file.model.vocab).length;
  const vocab = { ...file.model.vocab, ...Object.fromEntries(added.map((c, i) => [c, first + i])) };
  return readTokenizerFile({ ...file, model: { ...file.model, vocab } });
}

/** Rows of characters: the mean of the teacher's rows of English pieces of the first words that contain them. */
async function meanings(
  tokenizer: Tokenizer,
  table: HostArray<"float32">,
  added: readonly string[],
  words: readonly Taught[],
): Promise<Float32Array> {
  const width = table.shape[1]!;
  const wanted = new Map(added.map((c, i) => [c, { i, texts: [] as string[] }]));
  for (const { text, english } of words)
    for (const c of new Set(text)) {
      const entry = wanted.get(c);
      if (english && entry && entry.texts.length < 8) entry.texts.push(english);
    }
  const rows = new Float32Array(added.length * width);
  for (const { i, texts } of wanted.values()) {
    const ids = (await tokenizer.encodeIds(texts, { maxLength: 32 })).flatMap((row) => [...row].slice(1, -1));
    const row = rows.subarray(i * width, (i + 1) * width);
    for (const id of ids)
      for (let k = 0; k < width; k++) row[k]! += table.data[id * width + k]! / Math.max(1, ids.length);
  }
  return rows;
}
