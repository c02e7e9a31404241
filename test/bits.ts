// Typed arrays compared by a digest of their bytes: value by value, an assertion on a large array takes seconds.
import { createHash } from "node:crypto";

/** SHA-256 of an array's bytes, hexadecimal. */
export const bitsOf = (data: ArrayBufferView): string =>
  createHash("sha256")
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex");
