// What happened to a party of a study, so that it goes on after a kill as if nothing had been: a snapshot of its state, and every event
// since, each on disk before anything that follows from it leaves the party. Knows no event and no state.
import { type FileHandle, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../base/index.ts";
import { ioError, makeFolder } from "../formats/node/index.ts";
import { type Blobs, openBlobs, sha256, writeSecret } from "./blobs.ts";
import { fromText, toText } from "./record-text.ts";

export interface Journal {
  /** The last snapshot, or undefined. */
  readonly snapshot: unknown;
  /** Events since, in order. */
  readonly events: readonly unknown[];
  /** Appends an event; it is on disk when this returns. @throws E_IO; the party must stop then */
  append(event: unknown): Promise<void>;
  /**
   * Puts a snapshot in place of all events. They are overwritten and removed, and with them the secrets of rounds that are over.
   */
  compact(snapshot: unknown): Promise<void>;
  close(): Promise<void>;
}

/** 2: states of protocol version 2. A study that version 1 began is not gone on with. */
const format = "concord-journal 2";
const hashed = (text: string) => `${sha256(Buffer.from(text)).slice(0, 32)} ${text}\n`;
const numbered = /^(journal|snapshot)-(\d+)$/;

/**
 * Opens the journal of a folder. A last line that a crash cut short is cut off: nothing followed from it.
 * @param folder is made if it is not there; one process at a time may have it open (the caller locks it)
 * @throws E_CHECKSUM for a line, a snapshot or a content that was changed; E_IO
 * @example const journal = await openJournal("study"); for (const event of journal.events) state = step(state, event);
 */
export async function openJournal(folder: string): Promise<Journal> {
  await makeFolder(folder);
  const blobs = await openBlobs(join(folder, "blobs"));
  const files = (await readdir(folder)).flatMap((name) => {
    const found = numbered.exec(name);
    return found ? [{ name, kind: found[1]!, number: Number(found[2]) }] : [];
  });
  const number = Math.max(0, ...files.filter((f) => f.kind === "snapshot").map((f) => f.number));
  for (const old of files) if (old.number < number) await erase(join(folder, old.name)); // a compaction that was cut short
  const snapshotPath = join(folder, `snapshot-${number}`);
  const snapshotText = number > 0 ? await readSnapshot(snapshotPath) : undefined;
  const snapshot = snapshotText === undefined ? undefined : await fromText(snapshotText, blobs);
  const path = join(folder, `journal-${number}`);
  const lines = await readLines(path);
  const events: unknown[] = [];
  for (const line of lines) events.push(await fromText(line, blobs));
  return new FolderJournal(folder, blobs, { snapshot, events, number, file: await openLog(path) });
}

interface Opened {
  readonly snapshot: unknown;
  readonly events: readonly unknown[];
  readonly number: number;
  readonly file: FileHandle;
}

class FolderJournal implements Journal {
  readonly snapshot: unknown;
  readonly events: readonly unknown[];
  readonly #folder: string;
  readonly #blobs: Blobs;
  #number: number;
  #file: FileHandle;

  constructor(folder: string, blobs: Blobs, { snapshot, events, number, file }: Opened) {
    this.#folder = folder;
    this.#blobs = blobs;
    this.snapshot = snapshot;
    this.events = events;
    this.#number = number;
    this.#file = file;
  }

  async append(event: unknown): Promise<void> {
    const line = hashed(await toText(event, this.#blobs));
    try {
      await this.#file.appendFile(line);
      await this.#file.datasync();
    } catch (cause) {
      throw ioError(cause, "write journal", this.#folder);
    }
  }

  async compact(snapshot: unknown): Promise<void> {
    const used = new Set<string>();
    const text = await toText(snapshot, this.#blobs, used);
    const old = this.#number;
    await writeSecret(join(this.#folder, `snapshot-${old + 1}`), hashed(text));
    await this.#file.close();
    this.#file = await openLog(join(this.#folder, `journal-${old + 1}`));
    this.#number = old + 1;
    await erase(join(this.#folder, `journal-${old}`));
    await erase(join(this.#folder, `snapshot-${old}`));
    await this.#blobs.keep(used);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function openLog(path: string): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "a", 0o600);
    if ((await file.stat()).size === 0) {
      await file.appendFile(hashed(JSON.stringify(format)));
      await file.sync();
    }
    return file;
  } catch (cause) {
    await file?.close().catch(() => {});
    throw ioError(cause, "open journal", path);
  }
}

async function readSnapshot(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "open journal", path);
  });
  const whole = wholeLine(text.replace(/\n$/, ""));
  if (whole === undefined) throw changed(path, 1);
  return whole;
}

const wholeLine = (line: string): string | undefined => {
  const text = line.slice(33);
  return hashed(text) === `${line}\n` ? text : undefined;
};

/** Lines that are whole; the rest of a file that a crash cut short is cut off. */
async function readLines(path: string): Promise<string[]> {
  const content = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return Buffer.alloc(0);
    throw ioError(cause, "open journal", path);
  });
  const end = content.lastIndexOf(10) + 1;
  const lines = content.toString("utf8", 0, end).split("\n").slice(0, -1);
  const texts = lines.map(wholeLine);
  const bad = texts.indexOf(undefined);
  if (bad >= 0 && bad < texts.length - 1) throw changed(path, bad + 1); // a crash cuts the end only
  const whole = bad < 0 ? texts : texts.slice(0, -1);
  const bytes = lines.slice(0, whole.length).reduce((n, l) => n + Buffer.byteLength(l) + 1, 0);
  if (bytes < content.length) {
    const file = await open(path, "r+");
    await file
      .truncate(bytes)
      .then(() => file.sync())
      .finally(() => file.close());
  }
  if (whole.length > 0 && whole[0] !== JSON.stringify(format))
    throw new ConcordError("E_VERSION", {
      operation: "open journal",
      problem: "written by another version",
      expected: format,
      got: whole[0]?.slice(0, 60),
      path,
    });
  return whole.slice(1) as string[];
}

const changed = (path: string, line: number) =>
  new ConcordError("E_CHECKSUM", {
    operation: "open journal",
    problem: "a line is not what was written",
    got: `line ${line}`,
    path,
  });

/** Overwrites with zeros and removes. What a disk keeps of overwritten blocks is beyond a program's reach. */
async function erase(path: string): Promise<void> {
  try {
    const file = await open(path, "r+");
    try {
      const { size } = await file.stat();
      const zeros = Buffer.alloc(Math.min(size, 2 ** 20));
      for (let at = 0; at < size; at += zeros.length) await file.write(zeros, 0, Math.min(zeros.length, size - at), at);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return;
    throw ioError(cause, "erase journal", path);
  }
  await rm(path, { force: true });
}
