// Shamir's secret sharing (Shamir 1979, "How to share a secret") of 32 bytes over GF(65536): any `threshold` shares give the secret,
// fewer say nothing of it. Coefficients come from a keystream that the dealer's secret seed makes.
import { ConcordError } from "../base/index.ts";
import { over, times } from "./field.ts";

/** Bytes of a secret and of a share. */
export const secretBytes = 32;

/**
 * Shares of a secret for places 1 … parties.
 * @param coefficients words of full entropy, 8·(threshold − 1) of them, used for nothing else
 * @returns a share of 32 bytes for each place
 * @throws E_ARGUMENT for a threshold that is not 1 … parties, or more than 65,535 parties
 * @example const shares = split(secret, { threshold: 2, parties: 3 }, words);
 */
export function split(
  secret: Uint8Array,
  { threshold, parties }: { readonly threshold: number; readonly parties: number },
  coefficients: Uint32Array,
): Uint8Array[] {
  if (!(threshold >= 1 && threshold <= parties && parties <= 65535) || coefficients.length < 8 * (threshold - 1))
    throw new ConcordError("E_ARGUMENT", {
      operation: "share a secret",
      problem: "these shares cannot be made",
      expected: "1 ≤ threshold ≤ parties ≤ 65535, and 8·(threshold − 1) random words",
      got: `threshold ${threshold}, parties ${parties}, ${coefficients.length} words`,
    });
  const symbols = symbolsOf(secret);
  const random = new Uint16Array(coefficients.buffer, coefficients.byteOffset, 16 * (threshold - 1));
  return Array.from({ length: parties }, (_, i) => {
    const x = i + 1;
    const out = new Uint16Array(16);
    for (let k = 0; k < 16; k++) {
      let y = 0;
      for (let d = threshold - 2; d >= 0; d--) y = times(y, x) ^ random[d * 16 + k]!;
      out[k] = times(y, x) ^ symbols[k]!;
    }
    return bytesOf(out);
  });
}

/**
 * The secret that shares were made of. Wrong shares give a wrong secret: the caller compares it with a commitment.
 * @param shares by place (1 …), at least the threshold
 * @throws E_ARGUMENT when there is no share or a place is out of range
 */
export function join(shares: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const places = [...shares.keys()];
  if (places.length === 0 || places.some((x) => !(Number.isInteger(x) && x >= 1 && x <= 65535)))
    throw new ConcordError("E_ARGUMENT", {
      operation: "join shares",
      problem: "no shares, or a place that no party has",
      got: places.join(", ") || "none",
    });
  const out = new Uint16Array(16);
  for (const [x, share] of shares) {
    const weight = places.reduce((w, other) => (other === x ? w : times(w, over(other, other ^ x))), 1); // Lagrange at 0
    const y = symbolsOf(share);
    for (let k = 0; k < 16; k++) out[k] = out[k]! ^ times(weight, y[k]!);
  }
  return bytesOf(out);
}

function symbolsOf(bytes: Uint8Array): Uint16Array {
  if (bytes.length !== secretBytes)
    throw new ConcordError("E_ARGUMENT", {
      operation: "share a secret",
      problem: "another size",
      expected: `${secretBytes} bytes`,
      got: `${bytes.length}`,
    });
  return Uint16Array.from({ length: 16 }, (_, k) => bytes[2 * k]! | (bytes[2 * k + 1]! << 8));
}

const bytesOf = (symbols: Uint16Array): Uint8Array =>
  Uint8Array.from({ length: secretBytes }, (_, i) => (symbols[i >> 1]! >> (8 * (i & 1))) & 255);
