// Shares for as many parties as a study may have: apart, for it takes longer than other tests of shares.
import { expect, test } from "vitest";
import { join, split } from "../../src/federated/index.ts";

test("shares for as many parties as a study may have", () => {
  const secret = Uint8Array.from({ length: 32 }, (_, i) => i * 8);
  const words = Uint32Array.from({ length: 16 }, (_, i) => i * 2654435761);
  const shares = split(secret, { threshold: 3, parties: 65_535 }, words);
  expect(join(new Map([1, 40_000, 65_535].map((x) => [x, shares[x - 1]!])))).toEqual(secret);
  expect(() => split(secret, { threshold: 3, parties: 65_536 }, words)).toThrow(/65535/);
  expect(() => split(secret, { threshold: 4, parties: 3 }, words)).toThrow(/threshold/);
  expect(() => join(new Map([[0, secret]]))).toThrow(/place/);
});
