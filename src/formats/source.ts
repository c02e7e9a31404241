// Where a reader takes its bytes from: memory, a file, a Blob. Knows no format; the file kind lives in node/.

/** Bytes that can be read by position. Implementations: {@link bytesSource}, `fileSource` of `formats/node`. */
export interface ByteSource {
  /** What errors call it: usually the file's path. */
  readonly name: string;
  readonly sizeBytes: number;
  /** The bytes [start, start + length); a view or a fresh array that the caller may keep. Callers stay inside the size. */
  read(start: number, length: number): Promise<Uint8Array>;
  /** Fills `target` from `start`, without another copy. */
  readInto(start: number, target: Uint8Array): Promise<void>;
}

/**
 * A source over bytes in memory; reads are views of them.
 * @param bytes the whole content
 * @param name what errors call it
 * @example const source = bytesSource(new Uint8Array(await blob.arrayBuffer()), "model.safetensors");
 */
export function bytesSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    sizeBytes: bytes.byteLength,
    read: async (start, length) => bytes.subarray(start, start + length),
    readInto: async (start, target) => target.set(bytes.subarray(start, start + target.byteLength)),
  };
}

/** A file's text as an error shows it: quoted, and cut where a hostile one would flood the terminal. */
export function shown(value: unknown, maxLength = 80): string {
  const text = typeof value === "string" ? JSON.stringify(value.slice(0, maxLength + 1)) : brief(value);
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}

function brief(value: unknown): string {
  if (Array.isArray(value)) return `[${value.slice(0, 12).map(briefItem).join(", ")}${value.length > 12 ? ", …" : ""}]`;
  if (typeof value === "object" && value !== null) return `an object of ${Object.keys(value).length} entries`;
  return String(value);
}

function briefItem(value: unknown): string {
  if (typeof value === "string") return shown(value, 30);
  return Array.isArray(value) ? "[…]" : typeof value === "object" && value !== null ? "{…}" : String(value);
}
