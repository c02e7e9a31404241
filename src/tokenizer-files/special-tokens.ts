// Which tokens have a role. A tokenizer.json does not say it outright: the model names the unknown token, the template shows
// the first and the last one, and padding and mask go by their conventional spellings. Knows no text.
import { ConcordError } from "../base/index.ts";
import type { PostProcessorConfig, TokenizerFile } from "./file-format.ts";
import type { SpecialTokens } from "./tokenizer.ts";

const spellings = {
  pad: ["[PAD]", "<pad>", "<|pad|>"],
  mask: ["[MASK]", "<mask>"],
  bos: ["<s>", "<bos>", "<|begin_of_text|>", "<|endoftext|>"],
  eos: ["</s>", "<eos>", "<|end_of_text|>", "<|endoftext|>"],
};

/**
 * Finds the roles. What a folder's settings name wins over what the file shows (a token that does not exist counts for nothing);
 * `roles` win over both.
 * @throws ConcordError E_TOKENIZER for a role of `roles` whose token does not exist
 */
export function findSpecialTokens(
  source: TokenizerFile,
  tokenToId: (token: string) => number | undefined,
  roles: Partial<Record<keyof SpecialTokens, string>>,
  declared: Partial<Record<keyof SpecialTokens, string>> = {},
): SpecialTokens {
  const { model } = source;
  const unknown =
    model.type === "Unigram" ? (model.unk_id === null ? undefined : model.vocab[model.unk_id]![0]) : model.unk_token;
  const exists = (token: string) => tokenToId(token) !== undefined;
  const { first, last } = framing(source.post_processor);
  const around = first !== undefined && last !== undefined; // [CLS] … [SEP]; a decoder's frame has only one of them
  const added = new Set(source.added_tokens.map((token) => token.content));
  const spelled = (role: "bos" | "eos") => spellings[role].find((token) => added.has(token));
  const found: Partial<Record<keyof SpecialTokens, string | null | undefined>> = {
    pad: [...(source.padding ? [source.padding.pad_token] : []), ...spellings.pad].find(exists),
    unk: unknown,
    cls: around ? first : undefined,
    sep: around ? last : undefined,
    mask: spellings.mask.find(exists),
    bos: around ? undefined : (first ?? spelled("bos")),
    eos: around ? undefined : (last ?? spelled("eos")),
    ...Object.fromEntries(Object.entries(declared).filter(([, token]) => exists(token))),
    ...roles,
  };
  const special: { -readonly [K in keyof SpecialTokens]: SpecialTokens[K] } = {};
  for (const role of Object.keys(found) as (keyof SpecialTokens)[]) {
    const token = found[role];
    const id = typeof token === "string" ? tokenToId(token) : undefined;
    if (typeof token === "string" && id !== undefined) special[role] = { token, id };
    else if (roles[role] !== undefined)
      throw new ConcordError("E_TOKENIZER", {
        operation: "read tokenizer",
        problem: `the ${role} token is not in the vocabulary`,
        got: JSON.stringify(roles[role]),
      });
  }
  return special;
}

/** First and last token of what stands around a single text. */
function framing(processor: PostProcessorConfig | null): { first?: string; last?: string } {
  if (processor === null || processor.type === "ByteLevel") return {};
  if (processor.type === "Sequence") return Object.assign({}, ...processor.processors.map(framing));
  if (processor.type !== "TemplateProcessing") return { first: processor.cls[0], last: processor.sep[0] };
  const token = (piece: (typeof processor.single)[number] | undefined) =>
    piece !== undefined && "SpecialToken" in piece
      ? processor.special_tokens[piece.SpecialToken.id]!.tokens[0]
      : undefined;
  const first = token(processor.single[0]);
  const last = token(processor.single.at(-1));
  return { ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }) };
}
