// A tokenizer that reads text as prepared text is read: in NFKC. Whatever opens the model's folder later, with whichever library, then sees
// full-width punctuation as training saw it. Knows no text.
import type { NormalizerConfig, TokenizerFile } from "../tokenizer-files/index.ts";

/**
 * The same tokenizer with NFKC before all else; as it is where it composes already.
 * @example composed(file).normalizer // { type: "Sequence", normalizers: [{ type: "NFKC" }, { type: "BertNormalizer", … }] }
 */
export function composed(file: TokenizerFile): TokenizerFile {
  const { normalizer } = file;
  if (composes(normalizer)) return file;
  const rest = normalizer === null ? [] : normalizer.type === "Sequence" ? normalizer.normalizers : [normalizer];
  return { ...file, normalizer: { type: "Sequence", normalizers: [{ type: "NFKC" }, ...rest] } };
}

/** NFKC, or SentencePiece's table, which has it. */
function composes(part: NormalizerConfig | null): boolean {
  if (part?.type === "Sequence") return part.normalizers.some(composes);
  return part?.type === "NFKC" || part?.type === "NFKD" || part?.type === "Precompiled";
}
