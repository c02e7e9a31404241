// A study over real connections on this machine: certificates, server, hosts and folders as between organisations, small models.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConcordError } from "../../../src/base/index.ts";
import type { Message, Proposal, Work } from "../../../src/federated/index.ts";
import {
  CoordinatorHost,
  type Credentials,
  defaultLimits,
  type Enrolment,
  enrol,
  type Limits,
  type Members,
  makeAuthority,
  openLink,
  openMembers,
  openStudyServer,
  ParticipantHost,
  readInvitation,
  type StudyServer,
  serverCredentials,
  type Waits,
} from "../../../src/network/index.ts";
import { partyOf, smallStudy } from "../study.ts";

export const quick: Limits = { ...defaultLimits, pollMs: 2000, idleMs: 4000, retryMs: [5, 50] };
export const patient: Waits = { consentMs: 60_000, workMs: 60_000, phaseMs: 60_000 };
const inAnHour = () => new Date(Date.now() + 3_600_000);

/** A port that nobody listens on now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** A folder that is removed with `remove`. */
export function temporary(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "concord-net-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Loopback {
  readonly folder: string;
  readonly members: Members;
  readonly authority: Credentials;
  readonly credentials: Credentials;
  readonly server: StudyServer;
  readonly port: number;
  enrol(name: string): Promise<Enrolment>;
  close(): Promise<void>;
}

/** A coordinator's server; the same folder gives the same study. */
export async function loopback(
  folder: string,
  { limits = quick, authority, credentials, port = 0, now = new Date() }: LoopbackOptions = {},
): Promise<Loopback> {
  const ca = authority ?? (await makeAuthority("study", now));
  const own = credentials ?? (await serverCredentials(ca, now));
  const { identity, key } = partyOf("coordinator");
  const open = (address: string) => openMembers({ folder: join(folder, "members"), authority: ca, address });
  const members = open("127.0.0.1:0");
  const server = await openStudyServer({
    folder,
    identity,
    key,
    credentials: own,
    authority: ca.certificate,
    members,
    host: "127.0.0.1",
    port,
    limits,
    lookMs: 20,
    onFault: (fault) => console.error(fault),
  });
  const inviting = open(`127.0.0.1:${server.port}`);
  return {
    folder,
    members: inviting,
    authority: ca,
    credentials: own,
    server,
    port: server.port,
    enrol: async (name) => {
      const code = readInvitation(await inviting.invite(name, inAnHour()));
      const { identity: me, key: mine } = partyOf(name);
      return await enrol(code, { key: mine, sign: me.sign }, { limits });
    },
    close: () => server.close(),
  };
}

export interface LoopbackOptions {
  readonly limits?: Limits;
  readonly authority?: Credentials;
  readonly credentials?: Credentials;
  readonly port?: number;
  readonly now?: Date;
}

export interface Kept {
  readonly entries: Message[];
}

/** A transcript in memory that takes an entry once. */
export const keeping =
  (kept: Message[]) =>
  (index: number, entry: Message): void => {
    kept[index] = entry;
  };

export const coordinatorOf = (
  folder: string,
  proposal: Proposal,
  size: number,
  more: Partial<Parameters<typeof CoordinatorHost.open>[0]> = {},
): Promise<CoordinatorHost> =>
  CoordinatorHost.open({
    folder: join(folder, "rounds"),
    identity: partyOf("coordinator").identity,
    proposal,
    model: new Float32Array(size),
    waits: patient,
    chunkBytes: quick.chunkBytes,
    record: () => {},
    ...more,
  });

export interface MemberOptions {
  readonly address?: string;
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  readonly work?: (round: number, name: string) => Promise<void> | void;
  readonly refused?: ConcordError[];
  readonly more?: Partial<Parameters<typeof ParticipantHost.open>[0]>;
}

/** A member whose work is `smallStudy`'s. */
export async function memberOf(
  folder: string,
  enrolment: Enrolment,
  proposal: Proposal,
  size: number,
  { address, limits = quick, signal, work, refused = [], more }: MemberOptions = {},
): Promise<ParticipantHost> {
  const simulated = smallStudy({ proposal, size }).members.find((m) => m.identity.name === enrolment.name)!;
  const link = openLink({
    address: address ?? enrolment.address,
    authority: enrolment.authority,
    credentials: enrolment,
    limits,
    signal,
  });
  return await ParticipantHost.open({
    folder: join(folder, enrolment.name),
    identity: simulated.identity,
    coordinator: enrolment.coordinator,
    link,
    consent: async (_, digest) => ({ digest, siteValues: true }),
    work: async (task, round, model): Promise<Work> => {
      await work?.(round, enrolment.name);
      return await simulated.work(task, round, model);
    },
    record: () => {},
    onRefused: (error) => refused.push(error),
    signal,
    ...more,
  });
}
