// Tells Cyrillic and Greek encodings of one byte a letter apart: in the right one nearly all bytes above ASCII are letters, capitals
// begin words, and the usual letters are frequent. Pure.

/** An encoding, or none where two read alike well. */
export interface LettersGuess {
  readonly encoding?: "windows-1251" | "koi8-r" | "ibm866" | "iso-8859-5" | "windows-1253";
  /** A clause for people: what was counted. */
  readonly why: string;
}

interface Script {
  readonly name: "Cyrillic letters" | "Greek letters";
  readonly letters: RegExp;
  /** Share of each letter in texts, in percent. */
  readonly shares: Readonly<Record<string, number>>;
  /** What any sentence in small letters has. */
  readonly marks?: RegExp;
  readonly encodings: readonly NonNullable<LettersGuess["encoding"]>[];
}

/** Shares of letters in percent, from words such as `о11`. */
const sharesIn = (list: string) => Object.fromEntries(list.split(" ").map((one) => [one[0]!, Number(one.slice(1))]));

const scripts: readonly Script[] = [
  {
    name: "Cyrillic letters",
    letters: /\p{Script=Cyrillic}/gu,
    shares: sharesIn(
      "о11 е8.5 а8 и7.4 н6.7 т6.3 с5.5 р4.7 в4.5 л4.4 к3.5 м3.2 д3 п2.8 у2.6 і4 я2 ы1.9 ь1.7 г1.7 з1.7 б1.6 ч1.4 й1.2 х1 ж.9 ш.7 ю.6 ц.5 щ.4 э.3 ф.3 ј3",
    ),
    encodings: ["windows-1251", "koi8-r", "ibm866", "iso-8859-5"],
  },
  {
    name: "Greek letters",
    letters: /\p{Script=Greek}/gu,
    shares: sharesIn(
      "α12 ο9.8 ι9.3 ε8.4 τ8.2 ν6.5 η5 σ4.9 υ4.3 ρ4 π4 κ4 ς3.9 μ3.4 λ2.7 ω1.8 δ1.7 γ1.6 χ1.2 θ1.2 φ.8 β.7 ξ.4 ζ.4 ψ.2",
    ),
    marks: /[άέήίόύώ]|^\P{Ll}*$/u,
    encodings: ["windows-1253"],
  },
];

/** Fewer letters tell nothing. */
const leastLetters = 8;
/** The best reading must be this much more likely than the next, as a logarithm of odds: 20 to 1. */
const margin = 3;
/** What the shares of the letters of a text come to on average, in percent; half of it or less where it is decoded wrongly. */
const usual = 6;

interface Reading {
  readonly encoding: NonNullable<LettersGuess["encoding"]>;
  readonly script: Script["name"];
  /** Characters above ASCII, and letters of the script among them. */
  readonly all: number;
  readonly letters: number;
  /** Share of the letters on average, in percent. */
  readonly mean: number;
  /** Logarithm of how likely such characters are, each by itself. */
  readonly likelihood: number;
}

const counted = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

function readingOf(head: Uint8Array, encoding: Reading["encoding"], script: Script): Reading {
  const text = decoded(head, encoding);
  const above = text.match(/[^\p{ASCII}]/gu) ?? [];
  const shares = above.map((c) => script.shares[c.normalize("NFD")[0]!.toLowerCase()] ?? 0);
  // capitals inside words, marks of a word's end in its middle, accents in Latin words
  const misplaced = counted(
    text,
    /(?<=\p{Ll})\p{Lu}|ς(?=\p{L})|(?<=\p{L})σ(?!\p{L})|(?<=[A-Za-z])[^\p{ASCII}]|[^\p{ASCII}](?=[A-Za-z])/gu,
  );
  const unmarked = script.marks?.test(text) === false ? 1 : 0;
  const isCapital = 2 * counted(text, /\p{Lu}/gu) > above.length ? 1 : 0;
  const sum = shares.reduce((a, b) => a + b, 0);
  return {
    encoding,
    script: script.name,
    all: above.length,
    letters: counted(text, script.letters),
    mean: (sum / Math.max(1, above.length)) * Math.max(0, 1 - (3 * misplaced) / Math.max(1, above.length)),
    likelihood: above.length
      ? shares.reduce((a, share) => a + Math.log((share || 0.01) / 100), 0) - 3 * misplaced - 10 * unmarked - isCapital
      : Number.NEGATIVE_INFINITY,
  };
}

/** Nothing where the encoding does not have a byte. */
function decoded(head: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(head);
  } catch {
    return "";
  }
}

/**
 * @param head bytes of a text that is not UTF-8
 * @returns undefined where it is no Cyrillic and no Greek; without an encoding where two fit alike
 * @example guessLetters(Uint8Array.from([0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x20, 0xec, 0xe8, 0xf0]))?.encoding // "windows-1251" (привет мир)
 */
export function guessLetters(head: Uint8Array): LettersGuess | undefined {
  const readings = scripts
    .flatMap((script) => script.encodings.map((encoding) => readingOf(head, encoding, script)))
    .filter(({ all, letters, mean }) => letters >= leastLetters && letters >= 0.85 * all && mean >= 0.6 * usual)
    .sort((a, b) => b.likelihood - a.likelihood);
  const [best, next] = readings;
  if (!best) return undefined;
  if (next && best.likelihood < next.likelihood + margin)
    return { why: `${best.encoding} and ${next.encoding} fit them alike` };
  return {
    encoding: best.encoding,
    why: `${best.letters} of the ${best.all} characters above ASCII are ${best.script}, in usual frequencies`,
  };
}
