// Proofs that an entry is in a log whom nobody has to hold: their form, their way to the head, the head's signer; and, for who holds
// the log, that it has the entry. An entry's time is the time that signatures are judged by.
import { ConcordError, canonicalJson } from "../base/index.ts";
import { type InclusionProof, isHeadOf, openReleaseLog, proves } from "../store/index.ts";
import type { Policy } from "./policy-file.ts";

const fault = (code: "E_CHECKSUM" | "E_SIGNATURE", problem: string, path: string, expected?: string, got?: string) =>
  new ConcordError(code, { operation: "verify", problem, expected, got, path });

/**
 * Checks a proof by itself.
 * @param subject entry name and digest of what was logged
 * @throws E_CHECKSUM for another form, another subject or a way that does not lead to the head; E_SIGNATURE for a head by a stranger
 */
export function checkProof(
  proof: InclusionProof | undefined,
  [name, digest]: readonly [name: "passport" | "statement", digest: string],
  policy: Policy,
  path: string,
): InclusionProof {
  const { entry, head } = proof ?? {};
  const parts = [entry?.kind, head?.root, head?.sig, head?.keyid, head?.at, entry?.at];
  if (
    !proof ||
    parts.some((part) => typeof part !== "string") ||
    !Array.isArray(proof.path) ||
    proof.path.some((hash) => typeof hash !== "string")
  )
    throw fault("E_CHECKSUM", "not the proof of an entry in a log", path);
  if (entry![name] !== digest)
    throw fault("E_CHECKSUM", `the log's entry is of another ${name}`, path, `SHA-256 ${digest}`, String(entry![name]));
  if (!proves(proof)) throw fault("E_CHECKSUM", "the proof does not lead from the entry to the head", path);
  const signer = policy.signers.find((s) => s.keyId === head!.keyid);
  if (!signer || !isHeadOf(head!, signer.key))
    throw fault("E_SIGNATURE", "the log's head is not signed by anyone whom the policy trusts", path);
  return proof;
}

/** @throws E_CHECKSUM where the log of a folder does not hold the entry where the proof says, or is another log */
export async function checkInLog({ entry, index, head }: InclusionProof, folder: string): Promise<void> {
  const { entries, heads } = await openReleaseLog(folder);
  if (!entries[index] || canonicalJson(entries[index]) !== canonicalJson(entry))
    throw fault(
      "E_CHECKSUM",
      "the log does not hold this release where the proof says",
      folder,
      `entry ${index}`,
      `${entries.length} entries`,
    );
  if (heads[head.size - 1]?.root !== head.root)
    throw fault("E_CHECKSUM", "the log is not the one that the release was put into", folder);
}
