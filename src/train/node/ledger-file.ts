// A privacy ledger as a file that only grows.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ioError, makeFolder } from "../../formats/node/index.ts";
import { type Ledger, type LedgerEntry, ledgerLine, readLedger } from "../../privacy/index.ts";

export const sha256Text = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A ledger's text; empty where there is none yet. @throws E_IO */
export const ledgerText = async (path: string): Promise<string> =>
  await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return "";
    throw ioError(cause, "read privacy ledger", path);
  });

/** @throws E_CHECKSUM for a ledger that was edited; E_IO */
export const openLedger = async (path: string): Promise<Ledger> => readLedger(await ledgerText(path), sha256Text, path);

/**
 * Appends entries and waits until they are on the disk: no step runs that is not charged. What a full disk cut short is taken back.
 * @param ledger as it was read from this file
 * @returns the ledger with them
 * @throws E_IO
 */
export async function appendEntries(path: string, ledger: Ledger, entries: readonly LedgerEntry[]): Promise<Ledger> {
  if (entries.length === 0) return ledger;
  let [text, head] = ["", ledger.head];
  const digests = [...ledger.digests];
  for (const entry of entries) {
    const line = ledgerLine(entry, head, sha256Text);
    [text, head] = [text + line.text, line.head];
    digests.push(head);
  }
  await append(path, text);
  return { entries: [...ledger.entries, ...entries], digests, head, lines: digests.length };
}

async function append(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path), 0o700);
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600).catch(
    (cause: unknown) => {
      throw ioError(cause, "charge privacy ledger", path);
    },
  );
  try {
    const { size } = await file.stat();
    try {
      await file.writeFile(text);
      await file.sync();
    } catch (cause) {
      await file.truncate(size).catch(() => undefined);
      throw ioError(cause, "charge privacy ledger", path);
    }
  } finally {
    await file.close();
  }
}
