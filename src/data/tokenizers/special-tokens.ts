// Which tokens have a role. A tokenizer.json does not say it outright: the model names the unknown token, the template shows
// the first and the last one, and padding and mask go by their conventional spellings. Knows no text.
import { ConcordError } from "../../base/index.ts";
import type { SpecialTokens } from "../tokenizer.ts";
import type { PostProcessorPart, TokenizerFile } from "./file-format.ts";

const spellings = { pad: ["[PAD]", "<pad>", "<|pad|>"], mask: ["[MASK]", "<mask>"] };

/** Finds the roles; `roles` (as in special_tokens_map.json) wins. @throws ConcordError E_TOKENIZER for a role whose token does not exist */
export function findSpecialTokens(
  source: TokenizerFile,
  tokenToId: (token: string) => number | undefined,
  roles: Partial<Record<keyof SpecialTokens, string>>,
): SpecialTokens {
  const { model } = source;
  const unknown =
    model.type === "Unigram" ? (model.unk_id === null ? undefined : model.vocab[model.unk_id]![0]) : model.unk_token;
  const exists = (token: string) => tokenToId(token) !== undefined;
  const around = framing(source.post_processor);
  const found: Partial<Record<keyof SpecialTokens, string | null | undefined>> = {
    pad: [...(source.padding ? [source.padding.pad_token] : []), ...spellings.pad].find(exists),
    unk: unknown,
    cls: around.first,
    sep: around.last,
    mask: spellings.mask.find(exists),
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
function framing(processor: PostProcessorPart | null): { first?: string; last?: string } {
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
