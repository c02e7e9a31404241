// The text of tokens as they come: only whole characters are given out, and nothing that may turn out to begin a stop string.
import type { Tokenizer } from "../tokenizer-files/index.ts";

/** Text of one continuation. */
export interface TextSoFar {
  /** Takes a token. @returns what is certain of the text since the last call, and whether a stop string has come */
  add(token: number): Promise<{ readonly text: string; readonly stopped: boolean }>;
  /** What was held back, once no token follows. */
  rest(): Promise<string>;
}

const broken = "\ufffd"; // a character of which bytes are missing

/** @param stop texts of which the first ends the continuation, without being part of it */
export function textSoFar(tokenizer: Pick<Tokenizer, "decode">, stop: readonly string[]): TextSoFar {
  const tokens: number[] = [];
  let [from, read] = [0, 0]; // decoded together: a token's text may depend on the one before
  let held = ""; // decoded, and not yet given out
  let over = false;
  const decoded = async (last: boolean): Promise<string> => {
    const before = await tokenizer.decode(tokens.slice(from, read));
    const now = await tokenizer.decode(tokens.slice(from));
    if (!last && (now.endsWith(broken) || now.length <= before.length)) return "";
    [from, read] = [read, tokens.length];
    return now.slice(before.length);
  };
  return {
    async add(token) {
      tokens.push(token);
      held += await decoded(false);
      const ends = stop.map((s) => held.indexOf(s)).filter((at) => at >= 0);
      over = ends.length > 0;
      const keep = over ? Math.min(...ends) : held.length - longestStart(held, stop);
      const text = held.slice(0, keep);
      held = over ? "" : held.slice(keep);
      return { text, stopped: over };
    },
    async rest() {
      if (over) return "";
      const text = held + (await decoded(true));
      held = "";
      return text;
    },
  };
}

/** Length of the longest end of a text that begins a stop string. */
function longestStart(text: string, stop: readonly string[]): number {
  let longest = 0;
  for (const s of stop)
    for (let n = Math.min(s.length - 1, text.length); n > longest; n--) if (text.endsWith(s.slice(0, n))) longest = n;
  return longest;
}
