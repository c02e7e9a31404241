// Envelopes that nobody vouches for: each fault by its name.
import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { fault } from "../../../test/fault.ts";
import { addSignature, envelopeText, parseEnvelope, preAuthentication } from "./index.ts";

const type = "application/x-test";
const [first, second] = ["1".repeat(64), "2".repeat(64)];
const envelope = { payloadType: type, payload: "e30=", signatures: [{ keyid: first, sig: "AAAA" }] };
const read = (value: unknown) => parseEnvelope(JSON.stringify(value), type, "passport.json");
const names = "an object with payload, payloadType, signatures";
const ofSignature = "an object with keyid, sig";
const long = "x".repeat(100);

test("several signers are read in their order, and nobody signs twice", () => {
  const both = [...envelope.signatures, { keyid: second, sig: "BBBB" }];
  expect(read({ ...envelope, signatures: both }).signatures).toEqual(both);
  const { facts } = fault("E_FORMAT", () => read({ ...envelope, signatures: [...both, both[1]] }));
  expect([facts.problem, facts.got]).toEqual(["one key has signed twice", second]);
  const { privateKey } = generateKeyPairSync("ed25519");
  const signed = addSignature({ payloadType: type, payload: Buffer.from("{}"), signatures: [] }, first, privateKey);
  const more = addSignature(signed, second, privateKey);
  expect(more.signatures.map(({ keyid }) => keyid)).toEqual([first, second]);
  expect(read(JSON.parse(envelopeText(more))).signatures).toEqual(more.signatures);
  expect(fault("E_SIGNATURE", () => addSignature(more, second, privateKey)).facts.got).toBe(second);
});

test("lengths are of bytes, in type and payload", () => {
  expect(Buffer.from(preAuthentication("é", Buffer.from("好"))).toString()).toBe("DSSEv1 2 é 3 好");
});

test.each([
  ["not an object", [1], "not an object", names, "[1]"],
  ["a long text", long, "not an object", names, JSON.stringify(long).slice(0, 80)],
  ["an entry more", { ...envelope, more: 1 }, "an unknown entry", names, "more"],
  ["an entry less", { payloadType: type, payload: "e30=" }, "an entry is missing", names, "no signatures"],
  ["another type", { ...envelope, payloadType: "other" }, "another type of payload", type, '"other"'],
  [
    "signatures that are no list",
    { ...envelope, signatures: {} },
    "signatures are no list",
    "signatures: [{ keyid, sig }]",
    "{}",
  ],
  ["a signature that is no object", { ...envelope, signatures: [7] }, "not an object", ofSignature, "7"],
  [
    "a signature without sig",
    { ...envelope, signatures: [{ keyid: first }] },
    "an entry is missing",
    ofSignature,
    "no sig",
  ],
  [
    "a key that is a number",
    { ...envelope, signatures: [{ keyid: 1, sig: "AAAA" }] },
    "a signature names no key",
    "keyid of 64 hexadecimal digits",
    "1",
  ],
  [
    "a key in a list",
    { ...envelope, signatures: [{ keyid: [first], sig: "AAAA" }] },
    "a signature names no key",
    "keyid of 64 hexadecimal digits",
    `["${first}"]`,
  ],
  [
    "a longer key",
    { ...envelope, signatures: [{ keyid: `${first}1`, sig: "AAAA" }] },
    "a signature names no key",
    "keyid of 64 hexadecimal digits",
    `"${first}1"`,
  ],
  [
    "a key after other signs",
    { ...envelope, signatures: [{ keyid: `z${first}`, sig: "AAAA" }] },
    "a signature names no key",
    "keyid of 64 hexadecimal digits",
    `"z${first}"`,
  ],
  [
    "an empty signature",
    { ...envelope, signatures: [{ keyid: first, sig: "" }] },
    "sig is not base64",
    "canonical base64 (RFC 4648)",
    '""',
  ],
  [
    "a signature of a number",
    { ...envelope, signatures: [{ keyid: first, sig: 7 }] },
    "sig is not base64",
    "canonical base64 (RFC 4648)",
    "7",
  ],
  ["a payload of null", { ...envelope, payload: null }, "payload is not base64", "canonical base64 (RFC 4648)", "null"],
])("an envelope with %s is refused by name", (_, value, problem, expected, got) => {
  const { facts } = fault("E_FORMAT", () => read(value));
  expect(facts).toMatchObject({
    operation: "read envelope",
    problem,
    expected,
    got: String(got).slice(0, 80),
    path: "passport.json",
  });
});
