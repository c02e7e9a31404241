// A model that answers texts: tokens in batches of similar lengths, one run each, logits or answers out. Used by evaluation, the
// command line, servers and pages alike. Knows no file; the runtime and the tokenizer are given.
import { ConcordError, type HostArray } from "../base/index.ts";
import { cleanText, splitWords, type WordWindow, wordWindows } from "../data/index.ts";
import type { Model } from "../models/index.ts";
import type { Executable, Runtime } from "../runtime/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { type Chain, chained, chainOf } from "./chain.ts";
import { headAnswers } from "./head-answers.ts";
import { compiledForAnswers, outputRows, type Predictor, type PredictorOptions } from "./predictor.ts";
import { answerOf } from "./several.ts";
import { entitiesOf, gatherWords, type WordLogits } from "./word-logits.ts";

/** A text, or a pair of texts. */
export type TextInput = string | readonly [string, string];

export interface TextPredictorOptions extends PredictorOptions {
  /** Longest input in tokens, default the model's own limit. The rest is cut off; a token head reads it in further windows. */
  readonly maxLength?: number;
}

/** Token ids of one input with their segments. */
export interface Encoded {
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
}

/** What a model says of the words of a text, and what it read. */
export interface WordReading {
  readonly words: WordLogits[];
  /** Absent for a text without tokens. */
  readonly features?: Float32Array;
}

/** What a model says of texts. */
export interface TextPredictor extends Predictor<TextInput> {
  readonly tokenizer: Tokenizer;
  /** Longest input in tokens; the rest is cut off. */
  readonly limit: number;
  /** Logits of inputs that are tokens already, in order. */
  encodedLogits(encodings: readonly Encoded[]): Promise<Float32Array[]>;
  /** Logits of the words of each text, in order. @throws E_MODEL for a model that labels whole texts */
  wordLogits(texts: readonly string[]): Promise<WordLogits[][]>;
  /** The same with the mean of the last hidden states over each text's tokens, a vector as wide as the model. @throws E_MODEL as `wordLogits`, and as `features` */
  wordReadings(texts: readonly string[]): Promise<WordReading[]>;
}

/** Whether a predictor answers texts, and so gives what tokens and words have. */
export const isTextPredictor = (predictor: Predictor<never>): predictor is TextPredictor => "tokenizer" in predictor;

/**
 * Makes a predictor from a model in memory.
 * @throws E_MODEL when the model has no head that answers or its vocabulary is not the tokenizer's
 * @example const p = await textPredictor(model, weights, tokenizer, cpuRuntime); const [answer] = await p.answers(["a sore throat"]);
 */
export async function textPredictor(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  tokenizer: Tokenizer,
  runtime: Runtime,
  options: TextPredictorOptions = {},
): Promise<TextPredictor> {
  checkTogether(model, tokenizer);
  const executable = await compiledForAnswers(model, weights, runtime, options);
  return predictorOf(executable, model, tokenizer, options);
}

/**
 * Makes a predictor from an exported model that a runtime has opened.
 * @param executable takes `input_ids`, `attention_mask` and, where the model has types, `token_type_ids`; gives `logits`
 * @param model what the file's config.json says
 * @throws E_MODEL as {@link textPredictor}
 * @example const p = predictorOf(await openOnnx(bytes), modelOf(configOf(config, "config.json")), tokenizer);
 */
export function predictorOf(
  executable: Executable,
  model: Model,
  tokenizer: Tokenizer,
  { maxLength, batchSize = 32 }: TextPredictorOptions = {},
): TextPredictor {
  checkTogether(model, tokenizer);
  const limit = Math.min(maxLength ?? Number.POSITIVE_INFINITY, model.tokens!.maxLength);
  const labels = model.labels?.names ?? [];
  const words = headAnswers(model.task)!.words;
  let chain: Chain | undefined; // the same in every run
  const ran = ({ transitions }: Readonly<Record<string, HostArray>>) => {
    if (model.chained) chain ??= chainOf(labels, givenTransitions(transitions));
  };
  const runAll = (encodings: readonly Encoded[], outputs: readonly string[]) =>
    inBatches(executable, model, encodings, { batchSize, outputs, ran });
  const run = async (encodings: readonly Encoded[], output = "logits") =>
    (await runAll(encodings, [output])).map(([row]) => row!);
  const encoded = (inputs: readonly TextInput[]) => {
    if (words) throw wrongHead(model, "whole texts");
    return tokenizer.encodeBatch(inputs.map(cleaned), { truncation: { maxLength: limit } });
  };
  const logits: TextPredictor["logits"] = async (inputs) => run(await encoded(inputs));
  /** Windows of texts, their outputs, and how words of texts are found in them. */
  const readWords = async (texts: readonly string[], outputs: readonly string[]) => {
    if (!words) throw wrongHead(model, "words");
    const rows = texts.map((text) => ({ text, words: splitWords(text) }));
    const windows = await wordWindows(tokenizer, rows, limit);
    const found = await runAll(windows, outputs);
    const logits = found.map(([row]) => row!);
    const own = gatherWords(rows, windows, logits, model.labels!.names.length);
    return { windows, found, words: chain ? own.map((row) => chained(row, chain!)) : own };
  };
  const wordLogits: TextPredictor["wordLogits"] = async (texts) => (await readWords(texts, ["logits"])).words;
  return {
    model,
    tokenizer,
    limit,
    logits,
    encodedLogits: (encodings) => run(encodings),
    features: async (inputs) => run(await encoded(inputs), "features"),
    async readings(inputs) {
      const rows = await runAll(await encoded(inputs), ["logits", "features"]);
      return rows.map(([rowLogits, features]) => ({ logits: rowLogits!, features: features! }));
    },
    wordLogits,
    async wordReadings(texts) {
      const { windows, found, words: own } = await readWords(texts, ["logits", "features"]);
      const vectors = found.map(([, features]) => features!);
      return own.map((words, row) => {
        const features = meanOfWindows(windows, vectors, row);
        return { words, ...(features && { features }) };
      });
    },
    async answers(inputs, options = {}) {
      if (!words) return (await logits(inputs)).map((row) => answerOf(model, row, options));
      const texts = inputs.map((input) => {
        if (typeof input === "string") return input;
        throw wrongHead(model, "pairs of texts");
      });
      const found = await wordLogits(texts);
      return texts.map((text, i) => ({ kind: "entities", entities: entitiesOf(text, labels, found[i]!, options) }));
    },
    dispose: () => executable.dispose(),
  };
}

