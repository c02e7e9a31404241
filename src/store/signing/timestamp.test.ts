// Tokens of an authority that OpenSSL plays: what is checked of each, and that each check can fail.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Authority, lacksOpenssl, makeAuthority } from "../../../test/timestamp-authority.ts";
import { certificatesIn, checkTimestamp, timestampRequest, tokenOf } from "./index.ts";

const reason = lacksOpenssl();
const bytes = Buffer.from("a signature");
/** Where OpenSSL is: it is the authority. */
const stamped = test.skipIf(reason !== undefined);
if (reason) console.log(`tests of time stamps are skipped: ${reason}`);
const soon = new Date(Date.now() + 60_000);

let authority: Authority;
let token: Buffer;
const all: Authority[] = [];
const made = (options: Parameters<typeof makeAuthority>[0] = {}) => {
  const one = makeAuthority(options);
  all.push(one);
  return one;
};
const tokenBy = (one: Authority) => {
  const request = timestampRequest(bytes);
  return tokenOf(one.answer(request.der), request);
};
beforeAll(() => {
  if (reason) return;
  authority = made();
  token = tokenBy(authority);
});
afterAll(() => {
  for (const one of all) one.remove();
});

stamped("a token says when bytes were there, with its accuracy, and who says so", () => {
  const before = Date.now();
  const { at, authority: name, certificate } = checkTimestamp(tokenBy(authority), bytes, authority.ca, soon);
  expect(Date.parse(at) - before).toBeGreaterThan(-1000 + 1500); // genTime has whole seconds; 1.5 s of accuracy
  expect(Date.parse(at) - before).toBeLessThan(60_000);
  expect([name, certificate.length]).toEqual(["Test authority", 64]);
});

stamped.each([
  { kind: "rsa", digest: "sha512" },
  { kind: "rsa", digest: "sha256" },
  { kind: "ec", digest: "sha384" },
] as const)("$kind with $digest", (options) => {
  const one = made(options);
  expect(checkTimestamp(tokenBy(one), bytes, one.ca, soon).authority).toBe("Test authority");
});

stamped("other bytes, another authority, a time to come and a time after the certificate are refused", () => {
  const check =
    (now = soon, ca = authority.ca, about: Uint8Array = bytes) =>
    () =>
      checkTimestamp(token, about, ca, now);
  expect(check()).not.toThrow();
  expect(check(soon, authority.ca, Buffer.from("another"))).toThrow(/E_SIGNATURE[\s\S]*about other bytes/);
  expect(check(soon, made().ca)).toThrow(/does not lead to one that the policy trusts/);
  expect(check(new Date(Date.now() - 600_000))).toThrow(/time to come/);
  expect(() => certificatesIn("nothing")).toThrow(/no certificate of an authority/);
});

stamped("a certificate that may do more, or whose purpose is not critical, stamps no times", () => {
  const content = authority.content(token);
  expect(checkTimestamp(authority.sign(content), bytes, authority.ca, soon).authority).toBe("Test authority");
  expect(() => checkTimestamp(authority.sign(content, false), bytes, authority.ca, soon)).toThrow(
    /does not name its certificate/,
  );
  for (const extensions of ["loose", "mail", "none"] as const) {
    const one = made({ extensions });
    expect(() => checkTimestamp(one.sign(content), bytes, one.ca, soon), extensions).toThrow(
      /E_SIGNATURE[\s\S]*not one for time stamps alone/,
    );
  }
});

stamped("a certificate that was not valid at the time of its token is refused", () => {
  const content = authority.content(token);
  const year = Buffer.from(`${new Date().getUTCFullYear()}`);
  const later = Buffer.from(content);
  later.write(`${new Date().getUTCFullYear() + 9}`, later.indexOf(year)); // genTime nine years on
  const then = new Date(Date.now() + 10 * 366 * 86_400_000);
  expect(() => checkTimestamp(authority.sign(later), bytes, authority.ca, then)).toThrow(
    /E_SIGNATURE[\s\S]*not valid at the time of the token/,
  );
});

stamped("a changed byte of a token is refused, or changes nothing that the token says", () => {
  const says = checkTimestamp(token, bytes, authority.ca, soon);
  const faults = new Set<string>();
  let accepted = 0;
  for (let i = 0; i < token.length; i += 3) {
    const changed = Buffer.from(token);
    changed[i]! ^= 1;
    try {
      // certificates and names that nothing is read from are not signed
      expect(checkTimestamp(changed, bytes, authority.ca, soon)).toEqual(says);
      accepted++;
    } catch (error) {
      if (!/^E_SIGNATURE/.test((error as Error).message)) faults.add(`${i}: ${error}`);
    }
  }
  expect([...faults]).toEqual([]);
  expect(accepted).toBeLessThan(token.length / 3 / 2);
});

stamped("an answer to another request, a refusal and what is no answer are refused", () => {
  const request = timestampRequest(bytes);
  const other = timestampRequest(bytes);
  expect(() => tokenOf(authority.answer(other.der), request)).toThrow(/another request/);
  expect(() => tokenOf(Buffer.from("30053003020102", "hex"), request)).toThrow(/gave no token/); // status: rejection
  expect(() => tokenOf(Buffer.from("<html>"), request)).toThrow(/not an answer in DER/);
  expect(() => checkTimestamp(Buffer.alloc(2 ** 17), bytes, authority.ca, soon)).toThrow(/too long/);
});
