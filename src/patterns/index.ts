// Sets of texts as machines that read bytes one by one, and regular expressions that name such sets: no pattern makes one slow.
import { automatonOf } from "./automaton.ts";
import { readPattern } from "./regular-expression.ts";

export * from "./automaton.ts";
export * from "./expression.ts";
export { linearSearch, type Search } from "./linear-search.ts";
export { readPattern } from "./regular-expression.ts";
export { isDirect } from "./search-program.ts";

/**
 * Whether a text matches a pattern as a whole, in time that grows with the text alone.
 * @throws E_ARGUMENT for what {@link readPattern} refuses, and for a pattern that is too large
 * @example matcher(".*\\.(query|value)")("layer.0.query") // true
 */
export function matcher(pattern: string): (text: string) => boolean {
  const machine = automatonOf(readPattern(pattern));
  return (text) => {
    let state: number | undefined = 0;
    for (const byte of new TextEncoder().encode(text)) {
      state = machine.next(state, byte);
      if (state === undefined) return false;
    }
    return machine.accepts(state);
  };
}
