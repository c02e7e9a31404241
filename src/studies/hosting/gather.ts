// Collects the transcripts of all parties at the coordinator. Each is checked on arrival and stored where a release looks for it.
import { cp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import type { Proposal } from "../../federated/index.ts";
import { makeFolder } from "../../formats/node/index.ts";
import { writeSecret } from "../../network/index.ts";
import { type CheckedTranscript, compareTranscripts, publicKeyIn, readTranscript } from "../transcript.ts";

const logName = "log.jsonl";

export interface Gathered {
  /** Takes a member's transcript. @throws E_CHECKSUM, E_SIGNATURE, E_ROUND, E_FORMAT where it does not hold or contradicts the coordinator's */
  take(member: string, bytes: Uint8Array): Promise<void>;
  /** True once a member's complete transcript has arrived: one that reaches the end of the study, or the point where it stopped. */
  has(member: string): boolean;
  /** Copies the coordinator's transcript beside them. */
  close(): Promise<void>;
}

const isWhole = ({ finished, stopped }: CheckedTranscript): boolean => finished !== undefined || stopped !== undefined;

/**
 * @param log folder of the coordinator's transcript
 * @param folder `transcripts` of the study's result: each party's log lies in `<party>/log.jsonl`
 * @example const gathered = await gatherTranscripts({ proposal, log: "study/transcript", folder: "study/result/transcripts" });
 */
export async function gatherTranscripts(given: {
  readonly proposal: Proposal;
  readonly log: string;
  readonly folder: string;
}): Promise<Gathered> {
  const { proposal, log, folder } = given;
  const { name: coordinator, key } = proposal.coordinator;
  const whole = new Set<string>();
  const check = async (place: string, member: string) => {
    const found = proposal.members.find((m) => m.name === member);
    if (!found)
      throw new ConcordError("E_ROUND", { operation: "take transcript", problem: "of no participant", got: member });
    const transcript = await readTranscript(place, member, publicKeyIn(found.key));
    const gap = compareTranscripts(await readTranscript(log, coordinator, publicKeyIn(key)), transcript);
    if (gap?.lacks === coordinator)
      throw new ConcordError("E_ROUND", {
        operation: "compare transcripts",
        problem: `${coordinator} lacks what ${member} was told: ${gap.phase} of round ${gap.round}`,
        path: place,
      });
    return transcript;
  };
  await makeFolder(folder);
  for (const name of await readdir(folder)) {
    const isMember = proposal.members.some((m) => m.name === name);
    if (name.startsWith("."))
      await rm(join(folder, name), { recursive: true, force: true }); // of a crash
    else if (isMember && isWhole(await check(join(folder, name), name))) whole.add(name);
  }
  return {
    async take(member, bytes) {
      const incoming = join(folder, `.${member}`);
      await rm(incoming, { recursive: true, force: true });
      await makeFolder(incoming);
      await writeSecret(join(incoming, logName), bytes);
      try {
        const transcript = await check(incoming, member);
        await makeFolder(join(folder, member));
        await rename(join(incoming, logName), join(folder, member, logName));
        if (isWhole(transcript)) whole.add(member);
      } finally {
        await rm(incoming, { recursive: true, force: true });
      }
    },
    has: (member) => whole.has(member),
    async close() {
      await makeFolder(join(folder, coordinator));
      await cp(join(log, logName), join(folder, coordinator, logName));
    },
  };
}