/** Vectors of a text's windows, each weighed by its tokens. @param vectors of each window [H] */
function meanOfWindows(windows: readonly WordWindow[], vectors: readonly Float32Array[], row: number) {
  const own = [...windows.keys()].filter((w) => windows[w]!.row === row);
  if (own.length === 0) return undefined;
  const tokens = own.reduce((sum, w) => sum + windows[w]!.ids.length, 0);
  return Float32Array.from(vectors[own[0]!]!, (_, h) =>
    own.reduce((sum, w) => sum + (windows[w]!.ids.length / tokens) * vectors[w]![h]!, 0),
  );
}

/** As the texts that the model learned from were cleaned; cleaning again changes nothing. */
const cleaned = (input: TextInput): TextInput =>
  typeof input === "string" ? cleanText(input) : [cleanText(input[0]), cleanText(input[1])];

const wrongHead = (model: Model, what: string) =>
  new ConcordError("E_MODEL", {
    operation: "predict",
    problem: `a model for ${model.task} does not predict ${what}`,
    expected:
      what === "words" ? "a head for token classification" : "a head for single-label, multi-label or regression",
    got: model.task,
  });

/** @throws E_MODEL for a file without them */
function givenTransitions(transitions: HostArray | undefined): Float32Array {
  if (transitions) return transitions.data as Float32Array;
  throw new ConcordError("E_MODEL", {
    operation: "predict",
    problem: "the model has a CRF head and its file does not give transitions",
    expected: "an output transitions [labels + 2, labels]",
    hint: "export the model again with this version",
  });
}

interface Batches {
  readonly batchSize: number;
  readonly outputs: readonly string[];
  /** Called with all that each run gave. */
  readonly ran: (given: Readonly<Record<string, HostArray>>) => void;
}

/** Outputs of each input, batches of similar lengths. Logits of token heads [tokens, labels], of which the last may be padding. */
export async function inBatches(
  executable: Executable,
  model: Model,
  encodings: readonly Encoded[],
  { batchSize, outputs, ran }: Batches,
): Promise<Float32Array[][]> {
  const order = [...encodings.keys()].sort((a, b) => encodings[b]!.ids.length - encodings[a]!.ids.length || a - b);
  const out = new Array<Float32Array[]>(encodings.length);
  for (let start = 0; start < order.length; start += batchSize) {
    const picked = order.slice(start, start + batchSize);
    const batch = picked.map((i) => encodings[i]!);
    const given = await runBatch(executable, model, batch);
    ran(given);
    const rows = outputRows(given, outputs, batch.length);
    for (const [k, i] of picked.entries()) out[i] = rows[k]!;
  }
  return out;
}

async function runBatch(
  executable: Executable,
  model: Model,
  encodings: readonly Encoded[],
): Promise<Readonly<Record<string, HostArray>>> {
  const { padId, types } = model.tokens!;
  const longest = Math.max(...encodings.map((e) => e.ids.length));
  const shape = [encodings.length, longest];
  const filled = (pad: number, numberOf: (e: Encoded, at: number) => number): HostArray => {
    const data = new BigInt64Array(encodings.length * longest).fill(BigInt(pad));
    for (const [row, e] of encodings.entries())
      for (let at = 0; at < e.ids.length; at++) data[row * longest + at] = BigInt(numberOf(e, at));
    return { dtype: "int64", shape, data };
  };
  return await executable.run({
    input_ids: filled(padId, (e, at) => e.ids[at]!),
    attention_mask: filled(0, () => 1),
    ...(types > 0 ? { token_type_ids: filled(0, (e, at) => e.typeIds[at]!) } : {}),
  });
}

function checkTogether(model: Model, tokenizer: Tokenizer): void {
  if (!headAnswers(model.task) || !model.tokens)
    throw new ConcordError("E_MODEL", {
      operation: "predict",
      problem: `a model for ${model.task} does not predict texts`,
      expected: "a head for single-label, multi-label, regression or token classification",
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
