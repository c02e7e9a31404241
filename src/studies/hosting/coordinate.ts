// A coordinator at work: its server, the rounds of the proposal in its folder, its transcript, and the study's end. Started again, it goes on.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CoordinatorEffect } from "../../federated/index.ts";
import { lockFolder } from "../../formats/node/index.ts";
import {
  CoordinatorHost,
  defaultLimits,
  defaultWaits,
  interrupted,
  openStudyServer,
  type StudyServer,
  serverCredentials,
  type Waits,
} from "../../network/index.ts";
import { finishStudy } from "../finish.ts";
import { studyFiles } from "../study-files.ts";
import { openTranscript } from "../transcript.ts";
import { openCoordinatorFolder, ownIdentity, type StoredStudy, storedStudy } from "./folders.ts";
import { gatherTranscripts } from "./gather.ts";

export type CoordinatorNews =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "enrolled"; readonly name: string }
  | { readonly kind: "proposed"; readonly run: string; readonly members: number; readonly rounds: number }
  | Extract<CoordinatorEffect, { kind: "counted" | "failed" | "stopped" }>
  | { readonly kind: "refused"; readonly member: string; readonly problem: string }
  | { readonly kind: "fault"; readonly problem: string }
  /** Members whose transcripts did not come in time: a release needs them. */
  | { readonly kind: "missing"; readonly members: readonly string[] }
  | { readonly kind: "done"; readonly folder: string };

export interface CoordinateOptions {
  readonly folder: string;
  /** Where to listen. Default the port of the folder's address, on all interfaces. */
  readonly listen?: { readonly host: string; readonly port: number };
  readonly passphrase?: string;
  readonly waits?: Partial<Waits>;
  /** How long members may take to fetch the end and give their transcripts, ms. Default five minutes. */
  readonly lingerMs?: number;
  readonly signal?: AbortSignal;
  readonly onNews?: (news: CoordinatorNews) => void;
}

/**
 * Serves enrolment, waits for a proposal in the folder, coordinates it to its end and writes `result/`.
 * @returns how it ended
 * @throws E_LOCKED while another process serves the folder; E_INTERRUPTED after an abort: started again, it goes on
 * @example await coordinate({ folder: "study", onNews: console.log });
 */
export async function coordinate(options: CoordinateOptions): Promise<"finished" | "stopped"> {
  const { folder, onNews, signal, passphrase } = options;
  const about = await openCoordinatorFolder(folder);
  const lock = await lockFolder(folder);
  try {
    const identity = await ownIdentity(about.name, about.keyFile, passphrase);
    const { host, port } = options.listen ?? {
      host: "0.0.0.0",
      port: Number(new URL(`https://${about.address}`).port),
    };
    const server = await openStudyServer({
      folder,
      identity,
      key: identity.key,
      credentials: await serverCredentials(about.authority, new Date()),
      authority: about.authority.certificate,
      members: about.members,
      host,
      port,
      limits: defaultLimits,
      onEnrolled: (name) => onNews?.({ kind: "enrolled", name }),
      onFault: (fault) => onNews?.({ kind: "fault", problem: String((fault as Error)?.message ?? fault) }),
    });
    onNews?.({ kind: "listening", port: server.port });
    try {
      let study = await storedStudy(folder);
      while (!study) {
        await pause(500, signal);
        study = await storedStudy(folder);
      }
      return await rounds(options, identity, server, study);
    } finally {
      await server.close();
    }
  } finally {
    await lock.release();
  }
}

async function rounds(
  { folder, onNews, signal, waits, lingerMs = 300_000 }: CoordinateOptions,
  identity: Awaited<ReturnType<typeof ownIdentity>>,
  server: StudyServer,
  { proposal, model, start }: StoredStudy,
): Promise<"finished" | "stopped"> {
  const [log, result] = [join(folder, "transcript"), join(folder, "result")];
  const transcript = await openTranscript(log, identity.secret);
  onNews?.({ kind: "proposed", run: proposal.run, members: proposal.members.length, rounds: proposal.rounds });
  const host = await CoordinatorHost.open({
    folder: join(folder, "rounds"),
    identity,
    proposal,
    model,
    waits: { ...defaultWaits, ...waits },
    chunkBytes: defaultLimits.chunkBytes,
    record: (_, entry) => transcript.add(entry, new Date()),
    onEffect: (effect) => {
      if (effect.kind === "counted" || effect.kind === "failed" || effect.kind === "stopped") onNews?.(effect);
    },
    onRefused: (member, error) => onNews?.({ kind: "refused", member, problem: error.facts.problem }),
  });
  try {
    const gathered = await gatherTranscripts({ proposal, log, folder: join(result, studyFiles.transcripts) });
    const take = (member: string, bytes: Uint8Array) => gathered.take(member, bytes);
    await server.serve(host, proposal, { start, transcript: take });
    const isOver = () => host.state.stage === "finished" || host.state.stage === "stopped";
    while (!isOver()) {
      if (host.failure) throw host.failure;
      await pause(100, signal);
    }
    // a member's transcript is the last that it gives
    const missing = () => [...host.state.consents.keys()].filter((n) => !host.state.gone.has(n) && !gathered.has(n));
    const isStopped = host.state.stage === "stopped"; // often because members are away
    const until = performance.now() + (isStopped ? Math.min(lingerMs, 60_000) : lingerMs);
    while (missing().length > 0 && performance.now() < until) await pause(50, signal);
    if (isStopped) return "stopped";
    if (missing().length > 0) onNews?.({ kind: "missing", members: missing() });
    await host.close(); // nothing more is recorded
    await finishStudy({ proposal, start, state: host.state, folder: result });
    await gathered.close();
    onNews?.({ kind: "done", folder: result });
    return "finished";
  } finally {
    await host.close();
  }
}

/** @throws E_INTERRUPTED */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
  if (signal?.aborted) throw interrupted();
}
