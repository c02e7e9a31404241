// The shape of a checked tokenizer.json (Hugging Face tokenizers 0.23, format version 1.0), key for key. Types only.

/** A checked `tokenizer.json`: plain data, ready for `JSON.stringify`. */
export interface TokenizerFile {
  readonly version: "1.0";
  readonly truncation: StoredTruncation | null;
  readonly padding: StoredPadding | null;
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: NormalizerConfig | null;
  readonly pre_tokenizer: PreTokenizerConfig | null;
  readonly post_processor: PostProcessorConfig | null;
  readonly decoder: DecoderConfig | null;
  readonly model: TokenModelConfig;
}

/** Truncation that the file was saved with; reported, never applied by itself. */
export interface StoredTruncation {
  readonly direction: "Left" | "Right";
  readonly max_length: number;
  readonly strategy: "LongestFirst" | "OnlyFirst" | "OnlySecond";
  readonly stride: number;
}

/** Padding that the file was saved with; reported, never applied by itself. */
export interface StoredPadding {
  readonly strategy: "BatchLongest" | { readonly Fixed: number };
  readonly direction: "Left" | "Right";
  readonly pad_to_multiple_of: number | null;
  readonly pad_id: number;
  readonly pad_type_id: number;
  readonly pad_token: string;
}

/** A token that is found in the text before the model sees it. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Only where no word character touches it. */
  readonly single_word: boolean;
  /** Takes the white space on its left, right. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Looked for in the normalised text. */
  readonly normalized: boolean;
  /** Left out by decoding. */
  readonly special: boolean;
}

/** A literal text or a regular expression (Oniguruma syntax). */
export type PatternConfig = { readonly String: string } | { readonly Regex: string };

export type NormalizerConfig =
  | {
      readonly type: "BertNormalizer";
      readonly clean_text: boolean;
      readonly handle_chinese_chars: boolean;
      readonly strip_accents: boolean | null;
      readonly lowercase: boolean;
    }
  | { readonly type: "Sequence"; readonly normalizers: readonly NormalizerConfig[] }
  | { readonly type: "NFC" | "NFD" | "NFKC" | "NFKD" }
  | { readonly type: "Lowercase" | "Nmt" | "StripAccents" | "ByteLevel" }
  | { readonly type: "Strip"; readonly strip_left: boolean; readonly strip_right: boolean }
  | { readonly type: "Replace"; readonly pattern: PatternConfig; readonly content: string }
  | { readonly type: "Prepend"; readonly prepend: string }
  | { readonly type: "Precompiled"; readonly precompiled_charsmap: string };

/** What a split does with what it matched. */
export type SplitBehavior = "Removed" | "Isolated" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";

/** Where Metaspace puts its mark in front. */
export type PrependScheme = "always" | "first" | "never";

export type PreTokenizerConfig =
  | { readonly type: "BertPreTokenizer" | "Whitespace" | "WhitespaceSplit" }
  | { readonly type: "Sequence"; readonly pretokenizers: readonly PreTokenizerConfig[] }
  | {
      readonly type: "ByteLevel";
      readonly add_prefix_space: boolean;
      readonly trim_offsets: boolean;
      readonly use_regex: boolean;
    }
  | {
      readonly type: "Metaspace";
      readonly replacement: string;
      readonly prepend_scheme: PrependScheme;
      readonly split: boolean;
    }
  | {
      readonly type: "Split";
      readonly pattern: PatternConfig;
      readonly behavior: SplitBehavior;
      readonly invert: boolean;
    }
  | { readonly type: "Punctuation"; readonly behavior: SplitBehavior }
  | { readonly type: "Digits"; readonly individual_digits: boolean }
  | { readonly type: "CharDelimiterSplit"; readonly delimiter: string }
  | { readonly type: "FixedLength"; readonly length: number };

/** One piece of a template. */
export type TemplatePiece =
  | { readonly Sequence: { readonly id: "A" | "B"; readonly type_id: number } }
  | { readonly SpecialToken: { readonly id: string; readonly type_id: number } };

/** What a template name stands for. */
export interface TemplateToken {
  readonly id: string;
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
}

export type PostProcessorConfig =
  | {
      readonly type: "TemplateProcessing";
      readonly single: readonly TemplatePiece[];
      readonly pair: readonly TemplatePiece[];
      readonly special_tokens: Readonly<Record<string, TemplateToken>>;
    }
  | {
      readonly type: "BertProcessing";
      readonly sep: readonly [string, number];
      readonly cls: readonly [string, number];
    }
  | {
      readonly type: "RobertaProcessing";
      readonly sep: readonly [string, number];
      readonly cls: readonly [string, number];
      readonly trim_offsets: boolean;
      readonly add_prefix_space: boolean;
    }
  | {
      readonly type: "ByteLevel";
      readonly add_prefix_space: boolean;
      readonly trim_offsets: boolean;
      readonly use_regex: boolean;
    }
  | { readonly type: "Sequence"; readonly processors: readonly PostProcessorConfig[] };

export type DecoderConfig =
  | { readonly type: "WordPiece"; readonly prefix: string; readonly cleanup: boolean }
  | {
      readonly type: "ByteLevel";
      readonly add_prefix_space: boolean;
      readonly trim_offsets: boolean;
      readonly use_regex: boolean;
    }
  | {
      readonly type: "Metaspace";
      readonly replacement: string;
      readonly prepend_scheme: PrependScheme;
      readonly split: boolean;
    }
  | { readonly type: "BPEDecoder"; readonly suffix: string }
  | {
      readonly type: "CTC";
      readonly pad_token: string;
      readonly word_delimiter_token: string;
      readonly cleanup: boolean;
    }
  | { readonly type: "Replace"; readonly pattern: PatternConfig; readonly content: string }
  | { readonly type: "Strip"; readonly content: string; readonly start: number; readonly stop: number }
  | { readonly type: "Fuse" | "ByteFallback" }
  | { readonly type: "Sequence"; readonly decoders: readonly DecoderConfig[] };

/** Token → id. */
export type Vocabulary = Readonly<Record<string, number>>;

export type TokenModelConfig =
  | {
      readonly type: "WordPiece";
      readonly unk_token: string;
      readonly continuing_subword_prefix: string;
      readonly max_input_chars_per_word: number;
      readonly vocab: Vocabulary;
    }
  | {
      readonly type: "BPE";
      readonly dropout: null;
      readonly unk_token: string | null;
      readonly continuing_subword_prefix: string | null;
      readonly end_of_word_suffix: string | null;
      readonly fuse_unk: boolean;
      readonly byte_fallback: boolean;
      readonly ignore_merges: boolean;
      readonly vocab: Vocabulary;
      readonly merges: readonly (readonly [string, string])[];
    }
  | {
      readonly type: "Unigram";
      readonly unk_id: number | null;
      readonly vocab: readonly (readonly [string, number])[];
      readonly byte_fallback: boolean;
    }
  | { readonly type: "WordLevel"; readonly unk_token: string; readonly vocab: Vocabulary };
