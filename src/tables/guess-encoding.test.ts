// Which encoding bytes have, told by what they would read as.
import { expect, test } from "vitest";
import { encodeSingleBytes } from "../../test/single-byte.ts";
import { encodings } from "./encoding.ts";
import { guessEncoding } from "./guess-encoding.ts";

/** windows-1252 of Western letters and quotes. */
const western = (text: string) =>
  Uint8Array.from(text, (c) => ({ "’": 0x92, "“": 0x93, "”": 0x94, "€": 0x80, "–": 0x96 })[c] ?? c.charCodeAt(0));
const hex = (text: string) => Uint8Array.from(text.split(" "), (byte) => Number.parseInt(byte, 16));
const bytes = (text: string) => Uint8Array.from(text.match(/../g)!, (byte) => Number.parseInt(byte, 16));
const utf8 = (text: string) => new TextEncoder().encode(text);

test.each<[string, Uint8Array, string | undefined]>([
  ["German", western("text,label\nfür Käufer schön,müde Füße\n"), "windows-1252"],
  ["French", western("le café été très cher, où ça\n"), "windows-1252"],
  [
    "Swedish, where accents are frequent",
    western("på en sjö för vår båt är vattnet kallt och djupt\n"),
    "windows-1252",
  ],
  ["quotes only", western("don’t say “no” – ever\n"), "windows-1252"],
  ["one accent", western("a long English text with a single café in it"), "windows-1252"],
  ["Chinese", hex("cd b7 cd b4 2c b8 d0 c3 b0 0a"), "gb18030"],
  ["Chinese among English", hex("49 20 68 61 76 65 20 b8 d0 c3 b0 20 6e 6f 77"), "gb18030"],
  ["traditional Chinese in GBK", hex("ee 5e cc db 91 54 b8 d0 c3 b0"), "gb18030"],
  ["Chinese, cut inside a character", hex("b8 d0 c3 b0 b8 d0 c3 b0 b8"), "gb18030"],
  [
    "traditional Chinese in Big5",
    bytes(
      "a7daa4b5a4d1c059b568a141a6d3a542b56fbf4ea446a454a4d1a141c2e5a5cdbba1b36fac4fb750ab5fa141ad6ea668b3dca4f4a94da5f0aea7a1430a",
    ),
    "big5",
  ],
  [
    "Japanese in Shift-JIS",
    bytes("8df093fa82a982e793aa82aa92c982ad82c48141944d82e082a082e882dc82b781420a"),
    "shift_jis",
  ],
  ["Japanese in EUC-JP", bytes("baf2c6fca4aba4e9c6aca4acc4cba4afa4c6a1a2c7aea4e2a4a2a4eaa4dea4b9a1a30a"), "euc-jp"],
  ["Korean in EUC-KR", bytes("beeec1a6bacec5cd20b8d3b8aeb0a120bec6c7c1b0ed20bfadc0cc20b3b3b4cfb4d92e0a"), "euc-kr"],
  [
    "simplified Chinese sentences",
    bytes(
      "ced2bdf1cceccdb7cdb4a3acb6f8c7d2b7a2c9d5c1cbc8fdcceca3acd2bdc9facbb5d5e2cac7b8d0c3b0a3acd2aab6e0bac8cbaebacdd0ddcfa2a1a30a",
    ),
    "gb18030",
  ],
  ["UTF-8 with a wrong byte", Uint8Array.from([...utf8("für schöne Käufer, über"), 0x92]), "utf-8"],
  ["Chinese UTF-8 with a wrong byte", Uint8Array.from([...utf8("头痛三天感冒"), 0xff, ...utf8("头痛")]), "utf-8"],
])("%s", (_, bytes, encoding) => {
  const guess = guessEncoding(bytes);
  expect([guess.encoding, typeof guess.why]).toEqual([encoding, "string"]);
});

