// The secret and the ledgers of a private run as files: a key beside the checkpoints, the run's ledger, and the ledger of its data.
import { makeFolder } from "../../formats/node/index.ts";
import {
  type Ledger,
  type LedgerEntry,
  type LedgerMark,
  type LoggedCharge,
  requireBudget,
  requireContinued,
  spentBefore,
} from "../../privacy/index.ts";
import { aesNoise } from "../../privacy/node/aes.ts";
import { eraseRunKey, openRunKey, runKeyId } from "../../privacy/node/run-key.ts";
import type { PrivateHost } from "../job.ts";
import { type DataLedger, earlierLines, shareLines, trainedRows, withDataLedger } from "./data-ledger.ts";
import { appendEntries, openLedger } from "./ledger-file.ts";

/**
 * Takes what other runs have spent on the same rows into a run's ledger.
 * @param path of the run's ledger
 * @param data none where the rows have no ledger of their own
 * @returns the run's ledger with it
 * @throws E_CHECKSUM, E_LOCKED, E_IO
 */
export async function ledgerWithEarlier(path: string, data: DataLedger | undefined): Promise<Ledger> {
  if (!data) return await openLedger(path);
  return await withDataLedger(data, async (shared) => {
    const own = await openLedger(path);
    return await appendEntries(path, own, await earlierLines(data, shared, own));
  });
}

/**
 * Opens a run's key (made where there is none) and its ledger.
 * @param folder of the checkpoints; the key lies beside them
 * @param path of the run's ledger, a file of JSON lines
 * @param data where the ledger of the rows lies. Default they have none: what other runs spent on them does not count
 * @param log is told of each charge, and waited for, before its steps run. Default none
 * @throws E_CONFIG for a key that others may read, E_CHECKSUM for a ledger that was edited
 */
export async function privateHost(
  folder: string,
  path: string,
  data?: DataLedger,
  log?: (charge: LoggedCharge) => Promise<void>,
): Promise<PrivateHost> {
  await makeFolder(folder);
  const key = await openRunKey(folder);
  const run = runKeyId(key);
  const opened = await ledgerWithEarlier(path, data);
  let last: LedgerMark = { lines: opened.lines, head: opened.head };

  async function charge(
    plan: Parameters<PrivateHost["charge"]>[0],
    through: number,
    shared?: { ledger: Ledger; path: string },
  ) {
    const known = await openLedger(path);
    requireContinued(known, last, "the run that goes on", path);
    const lines: LedgerEntry[] = shared && data ? await earlierLines(data, shared.ledger, known) : [];
    const { mechanism, budget } = plan;
    if (!known.entries.some((e) => e.kind === "open" && e.run === run))
      lines.push({ kind: "open", run, mechanism, budget, ...(data && { rows: trainedRows(data.rows) }) });
    const epsilon = requireBudget([...known.entries, ...lines], run, through);
    const isPaid = known.entries.some((e) => e.kind === "charge" && e.run === run && e.through >= through);
    if (!isPaid) lines.push({ kind: "charge", run, through });
    if (shared && data) await shareLines(data, shared.ledger, shared.path, [...known.entries, ...lines]); // first: a crash between the two charges too much, not too little
    const { lines: count, head } = await appendEntries(path, known, lines);
    last = { lines: count, head };
    const { table, rows } = data ?? {};
    if (log && rows)
      await log({ kind: "ledger", run, mechanism, through, rows: trainedRows(rows), ...(table && { table }), ...last });
    return epsilon;
  }

  return {
    noise: aesNoise(key),
    spent: spentBefore(opened.entries, run),
    mark: () => last,
    resumes: (mark) => requireContinued(opened, mark, "the checkpoint", path),
    charge: (plan, through) =>
      data
        ? withDataLedger(data, (ledger, place) => charge(plan, through, { ledger, path: place }))
        : charge(plan, through),
    finish: () => eraseRunKey(folder),
  };
}
