// Time stamps against OpenSSL, which has to be there: its authority answers our requests, and its own check accepts the tokens that we keep.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkTimestamp, timestampRequest, tokenOf } from "../../src/store/index.ts";
import { lacksOpenssl, makeAuthority } from "../timestamp-authority.ts";

test("OpenSSL accepts a token that we asked for and kept, about these bytes and no others", () => {
  expect(lacksOpenssl()).toBeUndefined();
  const authority = makeAuthority({ kind: "rsa" });
  try {
    const bytes = Buffer.from("the bytes of a signature");
    const request = timestampRequest(bytes);
    const token = tokenOf(authority.answer(request.der), request);
    expect(checkTimestamp(token, bytes, authority.ca, new Date(Date.now() + 60_000)).authority).toBe("Test authority");
    const check = (data: Uint8Array) => {
      writeFileSync(join(authority.home, "kept.der"), token);
      writeFileSync(join(authority.home, "data"), data);
      const args = "ts -verify -in kept.der -token_in -data data -CAfile ca.pem".split(" ");
      return execFileSync("openssl", args, {
        cwd: authority.home,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
    };
    expect(check(bytes)).toMatch(/Verification: OK/);
    expect(() => check(Buffer.from("others"))).toThrow();
  } finally {
    authority.remove();
  }
});
