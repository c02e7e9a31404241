// A coordinator's study behind its server: enrolment from the first moment, rounds once there is a proposal. Joins members' certificates,
// the round machine and the contents that may be fetched.
import { join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import type { Identity } from "../../federated/index.ts";
import { bytesOf, type Proposal } from "../../federated/index.ts";
import { type Blobs, openBlobs } from "../blobs.ts";
import type { Credentials } from "../transport/certificates.ts";
import type { Limits } from "../transport/limits.ts";
import { type Published, publishedBytes, publishedFile } from "../transport/published.ts";
import { type Exchange, openServer, type RoundServer } from "../transport/server.ts";
import type { CoordinatorHost } from "./coordinator-host.ts";
import type { Member, Members } from "./enrolment.ts";

export interface StudyServerOptions {
  /** For chunks on their way. */
  readonly folder: string;
  readonly identity: Identity;
  /** Of the identity, SPKI in base64. */
  readonly key: string;
  readonly credentials: Credentials;
  /** Certificate, PEM. */
  readonly authority: string;
  readonly members: Members;
  readonly host: string;
  readonly port: number;
  readonly limits: Limits;
  /** How often revocations are looked for, ms. Default 1000. */
  readonly lookMs?: number;
  /** The coordinator's clock. Default the machine's. */
  readonly now?: () => Date;
  readonly onEnrolled?: (name: string) => void;
  /** Told of requests that failed by a fault on this side. */
  readonly onFault?: (fault: unknown) => void;
}

/** What is served beside the rounds. */
export interface ServedBeside {
  /** Folder of the files that the proposal names. Default none is served. */
  readonly start?: string;
  /** Takes members' transcripts. Default they are refused. @throws ConcordError for one that does not hold */
  readonly transcript?: (member: string, bytes: Uint8Array) => Promise<void>;
}

export interface StudyServer {
  readonly port: number;
  /** Lets rounds in. */
  serve(host: CoordinatorHost, proposal: Proposal, more?: ServedBeside): Promise<void>;
  close(): Promise<void>;
}

/** @throws E_IO when the port cannot be had */
export async function openStudyServer(options: StudyServerOptions): Promise<StudyServer> {
  const study = new ServedStudy(options);
  await study.look();
  const { credentials, authority, host, port, limits, onFault } = options;
  const server = await openServer({ credentials, authority, host, port, limits, exchange: study, onFault });
  study.watch(server);
  return {
    port: server.port,
    serve: (rounds, proposal, more) => study.serve(rounds, proposal, more),
    async close() {
      study.stop();
      await server.close();
    },
  };
}

class ServedStudy implements Exchange {
  readonly #options: StudyServerOptions;
  readonly #uploads = new Map<string, Promise<Blobs>>();
  readonly #files = new Map<string, Published>();
  #members = new Map<string, Member>();
  #rounds: CoordinatorHost | undefined;
  #last: { readonly hash: string; readonly content: Published } | undefined;
  #transcript: ServedBeside["transcript"];
  #timer: NodeJS.Timeout | undefined;
  #opened: () => void = () => {};
  readonly #open = new Promise<void>((resolve) => {
    this.#opened = resolve;
  });
  uploadBytes = 0;

  constructor(options: StudyServerOptions) {
    this.#options = options;
  }

  async serve(rounds: CoordinatorHost, proposal: Proposal, { start, transcript }: ServedBeside = {}): Promise<void> {
    const { limits } = this.#options;
    const parts = [...proposal.update, ...proposal.counts, ...proposal.tests];
    const bytes = 4 * (1 + parts.reduce((n, { size }) => n + size, 0));
    this.uploadBytes = Math.max(2 * bytes, limits.transcriptBytes) + limits.chunkBytes;
    this.#transcript = transcript;
    for (const { name, sha256: hash } of start === undefined ? [] : proposal.files)
      this.#files.set(hash, await publishedFile(join(start!, name), limits.chunkBytes));
    this.#rounds = rounds;
    for (const { name, revoked } of this.#members.values())
      if (revoked !== undefined) await this.#revoke(name, revoked);
    this.#opened();
  }

  watch(server: RoundServer): void {
    this.#timer = setInterval(() => void this.look(server).catch(() => {}), this.#options.lookMs ?? 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Reads who is a member; a revocation ends its connections and its part. */
  async look(server?: RoundServer): Promise<void> {
    const all = await this.#options.members.all();
    const before = this.#members;
    this.#members = new Map(all.map((m) => [m.fingerprint, m]));
    for (const { name, fingerprint, revoked } of all) {
      if (revoked === undefined || before.get(fingerprint)?.revoked !== undefined) continue;
      server?.drop(fingerprint);
      await this.#revoke(name, revoked);
    }
  }

  async #revoke(member: string, reason: string): Promise<void> {
    if (this.#rounds && !this.#rounds.state.gone.has(member))
      await this.#rounds.give({ kind: "revoke", member, reason });
  }

  get isOpen(): boolean {
    return this.#rounds !== undefined;
  }

  memberOf(fingerprint: string): { readonly name: string } | { readonly refused: string } {
    const member = this.#members.get(fingerprint);
    if (!member) return { refused: "this certificate is of no participant" };
    return member.revoked === undefined ? { name: member.name } : { refused: `revoked: ${member.revoked}` };
  }

  async outbox(member: string, after: number, signal: AbortSignal) {
    await Promise.race([this.#open, aborted(signal)]);
    if (this.#takesPart(member)) return await this.#rounds!.outbox.after(member, after, signal);
    await aborted(signal);
    return [];
  }

  #takesPart(member: string): boolean {
    return this.#rounds?.outbox.knows(member) ?? false;
  }

  async transcript(member: string, bytes: Uint8Array): Promise<void> {
    if (!this.#takesPart(member) || !this.#transcript) throw noStudy();
    await this.#transcript(member, bytes);
  }

  contentBytes(member: string, message: unknown): number {
    if (!this.#takesPart(member)) throw noStudy();
    return this.#rounds!.contentBytes(member, message);
  }

  async deliver(member: string, message: unknown, payload: Uint8Array | undefined): Promise<void> {
    if (!this.#takesPart(member)) throw noStudy();
    await this.#rounds!.deliver(member, message, payload);
  }

  content(member: string, hash: string): Published | undefined {
    if (!this.#takesPart(member)) return undefined;
    return this.#files.get(hash) ?? this.#rounds!.outbox.content(member, hash) ?? this.#result(hash);
  }

  /** The model that a finished study ends with. */
  #result(hash: string): Published | undefined {
    const { stage, model, results } = this.#rounds!.state;
    if (stage !== "finished" || results.at(-1)?.model !== hash) return undefined;
    this.#last ??= { hash, content: publishedBytes(bytesOf(model), this.#options.limits.chunkBytes) };
    return this.#last.content;
  }

  uploads(member: string): Promise<Blobs> {
    const open = this.#uploads.get(member) ?? openBlobs(join(this.#options.folder, "uploads", member));
    this.#uploads.set(member, open);
    open.catch(() => this.#uploads.delete(member));
    return open;
  }

  async enrol(request: Parameters<Exchange["enrol"]>[0]): Promise<unknown> {
    const { members, now = () => new Date(), identity, key, onEnrolled } = this.#options;
    const certificate = await members.enrol(request, now());
    await this.look();
    onEnrolled?.(String(request.name));
    return { certificate, coordinator: { name: identity.name, key } };
  }
}

const noStudy = () =>
  new ConcordError("E_ROUND", { operation: "coordinate a round", problem: "there is no study of this participant" });

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
