// What a round's model answers on a member's own rows. Compiled once, since weights are fed; rows are tokenized once.
import type { HostArray } from "../base/index.ts";
import type { TextRow } from "../data/index.ts";
import { exportGraph, type Model } from "../models/index.ts";
import { type Encoded, predictorOf } from "../predict/index.ts";
import type { Runtime } from "../runtime/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";

/** A member's rows, ready to be answered by one model after the other. */
export interface OwnAnswers {
  /** Index of the label that a model answers for each row of a part, in order. */
  of(part: string, weights: ReadonlyMap<string, HostArray>): Promise<number[]>;
  close(): Promise<void>;
}

/**
 * @param rows by part
 * @throws E_MODEL where the vocabulary is not the tokenizer's, or the model labels words
 * @example const own = await ownAnswers(cpuRuntime, model, tokenizer, { dev }, { maxLength: 96 }); await own.of("dev", weights);
 */
export async function ownAnswers(
  runtime: Runtime,
  model: Model,
  tokenizer: Tokenizer,
  rows: Readonly<Record<string, readonly TextRow[]>>,
  { maxLength, threads }: { readonly maxLength: number; readonly threads?: number },
): Promise<OwnAnswers> {
  const executable = await runtime.compile(exportGraph(model), { threads });
  const known = new Map<string, Promise<readonly Encoded[]>>();
  const encode = async (part: string, maxLength: number) => {
    const inputs = rows[part]!.map(({ text, pair }) => (pair === undefined ? text : ([text, pair] as const)));
    const encodings = await tokenizer.encodeBatch(inputs, { truncation: { maxLength } });
    return encodings.map(({ ids, typeIds }) => ({ ids, typeIds }));
  };
  const encoded = (part: string, limit: number) => {
    const encodings = known.get(part) ?? encode(part, limit);
    known.set(part, encodings);
    return encodings;
  };
  return {
    async of(part, weights) {
      const fed = Object.fromEntries(weights);
      const run = { ...executable, run: (feeds: Record<string, HostArray>) => executable.run({ ...fed, ...feeds }) };
      const predictor = predictorOf(run, model, tokenizer, { maxLength });
      const logits = await predictor.encodedLogits(await encoded(part, predictor.limit));
      return logits.map((row) => row.indexOf(Math.max(...row)));
    },
    close: () => executable.dispose(),
  };
}
