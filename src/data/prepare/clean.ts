// Cleaning that changes no meaning: plain spaces, no control characters. Characters keep their form: a tokenizer decides about that,
// because one that was pretrained may have tokens for ℃, ① or full-width punctuation. Pure.

/** What cleaning changed, counted over texts. */
export interface CleaningCounts {
  /** Texts with characters that have another form in NFKC (full-width letters, ligatures, decomposed accents); they are kept. */
  normalised: number;
  /** Texts from which control or zero-width characters were removed. */
  controls: number;
  /** Texts in which runs of white space became one space. */
  spaces: number;
}

export const noCounts = (): CleaningCounts => ({ normalised: 0, controls: 0, spaces: 0 });

/** Zero-width joiners stay inside emoji and Indic words; the others have no width and no meaning in running text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u2060\ufeff\u00ad]/g;

/**
 * A text without control characters, with single spaces and no space at its ends.
 * @param counts is added to
 * @example cleanText("fever \t of 39℃ ", counts) // "fever of 39℃"
 */
export function cleanText(text: string, counts: CleaningCounts = noCounts()): string {
  if (text.normalize("NFKC") !== text) counts.normalised++;
  const visible = text.replace(controls, "");
  if (visible !== text) counts.controls++;
  const spaced = visible.replace(/\s+/g, " ").trim();
  if (spaced !== visible) counts.spaces++;
  return spaced;
}

/**
 * A text that a model learns to write: lines and spaces stay as they are, but for its ends; line breaks are \n.
 * @param counts is added to
 * @example cleanProse(" Dear Ann,\r\n\r\nhello\n") // "Dear Ann,\n\nhello"
 */
export function cleanProse(text: string, counts: CleaningCounts = noCounts()): string {
  if (text.normalize("NFKC") !== text) counts.normalised++;
  const lines = text.replace(/\r\n?/g, "\n");
  const visible = lines.replace(controls, "");
  if (visible !== lines) counts.controls++;
  return visible.trim();
}

/**
 * A label or an attribute, cleaned and in NFKC: names that look alike are one.
 * @example cleanName("ＦＬＵ ") // "FLU"
 */
export const cleanName = (name: string): string => cleanText(name.normalize("NFKC"));
