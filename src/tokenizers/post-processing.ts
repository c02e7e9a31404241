// From the tokens of one or two texts to a finished encoding: truncation with windows, the special tokens of the template,
// padding. Shared by both implementations. Offsets are code points here; knows no model.
import { ConcordError } from "../base/index.ts";
import type { PostProcessorConfig, TemplatePiece } from "../tokenizer-files/index.ts";

/** The tokens of one text, or of several put together, while they are being finished. */
export interface Draft {
  ids: number[];
  tokens: string[];
  typeIds: number[];
  words: (number | null)[];
  starts: number[];
  ends: number[];
  special: number[];
  attention: number[];
  /** Token range of each text; empty: one text, all of it. */
  ranges: Map<number, readonly [number, number]>;
  /** Windows cut off by truncation. */
  overflowing: Draft[];
}

/** Most windows that one pair may give; more is a fault of the options, not a result. */
const windowLimit = 1 << 16;

const columns = ["ids", "tokens", "typeIds", "words", "starts", "ends", "special", "attention"] as const;

/** A draft without tokens. */
export function emptyDraft(): Draft {
  return {
    ids: [],
    tokens: [],
    typeIds: [],
    words: [],
    starts: [],
    ends: [],
    special: [],
    attention: [],
    ranges: new Map(),
    overflowing: [],
  };
}

/** Tokens that belong to no text. */
function specialDraft(ids: readonly number[], tokens: readonly string[], typeId: number): Draft {
  const same = <T>(value: T) => ids.map(() => value);
  return {
    ...emptyDraft(),
    ids: [...ids],
    tokens: [...tokens],
    typeIds: same(typeId),
    words: same(null),
    starts: same(0),
    ends: same(0),
    special: same(1),
    attention: same(1),
  };
}

function draftSlice(draft: Draft, start: number, end: number): Draft {
  const out = emptyDraft();
  for (const column of columns) (out[column] as unknown[]) = draft[column].slice(start, end);
  return out;
}

/** Cuts a draft to `most` tokens; the other windows overlap by `stride` and become its overflow. */
function truncateDraft(draft: Draft, most: number, stride: number, direction: "left" | "right"): Draft {
  const length = draft.ids.length;
  if (most >= length) return draft;
  if (most === 0) return { ...emptyDraft(), overflowing: [draft] };
  const step = most - stride;
  if (step <= 0)
    throw new ConcordError("E_ARGUMENT", {
      operation: "encode",
      problem: "truncation.stride leaves no room for new tokens",
      expected: `less than ${most} (what is left of maxLength beside special tokens and the other text)`,
      got: String(stride),
    });
  if (Math.ceil((length - stride) / step) > windowLimit) throw tooManyWindows();
  const windows: Draft[] = [];
  if (direction === "right")
    for (let start = 0, end = 0; end < length; start += step) {
      end = Math.min(start + most, length);
      windows.push(draftSlice(draft, start, end));
    }
  else
    for (let end = length, start = length; start > 0; end -= step) {
      start = Math.max(end - most, 0);
      windows.push(draftSlice(draft, start, end));
    }
  return { ...windows[0]!, overflowing: windows.slice(1) };
}

/** How to shorten: as the public options, with everything filled in and special tokens already taken off. */
export interface TruncationPlan {
  readonly most: number;
  readonly strategy: "longest_first" | "only_first" | "only_second";
  readonly direction: "left" | "right";
  readonly stride: number;
}

/** Shortens one or two texts together. @throws ConcordError E_TOKENIZER when the chosen text is too short to give enough */
export function truncateDrafts(drafts: readonly Draft[], plan: TruncationPlan): Draft[] {
  const { most, stride, direction, strategy } = plan;
  const cut = (draft: Draft, length: number) => truncateDraft(draft, length, stride, direction);
  if (most === 0) return drafts.map((draft) => cut(draft, 0));
  const lengths = drafts.map((draft) => draft.ids.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total <= most) return [...drafts];
  if (strategy !== "longest_first") {
    const chosen = strategy === "only_first" ? 0 : 1;
    if (drafts[chosen] === undefined) throw cannotTruncate("Second sequence not provided", strategy);
    const left = lengths[chosen]! - (total - most);
    if (left <= 0) throw cannotTruncate("Sequence to truncate too short to respect the provided max_length", strategy);
    return drafts.map((draft, i) => (i === chosen ? cut(draft, left) : draft));
  }
  if (drafts.length === 1) return [cut(drafts[0]!, most)];
  const short = Math.min(...lengths);
  let [first, second] = [short, Math.max(short, most - short)]; // of the shorter and the longer text
  if (first + second > most) [first, second] = [Math.floor(most / 2), most - Math.floor(most / 2)];
  if (lengths[0]! > lengths[1]!) [first, second] = [second, first];
  return [cut(drafts[0]!, first), cut(drafts[1]!, second)];
}

