// SentencePiece's precompiled character map: a double-array trie over UTF-8 bytes and the replacement texts, in base64.
// Checked completely when read, so that no text can lead outside of it. Knows no normalizer.
import { fault } from "./checked-json.ts";

/** Replacement of a character or cluster, or undefined to keep it. */
export type CharsMap = (chunk: string) => string | undefined;

const encoder = new TextEncoder();

/** Reads a map. @throws ConcordError E_TOKENIZER */
export function readCharsMap(base64: string, path: string): CharsMap {
  const bytes = decodeBase64(base64, path);
  const view = new DataView(bytes.buffer);
  const size = bytes.length >= 4 ? view.getUint32(0, true) >>> 2 : 0;
  if (size === 0 || 4 + 4 * size > bytes.length)
    throw fault(path, "broken character map: the trie does not fit", { got: `${size} units in ${bytes.length} bytes` });
  const units = new Uint32Array(size);
  for (let i = 0; i < size; i++) units[i] = view.getUint32(4 + 4 * i, true);
  const texts = bytes.subarray(4 + 4 * size);
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(texts);
  } catch {
    throw fault(path, "broken character map: replacements are not UTF-8");
  }
  checkTrie(units, texts, path);
  return (chunk) => {
    const at = firstMatch(units, encoder.encode(chunk));
    return at < 0 ? undefined : textAt(texts, at);
  };
}

function decodeBase64(base64: string, path: string): Uint8Array {
  try {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) throw new Error("not base64");
    const binary = atob(base64);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    throw fault(path, "not base64");
  }
}

const offsetOf = (unit: number) => (unit >>> 10) << ((unit & 0x200) >>> 6);
const labelOf = (unit: number) => (unit & 0x800000ff) >>> 0;
const hasLeaf = (unit: number) => (unit & 0x100) !== 0;
const leafValue = (unit: number) => unit & 0x7fffffff;

/** Value of the shortest key that is a prefix of `key` (so the reference implementation has it), or -1. */
function firstMatch(units: Uint32Array, key: Uint8Array): number {
  let node = offsetOf(units[0]!);
  for (const byte of key) {
    if (byte === 0) break;
    node ^= byte;
    const unit = units[node]!;
    if (labelOf(unit) !== byte) break;
    node ^= offsetOf(unit);
    if (hasLeaf(unit)) return leafValue(units[node]!);
  }
  return -1;
}

function textAt(texts: Uint8Array, from: number): string {
  const end = texts.indexOf(0, from);
  return new TextDecoder().decode(texts.subarray(from, end < 0 ? texts.length : end));
}

/** Walks every node that any text can reach; each step must stay inside, each value must start a character. */
function checkTrie(units: Uint32Array, texts: Uint8Array, path: string): void {
  const outside = () => fault(path, "broken character map: a step leads out of the trie");
  const seen = new Uint8Array(units.length);
  const waiting = [offsetOf(units[0]!)];
  while (waiting.length > 0) {
    const node = waiting.pop()!;
    if (node >= units.length) throw outside();
    if (seen[node]) continue;
    seen[node] = 1;
    for (let byte = 1; byte < 256; byte++) {
      const next = node ^ byte;
      if (next >= units.length) throw outside();
      const unit = units[next]!;
      if (labelOf(unit) !== byte) continue;
      const child = next ^ offsetOf(unit);
      if (child >= units.length) throw outside();
      if (hasLeaf(unit)) {
        const at = leafValue(units[child]!);
        if (at > texts.length || ((texts[at] ?? 0) & 0xc0) === 0x80)
          throw fault(path, "broken character map: a replacement starts outside or inside a character");
      }
      waiting.push(child);
    }
  }
}
