// Charges of private runs as entries of a log that only grows and that somebody signs: who deletes or rewrites a ledger afterwards is found.
import { ConcordError, canonicalJson } from "../base/index.ts";
import { type LedgerEntry, type LedgerMark, ledgerRuns, type Mechanism, type TrainedRows } from "./ledger.ts";

/** A charge in a log: what a run may now do on which rows, and where its ledger stands. */
export interface LoggedCharge extends LedgerMark {
  readonly kind: "ledger";
  readonly run: string;
  readonly mechanism: Mechanism;
  /** Steps that are charged. */
  readonly through: number;
  readonly rows: TrainedRows;
  /** SHA-256 of the table, where it is one file. */
  readonly table?: string;
}

/** A log that charges are signed into before their steps run. */
export interface ChargeLog {
  add(charge: LoggedCharge): Promise<void>;
  /** Charges in the log so far, oldest first. @throws as reading the log does */
  charges(): Promise<LoggedCharge[]>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The charges among a log's entries; what has another form is none. */
export const chargesIn = (entries: readonly unknown[]): LoggedCharge[] =>
  entries.filter((entry): entry is LoggedCharge => {
    if (!isRecord(entry) || entry.kind !== "ledger" || !isRecord(entry.rows) || !isRecord(entry.mechanism))
      return false;
    const texts = [entry.run, entry.head, entry.rows.digest, entry.table ?? ""];
    const numbers = [entry.lines, entry.through];
    return texts.every((text) => typeof text === "string") && numbers.every((n) => Number.isSafeInteger(n));
  });

/**
 * Refuses a ledger that lacks what a log says was charged on the same rows, or on the same table.
 * @param entries of the ledger
 * @param given which rows and table
 * @throws E_CHECKSUM naming the run
 */
export function requireLogged(
  entries: readonly LedgerEntry[],
  charges: readonly LoggedCharge[],
  given: Pick<LoggedCharge, "rows" | "table">,
  path: string,
): void {
  const runs = new Map(ledgerRuns(entries).map((cost) => [cost.run, cost]));
  for (const { run, through, mechanism, rows, table } of charges) {
    if (rows.digest !== given.rows.digest && (table === undefined || table !== given.table)) continue;
    const known = runs.get(run);
    const isSame = known !== undefined && canonicalJson(known.mechanism) === canonicalJson(mechanism);
    if (isSame && known.steps >= through) continue;
    throw new ConcordError("E_CHECKSUM", {
      operation: "read privacy ledger",
      problem:
        "the log shows a private run on these rows that the ledger lacks: the ledger was deleted, cut short or replaced",
      expected: `${through} steps of the run ${run.slice(0, 16)}…`,
      got: !known ? "no such run" : isSame ? `${known.steps} steps` : "another mechanism",
      hint: "restore the ledger from a copy (.concord/privacy beside the table); without it what these rows have spent is unknown",
      path,
    });
  }
}
