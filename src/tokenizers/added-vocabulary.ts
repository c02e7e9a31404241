// Adds the tokens that stand beside an older vocabulary file (added_tokens.json, tokenizer_config.json) to a tokenizer file.

import type { AddedToken, MoreToken, TokenizerFile } from "../tokenizer-files/index.ts";
import { fault, modelIds, readTokenizerFile, vocabularySize } from "../tokenizer-files/index.ts";

/**
 * The file with more tokens: one that the vocabulary has keeps its id, new ones are numbered on.
 * @throws ConcordError E_TOKENIZER where a token's told id is not the next one
 */
export function withMoreTokens(file: TokenizerFile, more: readonly MoreToken[]): TokenizerFile {
  const known = new Set(file.added_tokens.map((token) => token.content));
  const fresh = [...new Map(more.filter(({ content }) => !known.has(content)).map((t) => [t.content, t])).values()];
  if (fresh.length === 0) return file;
  const ids = modelIds(file.model);
  let next = vocabularySize(file.model, file.added_tokens);
  const places = [...fresh].sort((a, b) => (a.id ?? Number.MAX_VALUE) - (b.id ?? Number.MAX_VALUE));
  const added = places.map(({ content, id: declaredId, flags }): AddedToken => {
    const id = ids(content) ?? next++;
    if (declaredId !== undefined && declaredId !== id)
      throw fault(`added token ${JSON.stringify(content.slice(0, 40))}`, "its id does not fit the vocabulary", {
        expected: String(id),
        got: String(declaredId),
      });
    const off = {
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: flags.special !== true,
      special: false,
    };
    return { id, content, ...off, ...flags };
  });
  const all = [...file.added_tokens, ...added].sort((a, b) => a.id - b.id);
  return readTokenizerFile({ ...file, added_tokens: all });
}
