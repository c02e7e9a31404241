// The chain of hashes that answers are kept in: each entry's hash covers the one before, so that nothing can be changed or removed unseen.
import { createHash } from "node:crypto";
import { canonicalJson } from "../../base/index.ts";
import type { AnswerRecord } from "../records.ts";

/** Hash before the first entry. */
export const chainStart = "0".repeat(64);

/** Hash of an entry: SHA-256 of the hash before it and its canonical form, in hexadecimal. */
export function chainHash(previous: string, { bins, ...record }: AnswerRecord): string {
  const entry = { ...record, ...(bins && { bins: Buffer.from(bins).toString("base64") }) };
  return createHash("sha256").update(previous).update(canonicalJson(entry)).digest("hex");
}
