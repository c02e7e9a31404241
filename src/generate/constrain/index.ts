// Texts that have to be of a form: a regular expression or a JSON Schema, token by token.
import type { JsonValue } from "../../formats/index.ts";
import { readPattern } from "../../patterns/index.ts";
import type { Tokenizer } from "../../tokenizer-files/index.ts";
import { readSchema } from "./json-schema.ts";
import { type TokenConstraint, tokenConstraint } from "./token-mask.ts";

export { matcher } from "./matches.ts";

/** The form of what is written: all of it matches a regular expression, or is JSON that a schema allows. */
export type Form = { readonly pattern: string } | { readonly schema: JsonValue };

/** What may be written next in each of several texts. */
export interface Constraint {
  /** Makes tokens impossible, in place. @returns whether the text can only end here */
  mask(row: number, logits: Float32Array): boolean;
  /** A text goes on with a token. */
  took(row: number, token: number): void;
}

/** Forms whose machines are kept: a server is asked for the same one again and again. */
const mostKept = 16;

/**
 * Makes constraints for texts of a tokenizer; a form that was asked for before is not worked out again.
 * @param ends tokens that end a text
 * @returns a function from a form to the constraint of texts that begin now; it throws E_ARGUMENT for a pattern or schema that is wrong or
 * not covered, E_TOKENIZER where tokens have no bytes of their own
 */
export function constraints(tokenizer: Tokenizer, ends: ReadonlySet<number>): (form: Form) => Constraint {
  const kept = new Map<string, TokenConstraint>();
  return (form) => {
    const key = JSON.stringify(form);
    const tokens = kept.get(key) ?? tokenConstraint(expressionOf(form), tokenizer, ends);
    kept.delete(key);
    kept.set(key, tokens);
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
    const states = new Map<number, number>();
    return {
      mask: (row, logits) => tokens.mask(states.get(row) ?? 0, logits),
      took: (row, token) => void states.set(row, tokens.next(states.get(row) ?? 0, token)),
    };
  };
}

const expressionOf = (form: Form) => ("pattern" in form ? readPattern(form.pattern) : readSchema(form.schema));
