// Who is a member: one-time codes that the coordinator gives out, the identities and certificates that came of them, and those that were
// revoked. Files in a folder, so that commands beside a running server act on it. Knows no round.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError, canonicalBytes } from "../../base/index.ts";
import type { Identity } from "../../federated/index.ts";
import { nodePrimitives } from "../../federated/node/index.ts";
import { isJsonRecord, type JsonRecord, parseJson } from "../../formats/index.ts";
import { ioError, makeFolder } from "../../formats/node/index.ts";
import { writeSecret } from "../blobs.ts";
import { type Credentials, fingerprintOf, issueCertificate } from "../transport/certificates.ts";
import { turns } from "../turns.ts";

/** What a one-time code carries. */
export interface Invitation {
  readonly name: string;
  /** `host:port`. */
  readonly address: string;
  /** SHA-256 of the authority's certificate: only that coordinator is told the secret. */
  readonly authority: string;
  /** 32 bytes, base64url. */
  readonly secret: string;
}

export interface Member {
  readonly name: string;
  /** Ed25519, SPKI in base64. */
  readonly key: string;
  /** SHA-256 of its certificate. */
  readonly fingerprint: string;
  readonly revoked?: string;
}

const prefix = "concord1.";
const memberName = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u;
const hash = (text: string) => createHash("sha256").update(text).digest();

/** The code as a member types it. */
export const invitationCode = ({ name, address, authority, secret }: Invitation): string =>
  prefix + Buffer.from(JSON.stringify([name, address, authority, secret])).toString("base64url");

/** @throws E_ARGUMENT for a text that is no code */
export function readInvitation(code: string): Invitation {
  try {
    if (!code.startsWith(prefix)) throw new SyntaxError("no code");
    const parts = JSON.parse(Buffer.from(code.slice(prefix.length), "base64url").toString("utf8")) as unknown[];
    const [name, address, authority, secret] = parts.map(String) as [string, string, string, string];
    if (parts.length !== 4 || !memberName.test(name) || !/^[0-9a-f]{64}$/.test(authority))
      throw new SyntaxError("no code");
    return { name, address, authority, secret };
  } catch (cause) {
    throw new ConcordError("E_ARGUMENT", {
      operation: "enrol",
      problem: "this is no enrolment code",
      expected: "the whole line that concord coordinator invite printed",
      got: code.slice(0, 24),
      cause,
    });
  }
}

/** What a member signs with its identity when it enrols: nobody can enrol another's key. */
export const enrolmentBytes = (authority: string, name: string, key: string, request: string): Uint8Array =>
  canonicalBytes(["concord-enrolment", 1, authority, name, key, request]);

/** A member's request. */
export const enrolmentRequest = (
  { name, secret, authority }: Invitation,
  identity: Pick<Identity, "sign"> & { readonly key: string },
  request: string,
): Record<string, string> => ({
  name,
  secret,
  key: identity.key,
  request,
  signature: Buffer.from(identity.sign(enrolmentBytes(authority, name, identity.key, request))).toString("base64"),
});

export interface Members {
  /** A new code for a member that is not enrolled; an older code of it is void. @param expires on the coordinator's clock */
  invite(name: string, expires: Date): Promise<string>;
  /** Takes a member in once. @returns its certificate, PEM @throws E_SIGNATURE for a code that is wrong, used or expired */
  enrol(request: JsonRecord, now: Date): Promise<string>;
  revoke(name: string, reason: string): Promise<Member>;
  all(): Promise<Member[]>;
}

