// The secret and the ledger of a private run as files: a key beside the checkpoints, a ledger that only grows.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ioError, makeFolder } from "../../formats/node/index.ts";
import { charged, ledgerLine, privacyStatement, readLedger, requireBudget } from "../../privacy/index.ts";
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
  readLedger(await ledgerText(ledger), sha256Text, ledger);
  return {
    noise: aesNoise(key),
    async charge(plan, through) {
      const { mechanism, budget } = plan;
      const known = readLedger(await ledgerText(ledger), sha256Text, ledger);
      const entries = [...known.entries];
      const opening = { kind: "open", run, mechanism, budget } as const;
      const opens = !entries.some((e) => e.kind === "open" && e.run === run);
      if (opens) entries.push(opening);
      requireBudget(entries, run, through);
      const paid = entries.some((e) => e.kind === "charge" && e.run === run && e.through >= through);
      const entry = { kind: "charge", run, through } as const;
      let [text, head] = ["", known.head];
      for (const each of [...(opens ? [opening] : []), ...(paid ? [] : [entry])]) {
        const line = ledgerLine(each, head, sha256Text);
        [text, head] = [text + line.text, line.head];
      }
      if (text) await append(ledger, text);
      return charged(privacyStatement([...entries, entry], []).epsilon!);
    },
    finish: () => eraseRunKey(folder),
  };
}

/** Appends and waits until it is on the disk: no step runs that is not charged. */
async function append(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path));
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o644);
  try {
    await file.write(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
