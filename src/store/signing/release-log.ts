// An append-only log of what was released, overridden and recomputed (RFC 6962): entries, and signed heads over all that came
// before, so that an entry changed by hand is found. Lines cut off at the end are found by whoever kept a later head.
import { type KeyObject, verify } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError, canonicalJson } from "../../base/index.ts";
import { isJsonRecord, type JsonRecord, type JsonValue, parseCanonicalJson } from "../../formats/index.ts";
import { ioError, lockFolder, makeFolder } from "../../formats/node/index.ts";
import { keyIdOf } from "./keys.ts";
import { consistencyProof, inclusionProof, isConsistent, isIncluded, leafHash, treeRoot, treeRoots } from "./merkle.ts";
import { publicHalf, type SigningHandle, signBytes } from "./signing-handle.ts";

/** A signed statement: the first `size` entries have this root. */
export interface LogHead {
  readonly size: number;
  /** Hex. */
  readonly root: string;
  readonly at: string;
  readonly keyid: string;
  /** Ed25519 over the canonical JSON of the other entries, base64. */
  readonly sig: string;
}

/** That an entry is in a log: what is given to whoever does not hold the log. */
export interface InclusionProof {
  readonly entry: JsonRecord;
  readonly index: number;
  readonly head: LogHead;
  /** Hashes from the leaf to the root, hex. */
  readonly path: readonly string[];
  /** Later heads over the entry, each with its own way from the leaf. Default none is carried along. */
  readonly later?: readonly LaterHead[];
}

/** A head over an entry that was signed after the entry's own. */
export interface LaterHead {
  /** Of the log itself, or counter-signed by a witness. */
  readonly clock: "log" | "witness";
  readonly head: LogHead;
  readonly path: readonly string[];
}

export interface ReleaseLog {
  readonly entries: readonly JsonRecord[];
  readonly heads: readonly LogHead[];
  /** Proof that entry `index` is in the log as it is now. @param size of the log as it was then. Default all entries */
  prove(index: number, size?: number): InclusionProof;
  /** Hashes that show that the log now continues the one of `size` entries, hex. */
  consistency(size: number): string[];
}

const logName = "log.jsonl";
const witnessesName = "witnesses.jsonl";
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytesOf = (text: string) => Buffer.from(text, "hex");
const signedPart = ({ size, root, at, keyid }: Omit<LogHead, "sig">) =>
  Buffer.from(`concord-log-head ${canonicalJson({ size, root, at, keyid })}`);
const signedHead = (of: Omit<LogHead, "keyid" | "sig">, key: SigningHandle): LogHead => {
  const unsigned = { ...of, keyid: keyIdOf(key) };
  return { ...unsigned, sig: signBytes(key, signedPart(unsigned)).toString("base64") };
};
const leafOf = (entry: unknown) => leafHash(canonicalJson(entry));

/**
 * Opens a log and checks all of it: each line's head against all entries up to it. A log that does not exist is empty.
 * @param now the time of whoever means to write: refused before the last entry's. Default the log is only read
 * @throws E_CHECKSUM naming the first line that does not fit; E_ARGUMENT for such a time; E_FORMAT for a broken line; E_IO
 */
export async function openReleaseLog(folder: string, now?: Date): Promise<ReleaseLog> {
  const path = join(folder, logName);
  const lines = await readLines(path);
  const leaves = lines.map(({ entryText }) => leafHash(entryText));
  const roots = treeRoots(leaves);
  for (const [i, { head }] of lines.entries())
    if (head.size !== i + 1 || roots[i] !== head.root)
      throw new ConcordError("E_CHECKSUM", {
        operation: "open log",
        problem: "the log was edited: entries up to this line are not those that were signed",
        expected: `root ${head.root.slice(0, 16)}… of ${head.size} entries, as signed at ${head.at}`,
        got: `root ${roots[i]!.slice(0, 16)}… of ${i + 1}`,
        hint: "restore the log from a copy; whoever holds an older head can show what was changed",
        path: `${path}:${i + 1}`,
      });
  if (now) requireLater(now.toISOString(), lines.at(-1)?.head, path);
  return {
    entries: lines.map(({ entry }) => entry),
    heads: lines.map(({ head }) => head),
    prove: (index, size = lines.length) => ({
      entry: lines[index]!.entry,
      index,
      head: lines[size - 1]!.head,
      path: inclusionProof(leaves.slice(0, size), index).map(hex),
    }),
    consistency: (size) => consistencyProof(leaves, size).map(hex),
  };
}

/** Facts of an entry; or what makes them of the log that they follow and the entry's time (ISO 8601). */
export type EntryFacts =
  | Readonly<Record<string, unknown>>
  | ((log: ReleaseLog, at: string) => Readonly<Record<string, unknown>>);

/**
 * Adds an entry, in one line with the head that signs it and all before: a crash leaves the line or nothing.
 * @returns the proof that it is in
 * @throws as {@link openReleaseLog}; E_ARGUMENT for a time before the last entry's; E_LOCKED while another process appends
 */
export async function appendToLog(
  folder: string,
  facts: EntryFacts,
  key: SigningHandle,
  now: Date,
): Promise<InclusionProof> {
  await makeFolder(folder);
  const lock = await lockFolder(folder);
  try {
    const path = join(folder, logName);
    const log = await openReleaseLog(folder, now);
    const at = now.toISOString();
    const entry = { ...(typeof facts === "function" ? facts(log, at) : facts), at };
    const leaves = [...log.entries, entry].map(leafOf);
    const head = signedHead({ size: leaves.length, root: hex(treeRoot(leaves)), at }, key);
    await appendWholeLine(path, canonicalJson({ entry, head }));
    return (await openReleaseLog(folder)).prove(leaves.length - 1);
  } finally {
    await lock.release();
  }
}