/** @param folder of the members' files @example const code = await openMembers({ … }).invite("hospital", expires); */
export function openMembers({
  folder,
  authority,
  address,
}: {
  readonly folder: string;
  readonly authority: Credentials;
  readonly address: string;
}): Members {
  const fingerprint = fingerprintOf(authority.certificate);
  const file = (name: string, kind: string) => join(folder, `${name}.${kind}.json`);
  const write = async (name: string, kind: string, value: unknown) => {
    await makeFolder(folder);
    await writeSecret(file(name, kind), `${JSON.stringify(value, null, 2)}\n`);
  };
  const inTurn = turns(); // for one name one after the other: of two requests with one code, one is taken

  return {
    async invite(name, expires) {
      checkName(name);
      if (await readRecord(file(name, "member")))
        throw new ConcordError("E_ARGUMENT", {
          operation: "invite",
          problem: "this participant is enrolled already",
          got: name,
          hint: "a participant that lost its certificate gets another name; revoke the old one",
        });
      const secret = randomBytes(32).toString("base64url");
      await write(name, "invitation", { hash: hash(secret).toString("hex"), expires: expires.toISOString() });
      return invitationCode({ name, address, authority: fingerprint, secret });
    },
    async enrol(given, now) {
      const text = (entry: string) => (typeof given[entry] === "string" ? given[entry] : "");
      const [name, key, request] = [text("name"), text("key"), text("request")];
      if (!memberName.test(name)) throw refusedCode();
      const signature = Buffer.from(text("signature"), "base64");
      const signed = enrolmentBytes(fingerprint, name, key, request);
      const asked = hash(`${hash(text("secret")).toString("hex")} ${hash(request).toString("hex")}`).toString("hex");
      return await inTurn(name, async () => {
        const known = await readRecord(file(name, "member"));
        const isAgain = known !== undefined && known.asked === asked && known.key === key;
        if (isAgain && typeof known.certificate === "string") return known.certificate; // its answer was lost on the way
        const invitation = await readRecord(file(name, "invitation"));
        const expected = Buffer.from(String(invitation?.hash ?? "").padEnd(64, "0"), "hex");
        const same = timingSafeEqual(hash(text("secret")), expected.length === 32 ? expected : Buffer.alloc(32));
        if (known || !invitation || !same || !(Date.parse(String(invitation.expires)) > now.getTime()))
          throw refusedCode();
        if (key.length !== 60 || !nodePrimitives.verify(Buffer.from(key, "base64"), signed, signature))
          throw refusedCode("the request is not signed by the identity that it names");
        const certificate = await issueCertificate(authority, request, { name, use: "client", now });
        if (!certificate) throw refusedCode("the certificate request is none, or not signed by its key");
        const facts = { name, key, fingerprint: fingerprintOf(certificate), enrolled: now.toISOString() };
        await write(name, "member", { ...facts, certificate, asked });
        await rm(file(name, "invitation"), { force: true });
        return certificate;
      });
    },
    async revoke(name, reason) {
      checkName(name);
      const member = (await this.all()).find((m) => m.name === name);
      if (!member) throw unknownMember(name);
      await write(name, "revoked", { reason });
      return { ...member, revoked: reason };
    },
    async all() {
      const names = (await readdir(folder).catch(() => [] as string[])).flatMap(
        (f) => /^(.+)\.member\.json$/.exec(f)?.[1] ?? [],
      );
      return await Promise.all(
        names.sort().map(async (name) => {
          const { key, fingerprint: of } = (await readRecord(file(name, "member"))) ?? {};
          const revoked = await readRecord(file(name, "revoked"));
          return {
            name,
            key: String(key),
            fingerprint: String(of),
            ...(revoked && { revoked: String(revoked.reason) }),
          };
        }),
      );
    },
  };
}

const unknownMember = (name: string) =>
  new ConcordError("E_ARGUMENT", { operation: "revoke", problem: "no participant has this name", got: name });

function checkName(name: string): void {
  if (memberName.test(name)) return;
  throw new ConcordError("E_ARGUMENT", {
    operation: "invite",
    problem: "not a participant's name",
    expected: "1 to 40 letters, digits, - or _",
    got: name,
  });
}

/** One refusal for codes that are wrong, used or expired: a stranger learns nothing of which. */
const refusedCode = (problem = "the code is not valid: wrong, used or expired") =>
  new ConcordError("E_SIGNATURE", { operation: "enrol", problem, hint: "ask the coordinator for a new code" });

/** @returns undefined where there is no file */
export async function readRecord(path: string): Promise<JsonRecord | undefined> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw ioError(cause, "read file", path);
  });
  if (text === undefined) return undefined;
  const value = parseJson(text, path);
  if (isJsonRecord(value)) return value;
  throw new ConcordError("E_FORMAT", { operation: "read file", problem: "not an object", path });
}
