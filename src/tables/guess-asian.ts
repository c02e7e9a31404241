// Tells Japanese, Korean and traditional Chinese encodings from GB18030, whose double bytes overlap theirs: by what the text would say. Pure.

/** An encoding that says something. */
export interface AsianGuess {
  readonly encoding: "big5" | "shift_jis" | "euc-jp" | "euc-kr";
  /** A clause for people: what was counted. */
  readonly why: string;
}

/** The most frequent characters of Chinese, in both scripts: a third of any text, and a hundredth of one that is decoded wrongly. */
const frequent = new Set(
  "的一是不了在人有我他這这個个們们來来到時时大地為为子中你說说生國国年著就那和要她出也得裡里後后自以會会家可下而過过天去能對对小多然於于心學学麼么之都好看起發发當当沒没成只如事把還还用第樣样道想作種种開开美從从無无情己面最女但現现前些所同日手又行意動动很上三",
);

const decoded = (head: Uint8Array, encoding: string): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true }); // a character cut at the end is forgiven
  } catch {
    return undefined;
  }
};

const counted = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;
const percent = (n: number, of: number): string => `${((100 * n) / of).toFixed(0)} %`;

/** Characters beyond ASCII, and how many of them are of a kind. */
function shareOf(text: string | undefined, kind: RegExp): { all: number; found: number; share: number } {
  const all = text === undefined ? 0 : counted(text, /[^\p{ASCII}]/gu);
  const found = text === undefined ? 0 : counted(text, kind);
  return { all, found, share: all ? found / all : 0 };
}

function frequentIn(text: string | undefined): { all: number; found: number; share: number } {
  const han = text?.match(/\p{Script=Han}/gu) ?? [];
  const found = han.filter((character) => frequent.has(character)).length;
  return { all: han.length, found, share: han.length ? found / han.length : 0 };
}

/** Fewer characters tell nothing. */
const least = 8;

/**
 * Japanese by its kana, Korean by its syllables, traditional Chinese by its most frequent characters.
 * @param head bytes of a text that is not UTF-8
 * @returns undefined where nothing is clear: what fits best is then GB18030 or none
 */
export function guessAsian(head: Uint8Array): AsianGuess | undefined {
  const kana = (["shift_jis", "euc-jp"] as const)
    .map((encoding) => ({ encoding, ...shareOf(decoded(head, encoding), /[\u3041-\u309f]/g) }))
    .reduce((a, b) => (b.share > a.share ? b : a));
  if (kana.found >= least && kana.share >= 0.2)
    return { encoding: kana.encoding, why: `${percent(kana.found, kana.all)} of its characters are Japanese kana` };
  const simplified = frequentIn(decoded(head, "gb18030"));
  const korean = shareOf(decoded(head, "euc-kr"), /[\uac00-\ud7a3]/g);
  if (korean.found >= least && korean.share >= 0.9 && simplified.share < 0.1)
    return { encoding: "euc-kr", why: `${percent(korean.found, korean.all)} of its characters are Korean syllables` };
  const traditional = frequentIn(decoded(head, "big5"));
  if (traditional.all >= least && traditional.share >= 0.15 && traditional.share > 2 * simplified.share)
    return {
      encoding: "big5",
      why: `${percent(traditional.found, traditional.all)} of its characters are the most frequent ones of traditional Chinese`,
    };
  return undefined;
}