function cannotTruncate(problem: string, strategy: string): ConcordError {
  return new ConcordError("E_TOKENIZER", {
    operation: "encode",
    problem: `Truncation error: ${problem}`,
    got: `truncation.strategy ${strategy}`,
    hint: "use longest_first, or a larger maxLength",
  });
}

function tooManyWindows(): ConcordError {
  return new ConcordError("E_TOKENIZER", {
    operation: "encode",
    problem: `truncation would give more than ${windowLimit} windows`,
    hint: "use a larger maxLength or a smaller stride",
  });
}

/** Number of special tokens that a post-processor adds. */
export function addedCount(processor: PostProcessorConfig | null, pair: boolean): number {
  if (processor === null || processor.type === "ByteLevel") return 0;
  if (processor.type === "BertProcessing") return pair ? 3 : 2;
  if (processor.type === "RobertaProcessing") return pair ? 4 : 2;
  if (processor.type === "Sequence") return processor.processors.reduce((sum, p) => sum + addedCount(p, pair), 0);
  const count = (piece: TemplatePiece) =>
    "SpecialToken" in piece ? processor.special_tokens[piece.SpecialToken.id]!.ids.length : 0;
  return (pair ? processor.pair : processor.single).reduce((sum, piece) => sum + count(piece), 0);
}

/** Puts one or two texts into their frame of special tokens. */
export function frame(texts: readonly Draft[], processor: PostProcessorConfig | null, addSpecial: boolean): Draft {
  texts.forEach((draft, i) => {
    if (processor !== null || texts.length > 1) draft.ranges = new Map([[i, [0, draft.ids.length]]]);
    if (processor === null) return;
    for (const window of draft.overflowing) window.ranges = new Map([[i, [0, window.ids.length]]]);
    draft.typeIds = draft.ids.map(() => i);
  });
  if (processor === null && texts.length === 1) return texts[0]!;
  const framed = processor === null ? texts : process(texts, processor, addSpecial);
  return framed.reduce(merge, emptyDraft());
}

function process(drafts: readonly Draft[], processor: PostProcessorConfig, addSpecial: boolean): readonly Draft[] {
  switch (processor.type) {
    case "Sequence":
      return processor.processors.reduce((current, step) => process(current, step, addSpecial), drafts);
    case "ByteLevel":
      if (processor.trim_offsets) for (const draft of drafts) trimOffsets(draft, processor.add_prefix_space);
      drafts.forEach((draft, i) => {
        draft.ranges.set(i, [0, draft.ids.length]);
      });
      return drafts;
    case "BertProcessing":
      if (!addSpecial) return drafts;
      return drafts.map((draft, i) => surround(draft, i, i === 0 ? processor.cls : undefined, processor.sep, i));
    case "RobertaProcessing":
      if (processor.trim_offsets) for (const draft of drafts) trimOffsets(draft, processor.add_prefix_space);
      for (const draft of drafts) draft.typeIds = draft.ids.map(() => 0);
      if (!addSpecial) return drafts;
      for (const draft of drafts) for (const window of draft.overflowing) window.typeIds = window.ids.map(() => 0);
      return drafts.map((draft, i) => surround(draft, i, i === 0 ? processor.cls : processor.sep, processor.sep, 0));
    case "TemplateProcessing":
      return (drafts.length > 1 ? processor.pair : processor.single).flatMap((piece): Draft[] => {
        if ("SpecialToken" in piece) {
          if (!addSpecial) return [];
          const { ids, tokens } = processor.special_tokens[piece.SpecialToken.id]!;
          return [specialDraft(ids, tokens, piece.SpecialToken.type_id)];
        }
        const i = piece.Sequence.id === "A" ? 0 : 1;
        const draft = drafts[i]!;
        const ranges = new Map(draft.ranges).set(i, [0, draft.ids.length]);
        return [{ ...draft, typeIds: draft.ids.map(() => piece.Sequence.type_id), ranges }];
      });
  }
}