/** Articles 1 and 3 of the Universal Declaration of Human Rights, or other sentences that people write. */
const sentences: Readonly<Record<string, readonly [text: string, ...encodings: string[]]>> = {
  Russian: [
    "Все люди рождаются свободными и равными в своём достоинстве и правах. У меня третий день болит голова.",
    "windows-1251",
    "koi8-r",
    "ibm866",
    "iso-8859-5",
  ],
  "Russian, three words": ["привет, как дела\n", "windows-1251", "koi8-r"],
  "Russian in capitals": ["ВСЕ ЛЮДИ РОЖДАЮТСЯ СВОБОДНЫМИ И РАВНЫМИ В СВОЁМ ДОСТОИНСТВЕ", "windows-1251", "koi8-r"],
  "Russian in a table of English": [
    "id,text,label\n1,У меня болит голова и температура,flu\n2,Насморк и кашель со вчерашнего дня,cold\n",
    "windows-1251",
    "koi8-r",
    "ibm866",
  ],
  Ukrainian: [
    "Всі люди народжуються вільними і рівними у своїй гідності та правах. У мене третій день болить голова.",
    "windows-1251",
  ],
  Bulgarian: [
    "Всички хора се раждат свободни и равни по достойнство и права. Боли ме главата от три дни.",
    "windows-1251",
  ],
  Serbian: ["Сва људска бића рађају се слободна и једнака у достојанству и правима.", "windows-1251", "iso-8859-5"],
  Greek: [
    "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Πονάει το κεφάλι μου.",
    "windows-1253",
  ],
  Polish: [
    "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Od trzech dni boli mnie głowa, mam też gorączkę.",
    "windows-1250",
    "iso-8859-2",
  ],
  "Polish names only": [
    "name,city\nŁukasz,Łódź\nMałgorzata,Kraków\nStanisław,Świętochłowice\n",
    "windows-1250",
    "iso-8859-2",
  ],
  Czech: [
    "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Už tři dny mě bolí hlava a mám horečku.",
    "windows-1250",
    "iso-8859-2",
  ],
  Slovak: [
    "Všetci ľudia sa rodia slobodní a sebe rovní, čo sa týka ich dôstojnosti a práv. Už tri dni ma bolí hlava.",
    "windows-1250",
    "iso-8859-2",
  ],
  Hungarian: [
    "Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Három napja fáj a fejem, és erős a köhögésem, nem tudok aludni. Bűn ez?",
    "windows-1250",
  ],
  Croatian: [
    "Sva ljudska bića rađaju se slobodna i jednaka u dostojanstvu i pravima. Već tri dana me boli glava.",
    "windows-1250",
  ],
  Slovene: [
    "Vsi ljudje se rodijo svobodni in imajo enako dostojanstvo. Že tri dni me boli glava, ki je težka.",
    "windows-1250",
    "iso-8859-2",
  ],
  Romanian: [
    "Toate fiinţele umane se nasc libere şi egale în demnitate şi în drepturi. Mă doare capul de trei zile.",
    "windows-1250",
  ],
  Turkish: [
    "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Üç gündür başım ağrıyor ve ateşim var.",
    "windows-1254",
  ],
  French: [
    "Tous les êtres humains naissent libres et égaux en dignité et en droits. Depuis trois jours j’ai très mal à la tête.",
    "windows-1252",
  ],
  Spanish: [
    "Todos los seres humanos nacen libres e iguales. ¿Qué tengo? Hace tres años me duele mañana y noche.",
    "windows-1252",
  ],
  Portuguese: [
    "Todos os seres humanos nascem livres e iguais em dignidade. Não durmo há três dias, e são dores fortes.",
    "windows-1252",
  ],
  Italian: [
    "Tutti gli esseri umani nascono liberi ed eguali. Ho la tosse da più giorni, perché è così? Però la febbre non c’è più.",
    "windows-1252",
  ],
  Danish: [
    "Alle mennesker er født frie og lige i værdighed og rettigheder. Jeg har også ondt i hovedet på tredje døgn.",
    "windows-1252",
  ],
  Swedish: [
    "Alla människor är födda fria och lika i värde och rättigheter. Jag har ont i huvudet på tredje dagen.",
    "windows-1252",
  ],
  Icelandic: [
    "Hver maður er borinn frjáls og jafn öðrum að virðingu og réttindum. Það er ekki gott, ég er með þrýsting.",
    "windows-1252",
  ],
};
const cases = Object.entries(sentences).flatMap(([name, [text, ...all]]) => all.map((as) => [name, as, text] as const));

test.each(cases)("%s in %s is found", (_, encoding, text) => {
  const bytes = encodeSingleBytes(encoding, text);
  const guess = guessEncoding(bytes);
  const isSame =
    guess.encoding !== undefined && new TextDecoder(guess.encoding).decode(bytes, { stream: true }) === text;
  expect([guess.encoding, guess.why]).toEqual([isSame ? guess.encoding : encoding, expect.any(String)]);
  expect(guess.why).not.toMatch(/both are possible|alike/);
});

test.each([
  [
    "one word that two languages have",
    "windows-1252",
    "a naïve idea of mine",
    /“naïve”, which would be “naďve” as windows-1250: both are possible/,
  ],
  [
    "a French phrase in English",
    "windows-1252",
    "we ate à la carte there",
    /“à”, which would be “ŕ” as windows-1250: both are possible/,
  ],
])("%s is read as Western, and the other reading is said", (_, encoding, text, why) => {
  expect(guessEncoding(encodeSingleBytes(encoding, text))).toEqual({ encoding, why: expect.stringMatching(why) });
});

test("letters that two encodings read alike well are not guessed: both are named", () => {
  const { encoding, why } = guessEncoding(encodeSingleBytes("koi8-r", "НОМЕР ОДИН"));
  expect([encoding, why]).toEqual([
    undefined,
    expect.stringMatching(/^(koi8-r|windows-1251) and (koi8-r|windows-1251) fit them alike$/),
  ]);
});

test.each(encodings)("%s can be named: this Node decodes it", (encoding) => {
  expect(new TextDecoder(encoding, { fatal: true }).decode(Uint8Array.of())).toBe("");
});
