// Whether what a private run spent was signed into the log before it ran, and whether the log shows runs on the same rows that its ledger leaves out.
import { ConcordError } from "../base/index.ts";
import type { JsonRecord } from "../formats/index.ts";
import type { Passport } from "../passport/index.ts";
import { chargesIn, type LedgerEntry, requireLogged } from "../privacy/index.ts";
import type { Policy } from "./policy-file.ts";

/** What a ledger rests on: its maker's word, or a log that it was signed into step by step. */
export type LedgerBasis = "stated" | "logged";

/**
 * Compares the ledger in a passport with the log.
 * @param logged the log's entries before the release; undefined where no log is at hand
 * @returns undefined for a model that was not trained privately, or by several organisations: their ledgers stay with them
 * @throws E_CHECKSUM where the log has another ledger of the run, or a private run on the same rows that the ledger lacks; where the policy asks for a
 * logged ledger, also for one that is not
 */
export function checkLogged(
  { privacy, together }: Pick<Passport, "privacy" | "together">,
  logged: readonly JsonRecord[] | undefined,
  { ledger: asked }: Pick<Policy, "ledger">,
  path: string,
): LedgerBasis | undefined {
  const { head, entries = [] } = (privacy?.ledger ?? {}) as { head?: string; entries?: readonly LedgerEntry[] };
  const opened = entries.findLast(({ kind }) => kind === "open");
  if (together || !opened) return undefined;
  const charges = chargesIn(logged ?? []);
  const last = charges.findLast(({ run }) => run === opened.run);
  const fault = (problem: string, expected: string, got: string, hint?: string) =>
    new ConcordError("E_CHECKSUM", { operation: "read privacy ledger", problem, expected, got, hint, path });
  if (!last && asked === "logged")
    throw fault(
      "the policy asks for a ledger that was signed into the log before training",
      "each charge in the log",
      logged ? "none of this run" : "no log",
      logged ? "concord run <recipe> --log <folder> --key <file>" : "give the log with --log",
    );
  if (!last) return "stated";
  if (last.head !== head || last.lines !== entries.length)
    throw fault("the ledger is not the one that was signed into the log", `head ${last.head}`, `head ${head}`);
  requireLogged(entries, charges, last, path);
  return "logged";
}
