// Texts: tokens of a tokenizer, cut at a length.

import { ngramFeatures } from "../../baseline/index.ts";
import { choiceName, type TextRow, textRows } from "../../data/index.ts";
import { modelFiles } from "../../formats/index.ts";
import { type TextInput, type TextPredictor, textPredictor, tokenizerConfig } from "../../predict/index.ts";
import { readRows } from "../../tables/node/index.ts";
import type { Tokenizer } from "../../tokenizer-files/index.ts";
import { composed, jsTokenizer, trainWordPiece } from "../../tokenizers/index.ts";
import { openTokenizer } from "../../tokenizers/node/index.ts";
import type { Processor } from "../modality.ts";
import { textPerturbations } from "../text/perturb.ts";
import { newDecoder } from "./decoder.ts";
import { tableFingerprint } from "./fingerprint.ts";
import type { Modality } from "./modality.ts";
import { savedLength } from "./saved-length.ts";

/** A tokenizer, and where it cuts. */
export interface TextProcessor extends Processor<TextRow, TextInput> {
  readonly tokenizer: Tokenizer;
  readonly maxLength?: number;
  predictor(...given: Parameters<Processor["predictor"]>): Promise<TextPredictor>;
}

/** Whether rows become tokens: what depends on words asks for a tokenizer. */
export const isTextProcessor = (processor: Processor): processor is TextProcessor => "tokenizer" in processor;

/** A row as a predictor takes it. */
export const inputOf = ({ text, pair }: TextRow): TextInput => (pair === undefined ? text : [text, pair]);

/** Both texts of a pair, one after the other. */
const wholeText = ({ text, pair }: TextRow): string => (pair === undefined ? text : `${text}\n${pair}`);

/** All that a row holds, its choices on lines of their own. */
const shownText = (row: TextRow): string =>
  [wholeText(row), ...(row.choices ?? []).map((choice, k) => `${choiceName(k)}. ${choice}`)].join("\n");

/** @param maxLength longest input in tokens. Default the model's own limit */
export function textProcessor(tokenizer: Tokenizer, maxLength?: number): TextProcessor {
  return {
    tokenizer,
    maxLength,
    inputs: async (rows) => rows.map(inputOf),
    async examples(rows) {
      const encodings = await tokenizer.encodeBatch(
        rows.map(inputOf),
        maxLength === undefined ? {} : { truncation: { maxLength } },
      );
      return rows.map(({ pair }, i) => ({
        ids: Int32Array.from(encodings[i]!.ids),
        types: pair === undefined ? undefined : Int32Array.from(encodings[i]!.typeIds),
      }));
    },
    predictor: (model, weights, runtime, options) =>
      textPredictor(model, weights, tokenizer, runtime, { ...options, maxLength }),
    perturbations: textPerturbations,
    files: () => ({
      [modelFiles.tokenizer]: JSON.stringify(tokenizer.source),
      [modelFiles.tokenizerConfig]: tokenizerConfig(tokenizer, maxLength ?? 512),
    }),
  };
}

export const textModality: Modality<TextRow, TextProcessor> = {
  name: "text",
  source: readRows,
  fingerprint: (file) => tableFingerprint(file),
  rows: () => textRows,
  open: async (folder, _model, { maxLength }) =>
    textProcessor(await openTokenizer(folder), maxLength ?? (await savedLength(folder))),
  async make(settings, rows, { maxLength }) {
    const positions = maxLength + (settings.reserved ?? 0);
    if (settings.decoder) {
      const { tokenizer, ...made } = await newDecoder(settings, rows, positions);
      return { ...made, processor: textProcessor(tokenizer, maxLength) };
    }
    const { vocabulary = 8000, width, layers, heads, inner, scale, dropout } = settings;
    const tokenizerFile = trainWordPiece(
      rows.map(({ text }) => text.normalize("NFKC")),
      { vocabSize: vocabulary },
    );
    const tokenizer = await jsTokenizer(composed(tokenizerFile)); // whoever opens the folder reads text in the form that it was learned in
    const config = {
      model_type: "bert",
      vocab_size: tokenizer.vocabSize,
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      intermediate_size: inner,
      max_position_embeddings: positions,
      type_vocab_size: 2,
      pad_token_id: tokenizer.special.pad!.id,
      initializer_range: scale,
      hidden_dropout_prob: dropout,
      attention_probs_dropout_prob: dropout,
    };
    return { family: "Bert", config, processor: textProcessor(tokenizer, maxLength) };
  },
  linearName: "linear",
  async linear(rows, { most }) {
    const features = ngramFeatures(rows.map(wholeText), { most });
    return { width: features.width, rows: async (part) => features.rows(part.map(wholeText)) };
  },
  // n-grams, roughly: as many of each length as it has characters, each once
  linearValues: (rows) =>
    Math.max(20, (2.5 * rows.reduce((n, row) => n + wholeText(row).length, 0)) / Math.max(1, rows.length)),
  column: ({ text }) => text,
  inputFacts: (_model, maxLength) => ({ maxLength }),
  show: async (row) => ({ text: shownText(row) }),
};
