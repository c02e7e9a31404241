// A model that writes, made anew: its settings and a byte-level vocabulary learned from the texts.
import type { JsonRecord } from "../../formats/index.ts";
import type { Tokenizer } from "../../tokenizer-files/index.ts";
import { jsTokenizer, trainByteBpe } from "../../tokenizers/index.ts";
import type { ScratchSettings } from "./modality.ts";

/** A decoder without weights. */
interface NewDecoder {
  /** As Transformers names its classes. */
  readonly family: "GPT2" | "Llama";
  readonly config: JsonRecord;
  readonly tokenizer: Tokenizer;
}

/** @param positions how many the model has */
export async function newDecoder(
  { decoder, vocabulary = 8000, width, layers, heads, inner, scale, dropout }: ScratchSettings,
  rows: readonly { readonly text: string }[],
  positions: number,
): Promise<NewDecoder> {
  const tokenizer = await jsTokenizer(
    trainByteBpe(
      rows.map(({ text }) => text),
      { vocabSize: vocabulary },
    ),
  );
  const ends = tokenizer.special.eos!.id;
  const shared = { vocab_size: tokenizer.vocabSize, bos_token_id: ends, eos_token_id: ends, initializer_range: scale };
  if (decoder === "llama")
    return {
      family: "Llama",
      tokenizer,
      config: {
        model_type: "llama",
        ...shared,
        hidden_size: width,
        num_hidden_layers: layers,
        num_attention_heads: heads,
        num_key_value_heads: heads,
        intermediate_size: inner,
        max_position_embeddings: positions,
        attention_dropout: dropout,
        tie_word_embeddings: true,
      },
    };
  return {
    family: "GPT2",
    tokenizer,
    config: {
      model_type: "gpt2",
      ...shared,
      n_embd: width,
      n_layer: layers,
      n_head: heads,
      n_inner: inner,
      n_positions: positions,
      embd_pdrop: dropout,
      attn_pdrop: dropout,
      resid_pdrop: dropout,
    },
  };
}
