// The k-th largest of many floats in two passes over their bits: exact, in linear time. Knows nothing else.

/** Bits of a float as a whole number of the same order. */
const ordered = (bits: number, isMagnitude: boolean): number => {
  if (isMagnitude) return bits & 0x7fffffff;
  return (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
};

/**
 * The k-th largest number, or of magnitudes where `isMagnitude`.
 * @param k from 1 to the count of numbers, none of them NaN
 * @example kthLargest(Float32Array.of(3, -5, 1), 2, true) // 3
 */
export function kthLargest(numbers: Float32Array, k: number, isMagnitude: boolean): number {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const counts = new Uint32Array(65536);
  for (let i = 0; i < words.length; i++) counts[ordered(words[i]!, isMagnitude) >>> 16]!++;
  const { at: upper, left } = placeOf(counts, k);
  counts.fill(0);
  for (let i = 0; i < words.length; i++) {
    const word = ordered(words[i]!, isMagnitude);
    if (word >>> 16 === upper) counts[word & 0xffff]!++;
  }
  const found = ((upper << 16) | placeOf(counts, left).at) >>> 0;
  const bits = isMagnitude ? found : found & 0x80000000 ? found & 0x7fffffff : ~found >>> 0;
  return new Float32Array(Uint32Array.of(bits).buffer)[0]!;
}

/** Where the k-th from above is counted, and which of that place it is. */
function placeOf(counts: Uint32Array, k: number): { readonly at: number; readonly left: number } {
  let left = k;
  let at = counts.length - 1;
  while (at > 0 && left > counts[at]!) left -= counts[at--]!;
  return { at, left };
}
