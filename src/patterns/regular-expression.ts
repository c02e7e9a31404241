// Regular expressions read: the part of JavaScript's that names a set of texts. What looks around, remembers or depends on flags is
// refused by name.
import { ConcordError } from "../base/index.ts";
import {
  type CodePoints,
  characters,
  choice,
  type Expression,
  joined,
  lastCodePoint,
  others,
  repeat,
} from "./expression.ts";

const digits: readonly CodePoints[] = [[0x30, 0x39]];
const wordCharacters: readonly CodePoints[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const spaces: readonly CodePoints[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const classes: Readonly<Record<string, readonly CodePoints[]>> = {
  d: digits,
  D: others(digits),
  w: wordCharacters,
  W: others(wordCharacters),
  s: spaces,
  S: others(spaces),
};
const lineEnds: readonly CodePoints[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, "0": 0 };

/** Most times that a part may be repeated by number. */
const mostRepeats = 1000;

/** A place in a pattern that is being read. */
interface Reader {
  readonly source: string;
  readonly signs: readonly string[];
  at: number;
}

/**
 * The texts that match a pattern as a whole, as if it stood between `^` and `$`.
 * @throws E_ARGUMENT for what is no regular expression, and for look-around, back-references, `\b`, `\p` and flags
 * @example readPattern("\\d{4}-\\d{2}")
 */
export function readPattern(pattern: string): Expression {
  const source = pattern.replace(/^\^/, "").replace(/(?<!\\)((?:\\\\)*)\$$/, "$1");
  const reader: Reader = { source: pattern, signs: Array.from(source), at: 0 };
  const read = alternatives(reader);
  if (reader.at < reader.signs.length) throw refused(reader, "a bracket closes nothing");
  return read;
}

const refused = ({ source, at }: Reader, problem: string) =>
  new ConcordError("E_ARGUMENT", {
    operation: "regular expression",
    problem,
    expected: "characters, classes, groups, | and repeats",
    got: `${source.slice(0, 200)} (at ${at})`,
    path: "pattern",
  });

const peek = (reader: Reader): string | undefined => reader.signs[reader.at];
const taken = (reader: Reader, sign: string): boolean => {
  if (peek(reader) !== sign) return false;
  reader.at++;
  return true;
};

function alternatives(reader: Reader): Expression {
  const parts: Expression[] = [];
  do parts.push(terms(reader));
  while (taken(reader, "|"));
  return parts.length === 1 ? parts[0]! : choice(...parts);
}

function terms(reader: Reader): Expression {
  const parts: Expression[] = [];
  for (let next = peek(reader); next !== undefined && next !== "|" && next !== ")"; next = peek(reader))
    parts.push(repeated(reader, term(reader)));
  return { kind: "sequence", parts };
}

function term(reader: Reader): Expression {
  const sign = reader.signs[reader.at++]!;
  if (sign === "(") return group(reader);
  if (sign === "[") return characterClass(reader);
  if (sign === ".") return characters(...others(lineEnds));
  if (sign === "\\") return characters(...escaped(reader));
  if (sign === "^" || sign === "$") throw refused(reader, "an anchor inside of a pattern is not covered");
  if ("*+?{".includes(sign)) throw refused(reader, "a repeat has nothing to repeat");
  return characters([sign.codePointAt(0)!, sign.codePointAt(0)!]);
}

function group(reader: Reader): Expression {
  if (taken(reader, "?") && !taken(reader, ":")) throw refused(reader, "only plain groups are covered: ( ) and (?: )");
  const inside = alternatives(reader);
  if (!taken(reader, ")")) throw refused(reader, "a group is not closed");
  return inside;
}

function repeated(reader: Reader, part: Expression): Expression {
  const [least, most] = counts(reader) ?? [1, 1];
  if (least === 1 && most === 1) return part;
  taken(reader, "?"); // lazy or not, the texts are the same
  return repeat(part, least, most);
}

function counts(reader: Reader): [number, number | undefined] | undefined {
  if (taken(reader, "*")) return [0, undefined];
  if (taken(reader, "+")) return [1, undefined];
  if (taken(reader, "?")) return [0, 1];
  if (peek(reader) !== "{") return undefined;
  const rest = reader.signs.slice(reader.at, reader.at + 16).join("");
  const [whole, from, comma, to] = /^\{(\d+)(,?)(\d*)\}/.exec(rest) ?? [];
  if (whole === undefined) throw refused(reader, "a number of repeats is expected");
  reader.at += whole.length;
  const least = Number(from);
  const most = comma === "" ? least : to === "" ? undefined : Number(to);
  if (Math.max(least, most ?? 0) > mostRepeats || (most !== undefined && most < least))
    throw refused(reader, "a number of repeats is out of range");
  return [least, most];
}

function escaped(reader: Reader): readonly CodePoints[] {
  const sign = reader.signs[reader.at++];
  if (sign === undefined) throw refused(reader, "the pattern ends in a backslash");
  if (Object.hasOwn(classes, sign)) return classes[sign]!;
  if (Object.hasOwn(controls, sign)) return [[controls[sign]!, controls[sign]!]];
  const length = sign === "x" ? 2 : sign === "u" ? 4 : 0;
  if (length) {
    const code = reader.signs.slice(reader.at, reader.at + length).join("");
    if (!new RegExp(`^[0-9a-fA-F]{${length}}$`).test(code)) throw refused(reader, "a code is not hexadecimal");
    reader.at += length;
    return [[Number.parseInt(code, 16), Number.parseInt(code, 16)]];
  }
  if (/[\p{L}\p{N}]/u.test(sign)) throw refused(reader, "this escape is not covered");
  return [[sign.codePointAt(0)!, sign.codePointAt(0)!]];
}

function characterClass(reader: Reader): Expression {
  const negated = taken(reader, "^");
  const ranges: CodePoints[] = [];
  while (!taken(reader, "]")) {
    const from = classItem(reader);
    const isRange = peek(reader) === "-" && reader.signs[reader.at + 1] !== "]" && from.length === 1;
    if (!isRange) {
      ranges.push(...from);
      continue;
    }
    reader.at++;
    const to = classItem(reader);
    const [start, end] = [from[0]![0], to[0]![1]];
    if (to.length !== 1 || end < start) throw refused(reader, "a range of characters runs backwards");
    ranges.push([start, end]);
  }
  return characters(...(negated ? others(ranges) : joined(ranges)));
}

function classItem(reader: Reader): readonly CodePoints[] {
  const sign = reader.signs[reader.at++];
  if (sign === undefined) throw refused(reader, "a class of characters is not closed");
  if (sign === "\\") return taken(reader, "b") ? [[8, 8]] : escaped(reader);
  const point = Math.min(sign.codePointAt(0)!, lastCodePoint);
  return [[point, point]];
}
