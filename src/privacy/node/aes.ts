// The key stream of private training: AES-256 in counter mode (NIST SP 800-38A §6.5), through Node's OpenSSL.
import { createCipheriv } from "node:crypto";
import { type Counter, counterBlock, type NoiseSource } from "../noise.ts";

/** Bytes of one call to the cipher. */
const pieceBytes = 2 ** 18;
const zeros = new Uint8Array(pieceBytes);

/**
 * A source of pseudo-random bytes.
 * @param key 32 secret bytes; whoever has them can subtract the noise
 * @example aesNoise(randomBytes(32)).bytes({ stream: "noise", step: 0, tensor: 3 }, 1024)
 */
export const aesNoise = (key: Uint8Array): NoiseSource => ({
  *bytes(counter: Counter, count: number) {
    const cipher = createCipheriv("aes-256-ctr", key, counterBlock(counter));
    for (let done = 0; done < count; done += pieceBytes)
      yield cipher.update(zeros.subarray(0, Math.min(pieceBytes, count - done)));
  },
});
