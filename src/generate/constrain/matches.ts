// Whether a whole text is of a form, in time linear in its length. Knows no tokens.
import type { JsonValue } from "../../formats/index.ts";
import { automatonOf, readPattern } from "../../patterns/index.ts";
import { readSchema } from "./json-schema.ts";

/**
 * A test for texts of a form: all of a text matches a regular expression, or is JSON that a schema allows with its properties in the
 * schema's order, however it is spaced.
 * @throws E_ARGUMENT for a pattern or schema that is wrong or not covered
 * @example matcher({ pattern: "\\d+" })("42") // true
 */
export function matcher(
  form: { readonly pattern: string } | { readonly schema: JsonValue },
): (text: string) => boolean {
  const automaton = automatonOf("pattern" in form ? readPattern(form.pattern) : readSchema(form.schema));
  const accepts = (text: string): boolean => {
    let state: number | undefined = 0;
    for (const byte of new TextEncoder().encode(text)) {
      state = automaton.next(state, byte);
      if (state === undefined) return false;
    }
    return automaton.accepts(state);
  };
  return (text) => {
    const given = "pattern" in form ? text : compact(text);
    return given !== undefined && accepts(given);
  };
}

/** JSON on one line, without spaces; undefined for another text. */
function compact(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}
