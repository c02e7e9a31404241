// A model that answers texts: tokens in batches of similar lengths, one run each, probabilities out. Used by evaluation, the
// command line, servers and pages alike. Knows no file; the runtime and the tokenizer are given.
import { ConcordError, type HostArray } from "../base/index.ts";
import type { Tokenizer } from "../data/index.ts";
import { exportGraph, type Model } from "../models/index.ts";
import type { Executable, Runtime } from "../runtime/index.ts";

/** A text, or a pair of texts. */
export type TextInput = string | readonly [string, string];

export interface TextPredictorOptions {
  /** Longest input in tokens; the rest is cut off. Default the model's own limit. */
  readonly maxLength?: number;
  /** Inputs of one run. Default 32. */
  readonly batchSize?: number;
  readonly threads?: number;
}

/** What a model says of texts, before it is decoded. */
export interface TextPredictor {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  /** Logits of each input, in order. */
  logits(inputs: readonly TextInput[]): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

/**
 * Makes a predictor from a model in memory.
 * @throws E_MODEL when the model is not for whole texts or its vocabulary is not the tokenizer's
 * @example const p = await textPredictor(model, weights, tokenizer, cpuRuntime); const [row] = await p.logits(["a sore throat"]);
 */
export async function textPredictor(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  tokenizer: Tokenizer,
  runtime: Runtime,
  { maxLength, batchSize = 32, threads }: TextPredictorOptions = {},
): Promise<TextPredictor> {
  checkTogether(model, tokenizer);
  const limit = Math.min(maxLength ?? Number.POSITIVE_INFINITY, model.tokens!.maxLength);
  const bind = Object.fromEntries(
    model.parameters.map(({ name }) => {
      const array = weights.get(name);
      if (!array) throw new ConcordError("E_MODEL", { operation: "predict", problem: `weight ${name} is missing` });
      return [name, { kind: "initializer" as const, array }];
    }),
  );
  const executable = await runtime.compile(exportGraph(model), { bind, threads });
  return {
    model,
    tokenizer,
    async logits(inputs) {
      const encodings = await tokenizer.encodeBatch(inputs, { truncation: { maxLength: limit } });
      const order = [...encodings.keys()].sort((a, b) => encodings[b]!.ids.length - encodings[a]!.ids.length || a - b);
      const out = new Array<Float32Array>(inputs.length);
      for (let start = 0; start < order.length; start += batchSize) {
        const picked = order.slice(start, start + batchSize);
        const rows = await runBatch(
          executable,
          model,
          picked.map((i) => encodings[i]!),
        );
        for (const [k, i] of picked.entries()) out[i] = rows[k]!;
      }
      return out;
    },
    dispose: () => executable.dispose(),
  };
}

type Encoded = { readonly ids: readonly number[]; readonly typeIds: readonly number[] };

async function runBatch(executable: Executable, model: Model, encodings: readonly Encoded[]): Promise<Float32Array[]> {
  const { padId, types } = model.tokens!;
  const longest = Math.max(...encodings.map((e) => e.ids.length));
  const shape = [encodings.length, longest];
  const filled = (pad: number, numberOf: (e: Encoded, at: number) => number): HostArray => {
    const data = new BigInt64Array(encodings.length * longest).fill(BigInt(pad));
    for (const [row, e] of encodings.entries())
      for (let at = 0; at < e.ids.length; at++) data[row * longest + at] = BigInt(numberOf(e, at));
    return { dtype: "int64", shape, data };
  };
  const { logits } = await executable.run({
    input_ids: filled(padId, (e, at) => e.ids[at]!),
    attention_mask: filled(0, () => 1),
    ...(types > 0 ? { token_type_ids: filled(0, (e, at) => e.typeIds[at]!) } : {}),
  });
  const width = logits!.data.length / encodings.length;
  const data = logits!.data as Float32Array;
  return encodings.map((_, row) => data.slice(row * width, (row + 1) * width));
}

function checkTogether(model: Model, tokenizer: Tokenizer): void {
  const wholeText = model.task === "single-label" || model.task === "multi-label" || model.task === "regression";
  if (!wholeText || !model.tokens)
    throw new ConcordError("E_MODEL", {
      operation: "predict",
      problem: `a model for ${model.task} does not answer whole texts`,
      expected: "a head for single-label, multi-label or regression",
      got: model.task,
    });
  if (tokenizer.vocabSize > model.tokens.vocabulary)
    throw new ConcordError("E_MODEL", {
      operation: "predict",
      problem: "the tokenizer is another model's: it has ids that the model lacks",
      expected: `at most ${model.tokens.vocabulary} tokens`,
      got: `${tokenizer.vocabSize}`,
      hint: "use the tokenizer.json of the model's own folder",
    });
}
