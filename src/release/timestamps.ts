// Time stamps of a passport's signatures (RFC 3161), in a file beside it: asked of an authority when signing, checked without it when verifying.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeJson } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { isJsonRecord, parseJson } from "../formats/index.ts";
import {
  checkTimestamp,
  type Envelope,
  type EnvelopeSignature,
  type TimeStamp,
  timestampRequest,
  tokenOf,
} from "../store/index.ts";
import { timestampsName } from "./names.ts";
import type { Policy } from "./policy-file.ts";

const timeoutMs = 30_000;
const maxAnswerBytes = 2 ** 16;

/** A token over a signature's bytes, as Sigstore's bundles hold them. */
interface Stamped {
  readonly keyid: string;
  /** TimeStampToken in DER, base64. */
  readonly token: string;
}

const signatureBytes = ({ sig }: EnvelopeSignature): Buffer => Buffer.from(sig, "base64");

/** The authorities of a policy. @throws E_CONFIG where it names none */
function authoritiesOf({ timestamp, path }: Policy): string {
  if (timestamp) return timestamp.authorities;
  throw new ConcordError("E_CONFIG", {
    operation: "check time stamp",
    problem: "the policy names no authority for time stamps",
    expected: "timestamp: { authorities: [tsa.pem] }",
    path,
  });
}

/**
 * Has an authority stamp each signature that has no stamp yet, and keeps the tokens beside the passport. Stamps of signatures that are gone are left out.
 * @param url of the authority
 * @param path of the passport's file
 * @throws E_SERVER where it does not answer; E_SIGNATURE for an answer that does not hold under the policy; E_CONFIG where the policy names no authority
 */
export async function stampSignatures(
  envelope: Envelope,
  { url, policy, path, now }: StampOptions & { readonly url: string; readonly path: string },
): Promise<void> {
  const authorities = authoritiesOf(policy);
  const kept = await holdingStamps(dirname(path), envelope, authorities, now);
  const missing = envelope.signatures.filter(({ keyid }) => !kept.some((one) => one.keyid === keyid));
  const asked: Stamped[] = [];
  for (const signature of missing) {
    const token = await ask(url, signatureBytes(signature), authorities, now);
    asked.push({ keyid: signature.keyid, token: token.toString("base64") });
  }
  await writeStamps(dirname(path), [...kept, ...asked]);
}

interface StampOptions {
  readonly policy: Policy;
  readonly now: Date;
}

/**
 * Copies the stamps that hold to a release.
 * @throws E_SIGNATURE where the policy asks for a stamp of each signature and one lacks it
 */
export async function releaseStamps(
  run: string,
  folder: string,
  envelope: Envelope,
  { policy, now }: StampOptions,
): Promise<void> {
  if (!policy.timestamp) return;
  const held = await holdingStamps(run, envelope, policy.timestamp.authorities, now);
  if (held.length) await writeStamps(folder, held);
  await checkStamps(folder, envelope, policy, now);
}

const writeStamps = (folder: string, timestamps: readonly Stamped[]): Promise<unknown> =>
  writeJson(join(folder, timestampsName), { format: "concord-timestamps", version: 1, timestamps });

/** Stamps beside a passport that are of its signatures; others are of earlier ones. */
async function holdingStamps(
  folder: string,
  { signatures }: Envelope,
  authorities: string,
  now: Date,
): Promise<Stamped[]> {
  return (await readStamps(folder)).filter(({ keyid, token }) => {
    const signature = signatures.find((one) => one.keyid === keyid);
    try {
      return signature && checkTimestamp(Buffer.from(token, "base64"), signatureBytes(signature), authorities, now);
    } catch {
      return false;
    }
  });
}

/** Asks an authority for a token, and checks it. */
async function ask(url: string, bytes: Uint8Array, authorities: string, now: Date): Promise<Buffer> {
  const unreachable = (problem: string, got?: string) =>
    new ConcordError("E_SERVER", { operation: "ask for a time stamp", problem, got, path: url });
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new ConcordError("E_ARGUMENT", {
      operation: "ask for a time stamp",
      problem: "not the address of an authority",
      expected: "an address such as http://timestamp.example.org",
      got: url,
      path: "--timestamp",
    });
  const request = timestampRequest(bytes);
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/timestamp-query", accept: "application/timestamp-reply" },
    body: new Uint8Array(request.der),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: Error) => {
    throw unreachable(
      "the authority does not answer",
      String((cause.cause as Error | undefined)?.message ?? cause.message),
    );
  });
  if (!answer.ok) throw unreachable("the authority refuses", `status ${answer.status}`);
  if (Number(answer.headers.get("content-length") ?? 0) > maxAnswerBytes) throw unreachable("the answer is too long");
  const token = tokenOf(await limited(answer, unreachable("the answer is too long")), request);
  checkTimestamp(token, bytes, authorities, now);
  return token;
}

/** The body of an answer, up to the limit. */
async function limited({ body }: Response, tooLong: ConcordError): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > maxAnswerBytes) throw tooLong;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Tokens beside a passport; none where there is no such file. @throws E_FORMAT */
export async function readStamps(folder: string): Promise<Stamped[]> {
  const path = join(folder, timestampsName);
  if (!existsSync(path)) return [];
  const value = parseJson(await readFile(path), path, { maxBytes: 2 ** 20 });
  const list =
    isJsonRecord(value) && value.format === "concord-timestamps" && value.version === 1 ? value.timestamps : [];
  const stamped = (Array.isArray(list) ? list : []).flatMap((one): Stamped[] => {
    const { keyid, token } = isJsonRecord(one) ? one : {};
    return typeof keyid === "string" && typeof token === "string" ? [{ keyid, token }] : [];
  });
  if (Array.isArray(list) && list.length > 0 && stamped.length === list.length) return stamped;
  throw new ConcordError("E_FORMAT", {
    operation: "check time stamp",
    problem: "not a file of time stamps",
    expected: "timestamps.json as concord sign writes it",
    path,
  });
}

/**
 * Checks the time stamps beside a passport.
 * @returns by key id when each stamped signature was there; `unchecked` where the policy names no authority
 * @throws E_SIGNATURE for a token that does not hold, for a signature that is not there, or where the policy asks for a stamp of each signature; E_FORMAT
 */
export async function checkStamps(
  folder: string,
  { signatures }: Envelope,
  { timestamp }: Policy,
  now: Date,
): Promise<{ readonly stamps: ReadonlyMap<string, TimeStamp>; readonly unchecked: boolean }> {
  const path = join(folder, timestampsName);
  const fault = (problem: string, got?: string) =>
    new ConcordError("E_SIGNATURE", { operation: "check time stamp", problem, got, path });
  const found = await readStamps(folder);
  if (!timestamp) return { stamps: new Map(), unchecked: found.length > 0 };
  const stamps = new Map<string, TimeStamp>();
  for (const { keyid, token } of found) {
    const signature = signatures.find((one) => one.keyid === keyid);
    if (!signature) throw fault("a time stamp for a signature that is not there", `key ${keyid.slice(0, 16)}…`);
    stamps.set(
      keyid,
      checkTimestamp(Buffer.from(token, "base64"), signatureBytes(signature), timestamp.authorities, now),
    );
  }
  const without = signatures.find(({ keyid }) => !stamps.has(keyid));
  if (timestamp.required && without)
    throw fault("a signature has no time stamp, which the policy asks for", `key ${without.keyid.slice(0, 16)}…`);
  return { stamps, unchecked: false };
}
