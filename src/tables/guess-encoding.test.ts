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
  ["Russian", russian("привет, как дела сегодня\n"), undefined],
  ["UTF-8 with a wrong byte", Uint8Array.from([...utf8("für schöne Käufer, über"), 0x92]), "utf-8"],
  ["Chinese UTF-8 with a wrong byte", Uint8Array.from([...utf8("头痛三天感冒"), 0xff, ...utf8("头痛")]), "utf-8"],
])("%s", (_, bytes, encoding) => {
  const guess = guessEncoding(bytes);
  expect([guess.encoding, typeof guess.why]).toEqual([encoding, "string"]);
});
