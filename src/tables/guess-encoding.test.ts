// Which encoding bytes have, told by what they would read as.
import { expect, test } from "vitest";
import { guessEncoding } from "./guess-encoding.ts";

/** windows-1252 of Western letters and quotes. */
const western = (text: string) =>
  Uint8Array.from(text, (c) => ({ "’": 0x92, "“": 0x93, "”": 0x94, "€": 0x80, "–": 0x96 })[c] ?? c.charCodeAt(0));
/** windows-1251 of Russian letters. */
const russian = (text: string) =>
  Uint8Array.from(text, (c) => (c >= "А" && c <= "я" ? c.charCodeAt(0) - 0x410 + 0xc0 : c.charCodeAt(0)));
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
  ["Russian", russian("привет, как дела сегодня\n"), undefined],
  ["UTF-8 with a wrong byte", Uint8Array.from([...utf8("für schöne Käufer, über"), 0x92]), "utf-8"],
  ["Chinese UTF-8 with a wrong byte", Uint8Array.from([...utf8("头痛三天感冒"), 0xff, ...utf8("头痛")]), "utf-8"],
])("%s", (_, bytes, encoding) => {
  const guess = guessEncoding(bytes);
  expect([guess.encoding, typeof guess.why]).toEqual([encoding, "string"]);
});
