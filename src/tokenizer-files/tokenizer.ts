// The contract of every tokenizer: the interface, its options and the plain-data result. Knows no algorithm and no file.

/** One encoded text (or pair), as parallel arrays over its tokens. Plain data: it can be posted to a worker. */
export interface Encoding {
  readonly ids: number[];
  readonly tokens: string[];
  /** Segment of each token: 0 for the first text, 1 for the second where the tokenizer says so. */
  readonly typeIds: number[];
  /** 1 for tokens, 0 for padding. */
  readonly attentionMask: number[];
  /** 1 for tokens that are not part of a text (added by the template, or padding). */
  readonly specialTokensMask: number[];
  /** Index of the pre-token ("word") that each token comes from; null for added ones. */
  readonly wordIds: (number | null)[];
  /** 0 for the first text, 1 for the second; null for added tokens. */
  readonly sequenceIds: (number | null)[];
  /** Start and end of each token in its own text, in UTF-16 code units (as `String.slice` takes); [0, 0] for added ones. */
  readonly offsets: [start: number, end: number][];
  /** The other windows of a truncated text; filled only with `truncation.returnOverflowing`. */
  readonly overflowing: Encoding[];
}

/** How to shorten what is too long. The limit counts special tokens. */
export interface Truncation {
  /** Most tokens of a result. */
  readonly maxLength: number;
  /** Which text of a pair loses tokens. Default `longest_first`. */
  readonly strategy?: "longest_first" | "only_first" | "only_second";
  /** Which end is cut off. Default `right`. */
  readonly direction?: "right" | "left";
  /** Tokens that each window shares with the one before. Default 0; must be less than the room for text. */
  readonly stride?: number;
  /** Also return the windows after the first, as `overflowing`. Default false. */
  readonly returnOverflowing?: boolean;
}

/** How to lengthen what is too short. */
export interface Padding {
  /** Length to reach. Default: the longest result of the batch. */
  readonly length?: number;
  /** Round the length up to a multiple of this. Default 1. */
  readonly multipleOf?: number;
  /** Where padding goes. Default `right`. */
  readonly side?: "right" | "left";
  /** Padding token. Default: the tokenizer's `special.pad`. */
  readonly token?: string;
  /** Its id. Default: the id of `token`. */
  readonly id?: number;
  /** Its segment. Default 0. */
  readonly typeId?: number;
}

/** Options of {@link Tokenizer.encode}. */
export interface EncodeOptions {
  /** A second text, for tasks that read pairs. */
  readonly pair?: string;
  /** Wrap the text as the tokenizer's template says ([CLS] … [SEP]). Default true. */
  readonly addSpecialTokens?: boolean;
  /** Default: none (what a tokenizer file stores is only reported, in `source`). */
  readonly truncation?: Truncation;
  /** Default: none. */
  readonly padding?: Padding;
}

/** Options of {@link Tokenizer.encodeIds}. */
export interface EncodeIdsOptions {
  /** Most ids of a result, special tokens included; the rest is cut off on the right. Default: no limit. */
  readonly maxLength?: number;
  /** Default true. */
  readonly addSpecialTokens?: boolean;
}

/** A token that has a role, with its id. */
export interface SpecialToken {
  readonly token: string;
  readonly id: number;
}

/** The tokens that have a role; a role that the tokenizer does not fill is absent. */
export interface SpecialTokens {
  readonly pad?: SpecialToken;
  readonly unk?: SpecialToken;
  readonly cls?: SpecialToken;
  readonly sep?: SpecialToken;
  readonly mask?: SpecialToken;
  /** Begin and end of a text, for models that write. */
  readonly bos?: SpecialToken;
  readonly eos?: SpecialToken;
}

/**
 * Text ⇄ ids. Both implementations give the same results for every text and option; a lone surrogate in a text is read
 * as U+FFFD. Results follow Hugging Face `tokenizers` 0.23, with offsets in UTF-16 code units.
 */
export interface Tokenizer {
  /** Which implementation runs: the official Rust binding, or TypeScript only (any browser). */
  readonly implementation: "rust" | "js";
  /** Number of ids, added tokens included: ids are 0 … vocabSize - 1. */
  readonly vocabSize: number;
  readonly special: SpecialTokens;
  /** The `tokenizer.json` that made it, checked: write it beside a model with `JSON.stringify`. */
  readonly source: import("./file-format.ts").TokenizerFile;
  /**
   * What its folder says beside the file, as one tokenizer_config.json: roles, chat template, how text is treated. Empty for a
   * tokenizer that comes from a file alone.
   */
  readonly settings: import("../formats/index.ts").JsonRecord;
  /** Id of a token, or undefined. */
  tokenToId(token: string): number | undefined;
  /** Token of an id, or undefined. */
  idToToken(id: number): string | undefined;
  /**
   * One text, or one pair.
   * @throws ConcordError E_TOKENIZER when the text cannot be cut as `truncation` asks; E_ARGUMENT for impossible options.
   * @example
   * const { ids, offsets } = await tokenizer.encode("a sore throat", { truncation: { maxLength: 128 } });
   */
  encode(text: string, options?: EncodeOptions): Promise<Encoding>;
  /** Many texts, or pairs, padded together. */
  encodeBatch(
    inputs: readonly (string | readonly [string, string])[],
    options?: Omit<EncodeOptions, "pair">,
  ): Promise<Encoding[]>;
  /**
   * Only the ids, with no object per token: the path for training.
   * @example
   * const rows = await tokenizer.encodeIds(texts, { maxLength: 128 });
   */
  encodeIds(texts: readonly string[], options?: EncodeIdsOptions): Promise<Int32Array[]>;
  /** Ids back to text; ids outside the vocabulary are skipped. `skipSpecialTokens` defaults to true. */
  decode(ids: ArrayLike<number>, options?: { readonly skipSpecialTokens?: boolean }): Promise<string>;
}
