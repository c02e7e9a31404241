// Finds added tokens ([MASK], <|endoftext|> …) in a text before the model sees it. Knows no model.

import type { AddedToken } from "../tokenizer-files/index.ts";
import { fault } from "../tokenizer-files/index.ts";
import { type AlignedText, alignedText, slice } from "./aligned-text.ts";
import { isWhitespace, isWordCharacter } from "./characters.ts";
import type { Normalize } from "./normalizers.ts";

/** A part of a text: an added token's id, or undefined for text that goes on. */
export interface Section {
  readonly text: AlignedText;
  readonly id: number | undefined;
}

/** Cuts a text into added tokens and normalised text between them; empty parts are left out. */
export type CutSections = (text: AlignedText) => Section[];

/** Makes the cutter for checked added tokens. */
export function sectionCutter(added: readonly AddedToken[], normalize: Normalize): CutSections {
  const literal = added.filter((token) => !token.normalized).map((token) => ({ token, content: token.content }));
  const normalized = added
    .filter((token) => token.normalized)
    .map((token) => ({ token, content: normalizedContent(token, normalize) }));
  const inText = finder(literal);
  const inNormalized = finder(normalized);
  return (text) => {
    const sections: Section[] = [];
    for (const section of cut(text, inText)) {
      if (section.id !== undefined) sections.push(section);
      else if (section.text.text !== "") sections.push(...cut(normalize(section.text), inNormalized));
    }
    return sections.filter((section) => section.text.text !== "");
  };
}

/** How an added token looks after normalisation: what is searched for, and what decoding writes. */
export function normalizedContent(token: AddedToken, normalize: Normalize): string {
  return token.normalized ? normalize(alignedText(token.content, false)).text : token.content;
}

interface Found {
  from: number;
  to: number;
  id: number;
}

/** Trie node: `token` where a content ends here. */
interface Node {
  readonly children: Map<number, Node>;
  token?: AddedToken;
}

/** Leftmost-longest search for all contents at once. */
function finder(entries: readonly { token: AddedToken; content: string }[]): (text: string) => Found[] {
  if (entries.length === 0) return () => [];
  const root: Node = { children: new Map() };
  for (const { token, content } of entries) {
    let node = root;
    for (let i = 0; i < content.length; i++) {
      const unit = content.charCodeAt(i);
      let child = node.children.get(unit);
      if (child === undefined) {
        child = { children: new Map() };
        node.children.set(unit, child);
      }
      node = child;
    }
    if (content === "" || node.token !== undefined)
      throw fault("added_tokens", "a token is empty or the same as another one after normalisation", {
        got: JSON.stringify(token.content),
      });
    node.token = token;
  }
  return (text) => {
    const found: Found[] = [];
    let done = 0; // end of the last token, with the white space that it took
    for (let i = 0; i < text.length; ) {
      const match = longestAt(root, text, i);
      if (match === undefined) {
        i++;
        continue;
      }
      const taken = widen(match.token, text, i, match.end, done);
      i = match.end;
      if (taken === undefined) continue;
      found.push({ ...taken, id: match.token.id });
      done = taken.to;
    }
    return found;
  };
}

function longestAt(root: Node, text: string, start: number): { token: AddedToken; end: number } | undefined {
  let node: Node | undefined = root;
  let best: { token: AddedToken; end: number } | undefined;
  for (let i = start; i < text.length; ) {
    node = node.children.get(text.charCodeAt(i++));
    if (node === undefined) break;
    if (node.token !== undefined) best = { token: node.token, end: i };
  }
  return best;
}

/** Applies single_word, lstrip and rstrip to a match; undefined where the match does not count. */
function widen(token: AddedToken, text: string, start: number, end: number, done: number) {
  let [from, to] = [start, end];
  if (token.single_word && (wordBefore(text, from) || wordAfter(text, to))) return undefined;
  if (token.lstrip) while (from > done && isWhitespace(text.charCodeAt(from - 1))) from--;
  if (token.rstrip) while (to < text.length && isWhitespace(text.charCodeAt(to))) to++;
  return { from: Math.max(from, done), to };
}

function wordBefore(text: string, at: number): boolean {
  if (at === 0) return false;
  const pair = at > 1 && (text.charCodeAt(at - 1) & 0xfc00) === 0xdc00;
  return isWordCharacter(text.codePointAt(pair ? at - 2 : at - 1)!);
}

function wordAfter(text: string, at: number): boolean {
  return at < text.length && isWordCharacter(text.codePointAt(at)!);
}

function cut(source: AlignedText, find: (text: string) => Found[]): Section[] {
  const sections: Section[] = [];
  let last = 0;
  for (const { from, to, id } of find(source.text)) {
    if (from > last) sections.push({ text: slice(source, last, from), id: undefined });
    sections.push({ text: slice(source, from, to), id });
    last = to;
  }
  if (last < source.text.length || last === 0)
    sections.push({ text: slice(source, last, source.text.length), id: undefined });
  return sections;
}
