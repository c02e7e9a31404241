// What a member does when its study is over: it keeps the model that all made, and gives the coordinator its transcript.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isConcordError } from "../../../base/index.ts";
import type { Proposal } from "../../../federated/index.ts";
import { type Link, openBlobs, type ParticipantEnd, readRecord, writeSecret } from "../../../federated/node/index.ts";
import { makeFolder } from "../../../formats/node/index.ts";
import { fingerprint } from "../../stages/files.ts";
import { writeStudyModel } from "../finish.ts";

const endName = "end.json";
type End = ParticipantEnd["end"];

/** How a member's part ended, once all was done. */
export async function endedBefore(folder: string): Promise<End | undefined> {
  const end = (await readRecord(join(folder, endName)))?.end;
  return end === "finished" || end === "withdrawn" ? end : undefined;
}

/**
 * Writes `model/` of a finished study, gives the transcript, and notes the end.
 * @param transcript folder of the member's log
 * @returns why the coordinator did not take the transcript, if so: it lies in its folder
 */
export async function endPart(given: {
  readonly folder: string;
  readonly end: ParticipantEnd;
  readonly start: string;
  readonly transcript: string;
  readonly link: Link;
}): Promise<string | undefined> {
  const { folder, start, transcript, link } = given;
  const { end, model, state } = given.end;
  if (end === "unanswered") return undefined;
  if (model) await writeStudyModel({ proposal: state.proposal!, start, vector: model, folder: join(folder, "model") });
  let problem: string | undefined;
  try {
    await link.transcript(new Uint8Array(await readFile(join(transcript, "log.jsonl"))));
  } catch (error) {
    if (!isConcordError(error) || error.code === "E_INTERRUPTED") throw error;
    problem = error.facts.problem;
  }
  await writeSecret(join(folder, endName), `${JSON.stringify({ end, model: state.finished })}\n`);
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
