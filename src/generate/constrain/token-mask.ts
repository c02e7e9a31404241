// Which tokens may come next so that a text can still become one of a set: every token's bytes are read from the state that the text is in.
import { ConcordError } from "../../base/index.ts";
import { type Automaton, automatonOf, type Expression } from "../../patterns/index.ts";
import type { Tokenizer } from "../../tokenizer-files/index.ts";
import { tokenBytes } from "../../tokenizers/index.ts";

/** The texts of a set, token by token. A state is a number; 0 is before the first token. */
export interface TokenConstraint {
  /** Makes impossible tokens impossible, in place. A token of `ends` may come where a text may end. @returns whether the text can only end here */
  mask(state: number, logits: Float32Array): boolean;
  /** The state after a token that was possible. */
  next(state: number, token: number): number;
}

/** Tokens by their bytes: a node for each beginning. */
interface Trie {
  readonly children: Map<number, Trie>;
  readonly tokens: number[];
}

/**
 * @param ends tokens that end a text
 * @throws E_TOKENIZER for a tokenizer whose tokens are no bytes of a text
 */
export function tokenConstraint(
  expression: Expression,
  tokenizer: Tokenizer,
  ends: ReadonlySet<number>,
): TokenConstraint {
  const automaton = automatonOf(expression);
  const bytes = tokenBytes(tokenizer);
  const trie = trieOf(tokenizer.vocabSize, bytes, ends);
  const possible = new Map<number, Int32Array>();
  const allowed = (state: number): Int32Array => {
    const found = possible.get(state) ?? Int32Array.from(tokensFrom(automaton, trie, state));
    possible.set(state, found);
    return found;
  };
  return {
    mask(state, logits) {
      const before = logits.slice();
      logits.fill(Number.NEGATIVE_INFINITY);
      const tokens = allowed(state);
      for (const id of tokens) logits[id] = before[id]!;
      const over = automaton.accepts(state);
      if (over) for (const id of ends) logits[id] = before[id]!;
      if (tokens.length === 0 && !over)
        throw new ConcordError("E_TOKENIZER", {
          operation: "constrained generation",
          problem: "the tokenizer has no token that the pattern could go on with",
          hint: "allow other characters, or use a byte-level tokenizer",
        });
      return tokens.length === 0;
    },
    next(state, token) {
      let at: number | undefined = state;
      for (const byte of bytes(token) ?? []) at = at === undefined ? undefined : automaton.next(at, byte);
      return at ?? state;
    },
  };
}

function trieOf(size: number, bytes: (id: number) => Uint8Array | undefined, ends: ReadonlySet<number>): Trie {
  const root: Trie = { children: new Map(), tokens: [] };
  for (let id = 0; id < size; id++) {
    const spelled = ends.has(id) ? undefined : bytes(id);
    if (!spelled?.length) continue;
    let at = root;
    for (const byte of spelled) {
      const next = at.children.get(byte) ?? { children: new Map(), tokens: [] };
      at.children.set(byte, next);
      at = next;
    }
    at.tokens.push(id);
  }
  return root;
}

function tokensFrom(automaton: Automaton, trie: Trie, state: number): number[] {
  const found = [...trie.tokens];
  for (const [byte, child] of trie.children) {
    const next = automaton.next(state, byte);
    if (next !== undefined) for (const id of tokensFrom(automaton, child, next)) found.push(id);
  }
  return found;
}
