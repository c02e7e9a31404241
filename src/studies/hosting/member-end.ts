// What a member does when its study is over: it keeps the model that all made, and gives the coordinator its transcript.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fingerprint } from "../../artifacts/index.ts";
import { isConcordError } from "../../base/index.ts";
import type { Proposal } from "../../federated/index.ts";
import { makeFolder } from "../../formats/node/index.ts";
import { type Link, openBlobs, type ParticipantEnd, readRecord, writeSecret } from "../../network/index.ts";
import { writeStudyModel } from "../finish.ts";

const endName = "end.json";
type End = ParticipantEnd["end"];

/** How a member's part ended, and whether its transcript is where it belongs, or was refused there. */
export interface KnownEnd {
  readonly end: End;
  readonly given: boolean;
}

/** The end that was noted in a member's folder. */
export async function endedBefore(folder: string): Promise<KnownEnd | undefined> {
  const { end, given } = (await readRecord(join(folder, endName))) ?? {};
  const isEnd = end === "finished" || end === "stopped" || end === "withdrawn";
  return isEnd ? { end, given: given !== false } : undefined;
}

const noteEnd = (folder: string, end: KnownEnd) => writeSecret(join(folder, endName), `${JSON.stringify(end)}\n`);

/** Writes `model/` of a finished study, and notes the end. */
export async function noteMembersEnd(folder: string, start: string, { end, model, state }: ParticipantEnd) {
  if (model) await writeStudyModel({ proposal: state.proposal!, start, vector: model, folder: join(folder, "model") });
  await noteEnd(folder, { end, given: false });
}

/**
 * Sends the member's transcript to the coordinator after the study ended for this member.
 * @param log the member's transcript
 * @param link gives up after a while: the coordinator may be gone
 * @returns why the coordinator does not have it, or undefined when it does. It stays in the member's folder; the next start sends it again unless it was refused
 * @throws E_INTERRUPTED when the owner stops it
 */
export async function submitTranscript(given: {
  readonly folder: string;
  readonly end: End;
  readonly log: string;
  readonly link: Link;
  readonly signal?: AbortSignal;
}): Promise<string | undefined> {
  const { folder, end, log, link, signal } = given;
  let problem: string | undefined;
  try {
    await link.transcript(new Uint8Array(await readFile(log)));
  } catch (error) {
    if (!isConcordError(error) || signal?.aborted) throw error;
    if (error.code === "E_INTERRUPTED") return `the coordinator is not reached: it has not taken ${log}`;
    problem = error.facts.problem;
  }
  await noteEnd(folder, { end, given: true });
  return problem;
}

/** The files of the start model that are not here yet, by their hashes. @returns their folder */
export async function fetchStart(folder: string, { files }: Proposal, link: Link): Promise<string> {
  const start = join(folder, "start");
  await makeFolder(start);
  const kept = await openBlobs(join(folder, "incoming-files"));
  for (const { name, sha256 } of files) {
    const path = join(start, name);
    if ((await fingerprint(path).catch(() => undefined)) === sha256) continue;
    await writeSecret(path, await link.fetch(sha256, kept));
  }
  return start;
}
