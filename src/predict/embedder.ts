// A model that makes vectors of texts: tokens in batches of similar lengths, one vector a text out. Knows no file; the runtime and the
// tokenizer are given.
import { ConcordError, type HostArray } from "../base/index.ts";
import { cleanText } from "../data/index.ts";
import type { Model } from "../models/index.ts";
import type { Executable, Runtime } from "../runtime/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { compiledForAnswers } from "./predictor.ts";
import { inBatches, type TextPredictorOptions } from "./text-predictor.ts";

/** What a model says of texts as vectors. Call `dispose` when done. */
export interface Embedder {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  /** Longest text in tokens; the rest is cut off. */
  readonly limit: number;
  /** A vector of each text [H], in order; of length 1 where the model says so. */
  vectors(texts: readonly string[]): Promise<Float32Array[]>;
  /** Tokens that the model reads of each text. */
  tokenCounts(texts: readonly string[]): Promise<number[]>;
  dispose(): Promise<void>;
}

/**
 * Makes an embedder from a model in memory.
 * @throws E_MODEL for a model that makes no vectors of texts
 * @example const e = await textEmbedder(model, weights, tokenizer, cpuRuntime); const [vector] = await e.vectors(["a sore throat"]);
 */
export async function textEmbedder(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  tokenizer: Tokenizer,
  runtime: Runtime,
  options: TextPredictorOptions = {},
): Promise<Embedder> {
  checkEmbeds(model);
  return embedderOf(await compiledForAnswers(model, weights, runtime, options), model, tokenizer, options);
}

/**
 * Makes an embedder from an exported model that a runtime has opened.
 * @param executable gives `sentence_embedding` [batch, H]
 * @throws E_MODEL as {@link textEmbedder}
 */
export function embedderOf(
  executable: Executable,
  model: Model,
  tokenizer: Tokenizer,
  { maxLength, batchSize = 32 }: TextPredictorOptions = {},
): Embedder {
  checkEmbeds(model);
  const limit = Math.min(maxLength ?? Number.POSITIVE_INFINITY, model.tokens!.maxLength);
  const encoded = (texts: readonly string[]) =>
    tokenizer.encodeBatch(
      texts.map((text) => cleanText(text)),
      { truncation: { maxLength: limit } },
    );
  return {
    model,
    tokenizer,
    limit,
    async vectors(texts) {
      const outputs = ["sentence_embedding"];
      const rows = await inBatches(executable, model, await encoded(texts), { batchSize, outputs, ran: () => {} });
      return rows.map(([row]) => row!);
    },
    tokenCounts: async (texts) => (await encoded(texts)).map(({ ids }) => ids.length),
    dispose: () => executable.dispose(),
  };
}

function checkEmbeds({ embedding, tokens, architecture }: Model): void {
  if (embedding && tokens) return;
  throw new ConcordError("E_MODEL", {
    operation: "embed",
    problem: "the model makes no vectors of texts",
    expected: "a model trained with task: embeddings, or a folder of sentence-transformers",
    got: architecture,
  });
}

/** Cosine of two vectors; 0 where one has no length. @example cosine([1, 0], [1, 1]) // 0.707 */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}