function requireLater(at: string, last: LogHead | undefined, path: string): void {
  if (!last || Date.parse(at) >= Date.parse(last.at)) return;
  throw new ConcordError("E_ARGUMENT", {
    operation: "write log",
    problem: "the time is before that of the log's last entry: times of a log never go back",
    expected: `not before ${last.at}`,
    got: at,
    hint: "set this machine's clock",
    path,
  });
}

/**
 * Counter-signs a log as it is now: a witness vouches, by its own clock, that it has seen these entries. It is written beside the log.
 * @param key of the witness
 * @returns the head under the witness's key and time
 * @throws E_CHECKSUM where the log does not continue what this key has witnessed before; E_ARGUMENT for an empty log; as {@link appendToLog}
 */
export async function witnessLog(folder: string, key: SigningHandle, now: Date): Promise<LogHead> {
  const lock = await lockFolder(folder);
  try {
    const path = join(folder, witnessesName);
    const { heads } = await openReleaseLog(folder);
    const last = heads.at(-1);
    const fault = (code: "E_ARGUMENT" | "E_CHECKSUM", problem: string, expected?: string) =>
      new ConcordError(code, { operation: "witness log", problem, expected, path: folder });
    if (!last) throw fault("E_ARGUMENT", "there is no log here, or it is empty");
    const keyid = keyIdOf(key);
    const own = (await readWitnesses(folder)).filter((head) => head.keyid === keyid);
    for (const { size, root } of own)
      if (heads[size - 1]?.root !== root)
        throw fault("E_CHECKSUM", "a witness saw another log: it was rewritten", `root ${root} of ${size} entries`);
    const at = now.toISOString();
    requireLater(at, last, path);
    const head = signedHead({ size: last.size, root: last.root, at }, key);
    await appendWholeLine(path, canonicalJson(head));
    return head;
  } finally {
    await lock.release();
  }
}

/** Heads that witnesses counter-signed, in their order; none where there is no such file. Signatures are not checked here. @throws E_FORMAT, E_IO */
export async function readWitnesses(folder: string): Promise<LogHead[]> {
  return (await wholeLines(join(folder, witnessesName))).map(({ value, text, place }) => {
    if (isHead(value)) return value;
    throw notALine("{at,keyid,root,sig,size} as canonical JSON", text, place);
  });
}

/** Appends and syncs a line, over one that a crash cut short. @throws E_IO */
async function appendWholeLine(path: string, line: string): Promise<void> {
  try {
    const file = await open(path, "a+");
    try {
      await file.truncate((await file.readFile()).lastIndexOf("\n") + 1);
      await file.appendFile(`${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw ioError(cause, "write log", path);
  }
}

/** True when a head is signed by this key. */
export const isHeadOf = (head: LogHead, key: KeyObject): boolean =>
  head.keyid === keyIdOf(key) && verify(null, signedPart(head), publicHalf(key), Buffer.from(head.sig, "base64"));

/** True when the proof's entry is under its head's root (the head's own signature is checked by {@link isHeadOf}). */
export const proves = ({ entry, index, head, path }: InclusionProof): boolean =>
  isIncluded(leafHash(Buffer.from(canonicalJson(entry))), index, head.size, path.map(bytesOf), bytesOf(head.root));

/** True when the log of `head` continues the one of `old`. */
export const continues = (old: LogHead, head: LogHead, path: readonly string[]): boolean =>
  isConsistent(old.size, bytesOf(old.root), head.size, bytesOf(head.root), path.map(bytesOf));

/** Lines that ended; each is canonical JSON of an entry and a head. */
const readLines = async (path: string): Promise<{ entry: JsonRecord; entryText: string; head: LogHead }[]> =>
  (await wholeLines(path)).map(({ value, text, place }) => {
    const { entry, head, ...more } = isJsonRecord(value) ? value : {};
    if (isJsonRecord(entry) && isHead(head) && Object.keys(more).length === 0)
      // a head holds no object, and a quote within a string is escaped: this is where the entry ends
      return { entry, entryText: text.slice('{"entry":'.length, text.lastIndexOf(',"head":{')), head };
    throw notALine('{"entry":{…},"head":{at,keyid,root,sig,size}} as canonical JSON', text, place);
  });

const isHead = (value: unknown): value is LogHead => {
  if (!isJsonRecord(value as JsonValue)) return false;
  const { size, ...texts } = value as JsonRecord;
  return (
    Number.isSafeInteger(size) &&
    Object.keys(texts).join() === "at,keyid,root,sig" &&
    Object.values(texts).every((text) => typeof text === "string")
  );
};

const notALine = (expected: string, text: string, path: string) =>
  new ConcordError("E_FORMAT", {
    operation: "open log",
    problem: "not a line of a log",
    expected,
    got: text.slice(0, 60),
    path,
  });

/** Lines of JSON that ended, with their places; none where there is no file. `value` is undefined where the JSON is not canonical. */
async function wholeLines(path: string): Promise<{ value: JsonValue | undefined; text: string; place: string }[]> {
  const content = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return "";
    throw ioError(cause, "open log", path);
  });
  const whole = content.slice(0, content.lastIndexOf("\n") + 1);
  return whole.split("\n").flatMap((text, i) => {
    const place = `${path}:${i + 1}`;
    return text === "" ? [] : [{ value: parseCanonicalJson(text, place), text, place }];
  });
}
