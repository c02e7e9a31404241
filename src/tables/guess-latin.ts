// Tells encodings of Latin letters with accents apart, windows-1252 from those of Central Europe and Turkish: by the letters that a
// language has, by its frequent words, and by marks that stand inside words where the reading is wrong. Pure.

export type LatinEncoding = "windows-1252" | "windows-1250" | "iso-8859-2" | "windows-1254";

/** The best reading. */
export interface LatinGuess {
  readonly encoding: LatinEncoding;
  /** A clause for people: what speaks for it, and where another reading is as good, how that would read. */
  readonly why: string;
}

/** A language: its letters beyond a–z, and words that are frequent in it. */
type Language = readonly [letters: string, words: string];

const western: readonly Language[] = [
  ["äöüßé", "der die und das ist nicht ein eine mit für auf sich dem den von zu auch wie über"],
  ["àâçéèêëîïôùûüÿæœ", "le la les et des est une que pour dans pas qui sur avec plus très où été"],
  ["áéíóúüñªº", "el los las que una por con para del como más pero está también muy años día"],
  ["áâãàçéêíóôõúüªº", "que não uma para com os dos mais como foi são está também já você às"],
  ["àèéìíîòóù", "che il della non una per sono con più anche gli questo perché è del alla"],
  ["éëïöüèêáóí", "het een van niet dat zijn met voor ook maar bij naar wordt één"],
  ["åäöéü", "och att det som är inte för med den till har jag på från"],
  ["äöåšž", "ja on että ei oli mutta kun myös hän ovat sekä joka"],
  ["æøåéòóôêü", "og det er ikke til som på med den har jeg af av også være"],
  ["áéíóúýþæöð", "og að það er ekki sem við en til hann hún var"],
  ["àèéíïòóúüç·", "els les una amb per que dels més però també és"],
];

const central: readonly Language[] = [
  ["ąćęłńóśźż", "się nie jest że jak był tym dla już tak przez które ból bez są"],
  ["áčďéěíňóřšťúůýž", "se je že jsem jako byl tak když jsou také už při má mám které bolest"],
  ["áäčďéíĺľňóôŕšťúýž", "sa je že som ako bol tak keď sú tiež už pri má mám ktoré bolesť"],
  ["áéíóöőúüű", "az egy hogy nem van volt már még csak meg és vagy nagyon ez két"],
  ["čćđšž", "je se nije kao što ali ima koji kod već od još za"],
  ["čšž", "je se ali kot tudi pri že ki sem ima še"],
  ["ăâîşţșț", "nu este mai sau pentru sunt fost foarte și şi în după"],
];

const turkish: readonly Language[] = [
  ["çğıöşüâîû", "ve bir bu için çok ile olarak daha var ama gibi sonra değil ağrı iki benim"],
];

const languages: Readonly<Record<LatinEncoding, readonly Language[]>> = {
  "windows-1252": western,
  "windows-1250": central,
  "iso-8859-2": central,
  "windows-1254": turkish,
};

/** Words that are frequent in languages of one of the three groups only: those of several tell nothing. */
const tellingWords = new Map<readonly Language[], ReadonlySet<string>>(
  [western, central, turkish].map((group, _, groups) => {
    const others = groups.filter((other) => other !== group).flatMap((other) => other.flatMap(([, w]) => w.split(" ")));
    const own = group.flatMap(([, words]) => words.split(" "));
    return [group, new Set(own.filter((word) => !others.includes(word)))];
  }),
);

interface Reading {
  readonly encoding: LatinEncoding;
  readonly words: readonly string[];
  /** One language of the encoding has all of its letters, and no word has a mark or a capital inside. */
  readonly isSound: boolean;
  /** Frequent words of the encoding's languages. */
  readonly hits: number;
}

const wordPattern = /\p{L}(?:[^\s\p{ASCII}]|[\p{L}\p{M}'])*/gu;
/** What no language writes: a mark before or between letters, a control, or a capital after a small letter of which one has an accent. */
const odd =
  /[¤¦¨©¬®¯±²³´¸¹¼½¾×÷˛ˇ˘˝˙]\p{L}|\p{L}[£¥°§¶¡¢¿]\p{L}|[\u0080-\u009f]|\p{Ll}(?![A-Z])\p{Lu}|(?![a-z])\p{Ll}\p{Lu}/gu;

function readingOf(head: Uint8Array, encoding: LatinEncoding): Reading {
  const text = new TextDecoder(encoding).decode(head, { stream: true }); // Node 20 reads windows-1252 as ISO 8859-1 without `stream`
  const words = text.match(wordPattern) ?? [];
  const letters = words.flatMap((word) => word.toLowerCase().match(/(?![a-z])\p{L}/gu) ?? []);
  const group = languages[encoding];
  const few = 0.02 * letters.length;
  const own = group.some(([known]) => letters.filter((letter) => !known.includes(letter)).length <= few);
  const telling = tellingWords.get(group)!;
  const hits = words.filter((word) => telling.has(word.toLowerCase())).length;
  return { encoding, words, isSound: own && (text.match(odd)?.length ?? 0) <= few, hits };
}

/**
 * Of several readings that differ, the sound one with by far the most frequent words; where none has, windows-1252 if it may be, which is said.
 * @param head bytes of a text that is not UTF-8, a cut character does no harm
 * @example guessLatin(Uint8Array.of(0x66, 0xfc, 0x72)).encoding // "windows-1252" (für)
 */
export function guessLatin(head: Uint8Array): LatinGuess {
  const all = (Object.keys(languages) as LatinEncoding[]).map((encoding) => readingOf(head, encoding));
  const readings = all.filter((one, i) => !all.slice(0, i).some((other) => isSame(one, other)));
  const better = (a: Reading, b: Reading) => Number(b.isSound) - Number(a.isSound) || b.hits - a.hits;
  const [best, next] = [...readings].sort(better);
  if (!next) return { encoding: best!.encoding, why: "every encoding of Latin letters reads them alike" };
  if (best!.isSound && !next.isSound)
    return {
      encoding: best!.encoding,
      why: `they are letters of one language, which they are not as ${next.encoding}`,
    };
  const clear = best!.hits >= 2 * next.hits + 2;
  const words = `${best!.hits} frequent words of its languages, ${next.hits} as ${next.encoding}`;
  if (clear) return { encoding: best!.encoding, why: `they make words: ${words}` };
  const usual = readings.find(({ isSound }) => isSound === best!.isSound)!; // windows-1252 comes first
  const another = usual === best ? next : best!;
  const [one, other] = differing(usual, another);
  return {
    encoding: usual.encoding,
    why: `there is “${one}”, which would be “${other}” as ${another.encoding}: both are possible`,
  };
}

const isSame = (a: Reading, b: Reading): boolean =>
  a.words.length === b.words.length && a.words.every((word, i) => word === b.words[i]);

/** The first word that two readings have differently. */
function differing(a: Reading, b: Reading): [string, string] {
  const at = a.words.findIndex((word, i) => word !== b.words[i]);
  return [a.words[at] ?? "", b.words[at] ?? ""];
}
