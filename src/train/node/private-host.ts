// The secret and the ledger of a private run as files: a key beside the checkpoints, a ledger that only grows.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ioError, makeFolder } from "../../formats/node/index.ts";
import {
  type Ledger,
  type LedgerMark,
  ledgerLine,
  readLedger,
  requireBudget,
  requireContinued,
} from "../../privacy/index.ts";
import { aesNoise } from "../../privacy/node/aes.ts";
import { eraseRunKey, openRunKey, runKeyId } from "../../privacy/node/run-key.ts";
import type { PrivateHost } from "../job.ts";

export const sha256Text = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A ledger's text; empty where there is none yet. @throws E_IO */
export const ledgerText = async (path: string): Promise<string> =>
  await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return "";
    throw ioError(cause, "read privacy ledger", path);
  });

/**
 * Opens a run's key (made where there is none) and its ledger.
 * @param folder of the checkpoints; the key lies beside them
 * @param ledger file of JSON lines
 * @throws E_CONFIG for a key that others may read, E_CHECKSUM for a ledger that was edited
 */
export async function privateHost(folder: string, ledger: string): Promise<PrivateHost> {
  await makeFolder(folder);
  const key = await openRunKey(folder);
  const run = runKeyId(key);
  const readAgain = async () => readLedger(await ledgerText(ledger), sha256Text, ledger);
  const opened: Ledger = await readAgain();
  let last: LedgerMark = { lines: opened.lines, head: opened.head };
  return {
    noise: aesNoise(key),
    mark: () => last,
    resumes: (mark) => requireContinued(opened, mark, "the checkpoint", ledger),
    async charge(plan, through) {
      const { mechanism, budget } = plan;
      const known = await readAgain();
      requireContinued(known, last, "the run that goes on", ledger);
      const entries = [...known.entries];
      const opening = { kind: "open", run, mechanism, budget } as const;
      const opens = !entries.some((e) => e.kind === "open" && e.run === run);
      if (opens) entries.push(opening);
      const epsilon = requireBudget(entries, run, through);
      const paid = entries.some((e) => e.kind === "charge" && e.run === run && e.through >= through);
      const entry = { kind: "charge", run, through } as const;
      const lines = [...(opens ? [opening] : []), ...(paid ? [] : [entry])];
      let [text, head] = ["", known.head];
      for (const each of lines) {
        const line = ledgerLine(each, head, sha256Text);
        [text, head] = [text + line.text, line.head];
      }
      if (text) await append(ledger, text);
      last = { lines: known.lines + lines.length, head };
      return epsilon;
    },
    finish: () => eraseRunKey(folder),
  };
}

/** Appends and waits until it is on the disk: no step runs that is not charged. What a full disk cut short is taken back. */
async function append(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path));
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o644);
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
