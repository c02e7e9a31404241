// Signs that a text was once read in the wrong encoding. Pure.

/** UTF-8 read as windows-1252 (`fÃ¼r`, `donâ€™t`), or U+FFFD. */
const signs = /\ufffd|Ã[\u0080-\u00bfŠŒŽšœžŸ„…†‡ˆ‰‹›•–—˜™€]|â€[\u0080-\u00bf™œ“”˜¦¢]|Â[\u00a0-\u00bf]|ï»¿/;

export interface EncodingSigns {
  /** Texts with such signs; the first sign with 30 characters about it, and where it stands. */
  rows: number;
  first?: string;
  place?: string;
  /** Texts with a single Chinese character beside a Latin letter (`f黵`), and texts with Chinese words. */
  alone: number;
  words: number;
}

export const noSigns = (): EncodingSigns => ({ rows: 0, alone: 0, words: 0 });

/** Adds what one text shows. */
export function countSigns(text: string, place: string, into: EncodingSigns): void {
  if (!/[\u0080-\uffff]/.test(text)) return; // most texts, and soon told
  const chinese = /[\u4e00-\u9fff]/.test(text);
  const together = chinese && /[\u4e00-\u9fff]{2}/.test(text);
  const alone = chinese && !together ? text.search(/[a-zß-ÿ][\u4e00-\u9fff]|[\u4e00-\u9fff][a-zß-ÿ]/i) : -1;
  if (together) into.words++;
  if (alone >= 0) into.alone++;
  const sign = text.search(signs);
  if (sign >= 0) into.rows++;
  const at = Math.max(sign, alone);
  if (at < 0) return;
  into.first ??= text.slice(Math.max(0, at - 30), at + 30);
  into.place ??= place;
}

/** Texts that look wrongly read: single Chinese characters count where there are hardly any Chinese words. */
export const suspicious = ({ rows, alone, words }: EncodingSigns): number => rows + (words <= alone / 10 ? alone : 0);
