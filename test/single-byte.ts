// Text to bytes of an encoding of one byte a character: Node only decodes them.

/** @throws RangeError for a character that the encoding does not have */
export function encodeSingleBytes(encoding: string, text: string): Uint8Array {
  const table = new Map<string, number>();
  for (let byte = 255; byte >= 0; byte--)
    table.set(new TextDecoder(encoding).decode(Uint8Array.of(byte), { stream: true }), byte); // Node 20 errs without `stream`
  return Uint8Array.from(text, (character) => {
    const byte = table.get(character);
    if (byte === undefined) throw new RangeError(`${encoding} has no ${character}`);
    return byte;
  });
}