/** One special token before (where given) and one after a text and each of its windows. */
function surround(
  draft: Draft,
  sequence: number,
  before: readonly [string, number] | undefined,
  after: readonly [string, number],
  typeId: number,
): Draft {
  const one = ([token, id]: readonly [string, number]) => specialDraft([id], [token], typeId);
  const wrap = (inner: Draft): Draft => {
    const bare: Draft = { ...inner, overflowing: [], ranges: new Map() };
    const parts = before === undefined ? [bare, one(after)] : [one(before), bare, one(after)];
    const out = parts.reduce(merge, emptyDraft());
    const start = before === undefined ? 0 : 1;
    out.ranges = new Map([[sequence, [start, start + inner.ids.length]]]);
    return out;
  };
  return { ...wrap(draft), overflowing: draft.overflowing.map(wrap) };
}

/** Appends `right`; windows combine with windows and with the other side. Offsets stay relative to each text. */
function merge(left: Draft, right: Draft): Draft {
  if (left.overflowing.length * right.overflowing.length > windowLimit) throw tooManyWindows();
  const join = (a: Draft, b: Draft): Draft => {
    const out = emptyDraft();
    for (const column of columns) (out[column] as unknown[]) = (a[column] as unknown[]).concat(b[column]);
    out.ranges = new Map(a.ranges);
    const shift = a.ids.length;
    for (const [sequence, [start, end]] of b.ranges) out.ranges.set(sequence, [shift + start, shift + end]);
    return out;
  };
  const windows: Draft[] = [];
  for (const window of left.overflowing) {
    windows.push(join(window, right));
    for (const other of right.overflowing) windows.push(join(window, other));
  }
  for (const other of right.overflowing) windows.push(join(left, other));
  return { ...join(left, right), overflowing: windows };
}

/** Takes white space off the offsets of byte-level tokens, but not a prefix space that the tokenizer itself added. */
function trimOffsets(draft: Draft, addedPrefix: boolean): void {
  for (const window of draft.overflowing) trimOffsets(window, addedPrefix);
  const space = /^[\u0120\p{White_Space}]*/u;
  const spaceAtEnd = /[\u0120\p{White_Space}]*$/u;
  // Copies: windows may share arrays with nothing else, but a draft may be used twice by a template.
  draft.starts = [...draft.starts];
  draft.ends = [...draft.ends];
  draft.tokens.forEach((token, i) => {
    let leading = space.exec(token)![0].length;
    const trailing = trailingSpaces(token, spaceAtEnd);
    if (leading > 0) {
      if ((i === 0 || draft.starts[i] === 0) && addedPrefix && leading === 1) leading = 0;
      draft.starts[i] = Math.min(draft.starts[i]! + leading, draft.ends[i]!);
    }
    if (trailing > 0 && draft.ends[i]! >= trailing)
      draft.ends[i] = Math.max(draft.ends[i]! - trailing, draft.starts[i]!);
  });
}

function trailingSpaces(token: string, pattern: RegExp): number {
  const last = token.charCodeAt(token.length - 1);
  if (last > 0x20 && last < 0x80) return 0; // by far the most frequent case
  return pattern.exec(token)![0].length;
}

/** Lengthens a draft and its windows to `length` tokens. */
export function padDraft(
  draft: Draft,
  length: number,
  side: "left" | "right",
  token: string,
  id: number,
  typeId: number,
): Draft {
  const overflowing = draft.overflowing.map((window) => padDraft(window, length, side, token, id, typeId));
  const missing = length - draft.ids.length;
  if (missing <= 0) return { ...draft, overflowing };
  const fill = { ids: id, tokens: token, typeIds: typeId, words: null, starts: 0, ends: 0, special: 1, attention: 0 };
  const out = { ...draft, overflowing };
  for (const column of columns) {
    const padding = new Array<unknown>(missing).fill(fill[column]);
    const values = draft[column] as unknown[];
    (out[column] as unknown[]) = side === "left" ? padding.concat(values) : values.concat(padding);
  }
  if (side === "left")
    out.ranges = new Map([...draft.ranges].map(([s, [start, end]]) => [s, [start + missing, end + missing]]));
  return out;
}

/** Text index of each token, null for tokens of no text. */
export function sequenceIds(draft: Draft): (number | null)[] {
  const found = new Array<number | null>(draft.ids.length).fill(null);
  for (let s = 0; s < Math.max(draft.ranges.size, 1); s++) {
    const [start, end] = draft.ranges.get(s) ?? [0, draft.ids.length];
    found.fill(s, start, end);
  }
  return found;
}
