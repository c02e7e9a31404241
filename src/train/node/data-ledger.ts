// The ledger of data: what every private run has spent on rows that lie in one place, whatever folder the run is in. Beside it lie digests of the
// rows that each run trained on, so that a run on some of the same rows, in another table or another split, goes on with what they have spent.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { ioError, lockFolder, makeFolder, writeFileAtomically } from "../../formats/node/index.ts";
import { type Ledger, type LedgerEntry, ledgerRuns, type TrainedRows } from "../../privacy/index.ts";
import { appendEntries, openLedger } from "./ledger-file.ts";

/** Bytes of a row's digest. */
const digestBytes = 16;
/** How long a run waits for another that writes a line. */
const waitMs = 30_000;

/** Rows of a run, and where the ledger of its data lies. */
export interface DataLedger {
  /** Folder of the ledger. */
  readonly folder: string;
  /** Digests of the rows, 16 bytes each, sorted; as {@link rowDigests} makes them. */
  readonly rows: Uint8Array;
  /** SHA-256 of the table, where it is one file: for logs. */
  readonly table?: string;
}

/**
 * Digests of contents, sorted and each once: the first 16 bytes of SHA-256.
 * @param contents what identifies a row: its text, or the digest of its image; never its label
 */
export function rowDigests(contents: Iterable<string>): Uint8Array {
  const digests = Array.from(contents, (content) =>
    createHash("sha256")
      .update(`concord-row\n${content}`)
      .digest("hex")
      .slice(0, 2 * digestBytes),
  );
  return Buffer.from([...new Set(digests)].sort().join(""), "hex");
}

/** What a ledger's line says of the rows of a run. */
export const trainedRows = (rows: Uint8Array): TrainedRows => ({
  count: rows.length / digestBytes,
  digest: createHash("sha256").update(rows).digest("hex"),
});

/**
 * Works on the ledger of data while no other process does.
 * @throws E_LOCKED where another holds it for half a minute; E_CHECKSUM for a ledger that was edited; E_IO
 */
export async function withDataLedger<T>(
  { folder }: DataLedger,
  work: (ledger: Ledger, path: string) => Promise<T>,
): Promise<T> {
  await makeFolder(folder, 0o700).catch((fault: unknown) => {
    if (!(fault instanceof ConcordError)) throw fault;
    const hint =
      "private training keeps beside the data what its rows have spent: name another folder in adapt.privacy.ledger";
    throw new ConcordError(fault.code, { ...fault.facts, operation: "open the ledger of the data", hint });
  });
  const lock = await lockFolder(folder, { waitMs });
  try {
    const path = join(folder, "ledger.jsonl");
    return await work(await openLedger(path), path);
  } finally {
    await lock.release();
  }
}

/**
 * Lines that a run's own ledger lacks: what other runs have spent on rows of this one.
 * @param own the run's ledger
 * @throws E_CHECKSUM where the digests of a run's rows are gone or are others
 */
export async function earlierLines({ folder, rows }: DataLedger, shared: Ledger, own: Ledger): Promise<LedgerEntry[]> {
  const known = new Map(ledgerRuns(own.entries).map(({ run, steps }) => [run, steps]));
  const mine = new Set(own.entries.flatMap((entry) => (entry.kind === "open" ? [entry.run] : [])));
  const rowsOf = new Map(shared.entries.flatMap((entry) => (entry.kind === "open" ? [[entry.run, entry.rows]] : [])));
  const lines: LedgerEntry[] = [];
  for (const { run, mechanism, steps } of ledgerRuns(shared.entries)) {
    if (mine.has(run) || steps <= (known.get(run) ?? 0)) continue;
    const theirs = rowsOf.get(run);
    if (theirs && haveCommon(rows, await readRows(folder, theirs)))
      lines.push({ kind: "earlier", run, mechanism, through: steps });
  }
  return lines;
}

/**
 * Writes a run's lines into the ledger of its data, and before the first of them the digests of its rows.
 * @param own the run's ledger with the lines that are about to be written to it
 */
export async function shareLines(
  data: DataLedger,
  shared: Ledger,
  path: string,
  own: readonly LedgerEntry[],
): Promise<void> {
  const known = new Map(ledgerRuns(shared.entries).map(({ run, steps }) => [run, steps]));
  const { digest } = trainedRows(data.rows);
  const ofThese = own.filter((entry) => entry.kind === "open" && entry.rows?.digest === digest);
  const lines = ofThese.flatMap((entry): LedgerEntry[] => {
    const steps = ledgerRuns(own).find(({ run }) => run === entry.run)!.steps;
    const before = known.get(entry.run);
    return [
      ...(before === undefined ? [entry] : []),
      ...(steps > (before ?? 0) ? [{ kind: "charge", run: entry.run, through: steps } as const] : []),
    ];
  });
  if (lines.some(({ kind }) => kind === "open"))
    await writeFileAtomically(rowsPath(data.folder, digest), [data.rows], 0o600);
  await appendEntries(path, shared, lines);
}

const rowsPath = (folder: string, digest: string): string => join(folder, `rows-${digest}.bin`);

async function readRows(folder: string, { digest }: TrainedRows): Promise<Uint8Array> {
  const path = rowsPath(folder, /^[0-9a-f]{64}$/.test(digest) ? digest : "unknown");
  const rows = await readFile(path).catch((cause: unknown) => {
    throw ioError(cause, "open the ledger of the data", path);
  });
  if (trainedRows(rows).digest === digest) return rows;
  throw new ConcordError("E_CHECKSUM", {
    operation: "open the ledger of the data",
    problem: "the digests of a run's rows were changed after they were written",
    hint: "restore them from a copy; without them what these rows have spent is unknown",
    path,
  });
}

/** Whether two sorted lists of digests have one in common. */
function haveCommon(a: Uint8Array, b: Uint8Array): boolean {
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    const order = Buffer.compare(a.subarray(i, i + digestBytes), b.subarray(j, j + digestBytes));
    if (order === 0) return true;
    if (order < 0) i += digestBytes;
    else j += digestBytes;
  }
  return false;
}
