// Search for an expression in time proportional to the text: the engine's order of trying (leftmost, then by preference), where a step that
// failed at a place is never tried there again (Davis, Servant & Lee 2021, "Using selective memoization to defeat regular expression denial of
// service"). A failure does not depend on how a step was reached, for there are no back references. Knows no syntax.
import { type Program, programOf, type Step } from "./search-program.ts";

/** Finds the first match from a place on: its start and end in UTF-16 units. */
export type Search = (from: number) => readonly [start: number, end: number] | undefined;

const [failed, succeeded] = [1, 2];

/**
 * A search that takes time proportional to length of text × steps of the expression, over all matches of a text together.
 * @param regex with the flag `u`
 * @returns a search for each text
 * @throws E_ARGUMENT for back references, other flags, and absurdly many steps
 * @example linearSearch(/a*b/u)("aaab")(0) // [0, 4]
 */
export function linearSearch(regex: RegExp): (text: string) => Search {
  const program = programOf(regex);
  return (text) => {
    const match = matcherOf(program, text, false);
    return (from) => {
      for (let start = from; start <= text.length; start += widthAt(text, start)) {
        const end = match(start);
        if (end !== undefined) return [start, end];
      }
      return undefined;
    };
  };
}

const widthAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

/** Where a match from a place ends. @param asks whether there is a match is all that is asked, so successes are remembered too */
function matcherOf(
  { steps, first, backwards }: Program,
  text: string,
  asks: boolean,
): (from: number) => number | undefined {
  /** Of each choice: what is known of it at each place. Made when the choice is first met. */
  const known: (Uint8Array | undefined)[] = [];
  const looks = new Map<Step, (from: number) => number | undefined>();
  const holds = (step: Extract<Step, { kind: "look" }>, at: number): boolean => {
    let look = looks.get(step);
    if (!look) {
      look = matcherOf(step.program, text, true);
      looks.set(step, look);
    }
    return (look(at) !== undefined) === step.wanted;
  };
  return (from) => {
    /** Choices on the way, and how far their first ways had come; `path` holds what was met since, and is forgotten when they fail. */
    const waiting: { readonly step: number; readonly at: number; readonly path: number }[] = [];
    const path: { readonly memory: Uint8Array; readonly at: number }[] = [];
    const end = (): number | undefined => {
      let [at, index] = [from, first];
      for (;;) {
        const step = steps[index]!;
        let next: number | undefined;
        if (step.kind === "done") return at;
        if (step.kind === "either") {
          known[index] ??= new Uint8Array(text.length + 1);
          const memory = known[index]!;
          if (memory[at] === succeeded) return at;
          if (memory[at] !== failed) {
            waiting.push({ step: step.other, at, path: path.length });
            memory[at] = failed; // until it succeeds
            path.push({ memory, at });
            next = step.next;
          }
        } else if (step.kind === "character") {
          const moved = characterAt(text, at, backwards);
          if (moved !== undefined && step.fits(moved)) {
            at += (backwards ? -1 : 1) * (moved > 0xffff ? 2 : 1);
            next = step.next;
          }
        } else if (step.kind === "at" ? isAt(text, at, step.where) : holds(step, at)) next = step.next;
        if (next !== undefined) {
          index = next;
          continue;
        }
        const back = waiting.pop();
        if (back === undefined) return undefined;
        path.length = back.path + 1; // the choice itself is still on the way: its other way is tried
        [index, at] = [back.step, back.at];
      }
    };
    const found = end();
    if (found !== undefined) for (const { memory, at } of path) memory[at] = asks ? succeeded : 0;
    return found;
  };
}

/** The character before or after a place. */
function characterAt(text: string, at: number, backwards: boolean): number | undefined {
  if (!backwards) return text.codePointAt(at);
  if (at === 0) return undefined;
  const pair = at > 1 ? text.codePointAt(at - 2)! : 0;
  return pair > 0xffff ? pair : text.charCodeAt(at - 1);
}

const isWord = (text: string, at: number): boolean => /\w/.test(text.charAt(at));

function isAt(text: string, at: number, where: "start" | "end" | "boundary" | "inside"): boolean {
  if (where === "start") return at === 0;
  if (where === "end") return at === text.length;
  return (isWord(text, at - 1) !== isWord(text, at)) === (where === "boundary");
}
