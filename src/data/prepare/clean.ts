// Cleaning that changes no meaning: one Unicode form, plain spaces, no control characters. Pure.

/** What cleaning changed, counted over texts. */
export interface CleaningCounts {
  /** Texts whose characters took another form (NFKC: full-width letters, ligatures, decomposed accents). */
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
 * A text in NFKC, without control characters, with single spaces and no space at its ends.
 * @param counts is added to
 * @example cleanText("ＦＥＶＥＲ \t of 39°", counts) // "FEVER of 39°"
 */
export function cleanText(text: string, counts: CleaningCounts = noCounts()): string {
  const form = text.normalize("NFKC");
  if (form !== text) counts.normalised++;
  const visible = form.replace(controls, "");
  if (visible !== form) counts.controls++;
  const spaced = visible.replace(/\s+/g, " ").trim();
  if (spaced !== visible) counts.spaces++;
  return spaced;
}
