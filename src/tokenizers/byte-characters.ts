// The byte alphabet of byte-level BPE (Radford et al. 2019, GPT-2): each byte is one visible character. Knows bytes and
// characters only.

const visible = (b: number) => (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;

/** Character of each byte. */
export const characterOfByte: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, b) => String.fromCharCode(visible(b) ? b : next++));
})();

/** Byte of each character of the alphabet. */
export const byteOfCharacter: ReadonlyMap<string, number> = new Map(characterOfByte.map((c, b) => [c, b]));

/** The UTF-8 bytes of a code point, in the alphabet; undefined where it is its own (ASCII but space and controls). */
export function byteCharacters(c: number): string | undefined {
  if (c < 0x80) return visible(c) ? undefined : characterOfByte[c];
  const at = (b: number) => characterOfByte[b]!;
  const tail = (shift: number) => at(0x80 | ((c >> shift) & 0x3f));
  if (c < 0x800) return at(0xc0 | (c >> 6)) + tail(0);
  if (c < 0x10000) return at(0xe0 | (c >> 12)) + tail(6) + tail(0);
  return at(0xf0 | (c >> 18)) + tail(12) + tail(6) + tail(0);
}
