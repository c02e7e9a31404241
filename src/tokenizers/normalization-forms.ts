// NFC, NFD, NFKC and NFKD that keep the alignment (Unicode Annex 15, with the tables of the reference tokenizers).
// Decompositions of single characters come from the JavaScript engine; ordering and composition are done here.
import { type AlignedText, transform } from "./aligned-text.ts";
import { combiningClass, isUndecomposed } from "./characters.ts";

/** A Unicode normalisation form. */
export type NormalizationForm = "NFC" | "NFD" | "NFKC" | "NFKD";

const cacheLimit = 1 << 16; // entries; a hostile text must not fill the memory
const decompositions = { NFD: new Map<number, readonly number[]>(), NFKD: new Map<number, readonly number[]>() };
const compositions = new Map<number, number>();

/** Full decomposition of one character. */
function decompose(codePoint: number, form: "NFD" | "NFKD"): readonly number[] {
  const cache = decompositions[form];
  let parts = cache.get(codePoint);
  if (parts === undefined) {
    const self = String.fromCodePoint(codePoint);
    parts = isUndecomposed(codePoint) ? [codePoint] : Array.from(self.normalize(form), (c) => c.codePointAt(0)!);
    if (cache.size >= cacheLimit) cache.clear();
    cache.set(codePoint, parts);
  }
  return parts;
}

/** The character that a starter and a following character make together, or -1. */
function compose(first: number, second: number): number {
  if (second < 0x300) return -1;
  const key = first * 0x200000 + second;
  let composed = compositions.get(key);
  if (composed === undefined) {
    const both = String.fromCodePoint(first, second).normalize("NFC");
    const codePoint = both.codePointAt(0)!;
    const one = both.length === (codePoint > 0xffff ? 2 : 1);
    composed = one && !isUndecomposed(codePoint) ? codePoint : -1;
    if (compositions.size >= cacheLimit) compositions.clear();
    compositions.set(key, composed);
  }
  return composed;
}

/** Characters with how each relates to the old text (see `transform`). */
interface Edit {
  readonly codePoints: number[];
  readonly changes: number[];
}

/** Decomposes and puts combining marks in canonical order (a stable sort by class within each run). */
function decomposed(text: string, form: "NFD" | "NFKD"): Edit {
  const codePoints: number[] = [];
  const changes: number[] = [];
  let pending: { class: number; codePoint: number; change: number }[] = [];
  const flush = () => {
    if (pending.length > 1) pending.sort((a, b) => a.class - b.class);
    for (const p of pending) {
      codePoints.push(p.codePoint);
      changes.push(p.change);
    }
    pending = [];
  };
  for (let i = 0; i < text.length; ) {
    const codePoint = text.codePointAt(i)!;
    i += codePoint > 0xffff ? 2 : 1;
    let change = 0;
    for (const part of codePoint < 0x80 ? [codePoint] : decompose(codePoint, form)) {
      const partClass = combiningClass(part);
      if (partClass === 0) {
        flush();
        codePoints.push(part);
        changes.push(change);
      } else pending.push({ class: partClass, codePoint: part, change });
      change = 1;
    }
  }
  flush();
  return { codePoints, changes };
}

/** Composes what can be composed; a mark that is blocked by one of the same or a higher class stays. */
function recomposed(edit: Edit): Edit {
  const out: Edit = { codePoints: [], changes: [] };
  const waiting: Edit = { codePoints: [], changes: [] }; // marks after the starter that did not compose
  let starter = -1;
  let starterChange = 0;
  let lastClass = -1;
  const emit = (codePoint: number, change: number) => {
    out.codePoints.push(codePoint);
    out.changes.push(change);
  };
  const flush = () => {
    if (starter >= 0) emit(starter, starterChange);
    for (let i = 0; i < waiting.codePoints.length; i++) emit(waiting.codePoints[i]!, waiting.changes[i]!);
    waiting.codePoints.length = 0;
    waiting.changes.length = 0;
  };
  for (let i = 0; i < edit.codePoints.length; i++) {
    const codePoint = edit.codePoints[i]!;
    const change = edit.changes[i]!;
    const ownClass = combiningClass(codePoint);
    if (starter < 0 && ownClass !== 0) {
      emit(codePoint, change);
      continue;
    }
    if (starter >= 0 && (lastClass < 0 || lastClass < ownClass)) {
      const composed = compose(starter, codePoint);
      if (composed >= 0) {
        starter = composed;
        starterChange += change - 1;
        continue;
      }
    }
    if (ownClass === 0) {
      flush();
      starter = codePoint;
      starterChange = change;
      lastClass = -1;
    } else {
      waiting.codePoints.push(codePoint);
      waiting.changes.push(change);
      lastClass = ownClass;
    }
  }
  flush();
  return out;
}

/** The text in a normalisation form. */
export function normalizeForm(source: AlignedText, form: NormalizationForm): AlignedText {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the class is "ASCII"
  if (/^[\x00-\x7f]*$/.test(source.text)) return source;
  if ((form === "NFC" || form === "NFKC") && source.text.normalize(form) === source.text) return source;
  const edit = decomposed(source.text, form === "NFC" || form === "NFD" ? "NFD" : "NFKD");
  const final = form === "NFC" || form === "NFKC" ? recomposed(edit) : edit;
  return transform(source, final.codePoints, final.changes);
}
