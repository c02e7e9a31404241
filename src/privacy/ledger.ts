// The ledger of a private run: what ran on the training rows, charged line by line; each line holds the digest of the one before, so
// that a line that was changed, dropped or moved is found. Digests are passed in: the room knows no crypto.
import { ConcordError, canonicalJson } from "../base/index.ts";
import { accountantFor, charged, epsilonBy } from "./calibrate.ts";
import { type Phase, type Sampling, samplingOf } from "./mechanism.ts";

/** What a run is about to spend, fixed before its first step. */
export interface Mechanism {
  readonly name: "dp-sgd";
  readonly sampling: Sampling;
  readonly sampleRate: number;
  readonly noiseMultiplier: number;
  /** Largest norm that one unit adds to a sum. */
  readonly clip: number;
  readonly clipping: "flat" | "per-layer";
  /** Whose presence is protected: a row's, which covers a person with several rows less than the statement says, or all rows of a person. */
  readonly unit: "example" | "person";
  /** How many such units there are. */
  readonly examples: number;
  /** Gaussian numbers that one noise value is the sum of. Default 1: ledgers of before 30 November 2026 do not say. */
  readonly draws?: 1 | 4;
}

/** Which rows a run trains on: how many, and SHA-256 over their sorted digests. */
export interface TrainedRows {
  readonly count: number;
  readonly digest: string;
}

export interface Budget {
  readonly epsilon: number;
  readonly delta: number;
}

/** One line: the mechanism of a run that starts or goes on, steps that are now charged, or what another run has spent on rows of this one. */
export type LedgerEntry =
  | {
      readonly kind: "open";
      readonly run: string;
      readonly mechanism: Mechanism;
      readonly budget: Budget;
      readonly rows?: TrainedRows;
    }
  | { readonly kind: "charge"; readonly run: string; readonly through: number }
  | { readonly kind: "earlier"; readonly run: string; readonly mechanism: Mechanism; readonly through: number };

interface Line {
  readonly before: string;
  readonly entry: LedgerEntry;
  readonly digest: string;
}

/** How far a ledger had come when something was kept that rests on it: a checkpoint, a statement. */
export interface LedgerMark {
  readonly lines: number;
  /** Digest of the last of them; empty where there is none. */
  readonly head: string;
}

/** A ledger as read: entries, and where it ends. */
export interface Ledger extends LedgerMark {
  readonly entries: readonly LedgerEntry[];
  /** Digest of each line. */
  readonly digests: readonly string[];
}

/** SHA-256 of a text, as hexadecimal. */
export type Digest = (text: string) => string;

const digestOf = (before: string, entry: LedgerEntry, sha256: Digest): string =>
  sha256(`concord-ledger\n${before}\n${canonicalJson(entry)}`);

/** Ledgers of before 25 November 2026 hashed names in the order that they are written in; both bind all of a line. */
const isDigestOf = ({ before, entry, digest }: Line, sha256: Digest): boolean =>
  digest === digestOf(before, entry, sha256) ||
  digest === sha256(`concord-ledger\n${before}\n${JSON.stringify(entry)}`);

/**
 * Reads a ledger.
 * @param text JSON lines, oldest first; empty for a new ledger
 * @throws E_CHECKSUM naming the first line that does not follow from the one before
 */
export function readLedger(text: string, sha256: Digest, path = "the ledger"): Ledger {
  let head = "";
  const digests: string[] = [];
  const entries = text.split("\n").flatMap((written, i) => {
    if (written === "") return [];
    const line = parsed(written);
    if (line?.before !== head || !isDigestOf(line, sha256))
      throw new ConcordError("E_CHECKSUM", {
        operation: "read privacy ledger",
        problem: `line ${i + 1} was changed after it was written, or lines before it are missing`,
        hint: "what this ledger says cannot be relied on; the run must be done anew and is charged anew",
        path,
      });
    head = line.digest;
    digests.push(head);
    return [line.entry];
  });
  return { entries, digests, head, lines: digests.length };
}

/**
 * The ledger of entries that were kept without their lines, as a statement keeps them.
 * @example chainedLedger(statement.ledger.entries, sha256).head === statement.ledger.head
 */
export function chainedLedger(entries: readonly LedgerEntry[], sha256: Digest): Ledger {
  let head = "";
  const digests = entries.map((entry) => {
    head = digestOf(head, entry, sha256);
    return head;
  });
  return { entries, digests, head, lines: entries.length };
}

/** True when the ledger is the one that was marked, or has grown from it. */
export const continuesFrom = ({ digests }: Ledger, { lines, head }: LedgerMark): boolean =>
  lines === 0 ? head === "" : digests[lines - 1] === head;

/**
 * Refuses a ledger that was deleted, cut short or replaced since it was marked: each line by itself would pass.
 * @param of what holds the mark, for the message
 * @throws E_CHECKSUM
 */
export function requireContinued(ledger: Ledger, mark: LedgerMark, of: string, path = "the ledger"): void {
  if (continuesFrom(ledger, mark)) return;
  const shown = ({ lines, head }: LedgerMark) => `${lines} lines${head ? `, the last ${head.slice(0, 16)}…` : ""}`;
  const at = ledger.digests[mark.lines - 1] ?? ledger.head;
  throw new ConcordError("E_CHECKSUM", {
    operation: "read privacy ledger",
    problem:
      ledger.lines < mark.lines
        ? `the ledger was ${ledger.lines === 0 ? "deleted" : "cut short"}: ${of} rests on lines that are gone`
        : `the ledger was replaced: ${of} rests on another one`,
    expected: shown(mark),
    got: shown({ lines: Math.min(ledger.lines, mark.lines), head: at }),
    hint: "restore the ledger from a copy; without it what these rows have spent is unknown, and no run on them can be private",
    path,
  });
}

function parsed(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Line;
    return typeof line?.entry === "object" && line.entry !== null ? line : undefined;
  } catch {
    return undefined;
  }
}

/** The line to append after `head`, with its end of line, and the new head. */
export function ledgerLine(entry: LedgerEntry, head: string, sha256: Digest): { text: string; head: string } {
  const digest = digestOf(head, entry, sha256);
  return { text: `${JSON.stringify({ before: head, entry, digest } satisfies Line)}\n`, head: digest };
}

/** What one run of a ledger does and how far it is charged. */
export interface RunCost {
  readonly run: string;
  readonly mechanism: Mechanism;
  readonly steps: number;
}

/** Every run of a ledger with its steps. A run that is opened again with the same id replays its noise: it is charged once. */
export function ledgerRuns(entries: readonly LedgerEntry[]): RunCost[] {
  const runs = new Map<string, { mechanism: Mechanism; steps: number }>();
  for (const entry of entries) {
    if (entry.kind !== "charge" && !runs.has(entry.run)) runs.set(entry.run, { mechanism: entry.mechanism, steps: 0 });
    const run = runs.get(entry.run);
    if (run && entry.kind !== "open") run.steps = Math.max(run.steps, entry.through);
  }
  return [...runs].map(([run, cost]) => ({ run, ...cost }));
}

const phaseOf = ({ mechanism: { sampling, sampleRate, noiseMultiplier }, steps }: RunCost): Phase => ({
  sampling,
  sampleRate,
  noiseMultiplier,
  steps,
});

/** Steps of every run of a ledger, as accountants see them. */
export const ledgerPhases = (entries: readonly LedgerEntry[]): Phase[] => ledgerRuns(entries).map(phaseOf);

/** What had been spent when a run was opened: its own noise is computed for what was left of the budget. All, where it was not opened yet. */
export function spentBefore(entries: readonly LedgerEntry[], run?: string): Phase[] {
  const at = entries.findIndex((entry) => entry.kind === "open" && (run === undefined || entry.run === run));
  return joined(ledgerPhases(at < 0 ? entries : entries.slice(0, at))).filter(({ steps }) => steps > 0);
}

/**
 * Refuses to call persons protected where earlier runs protected rows: a person with many rows has spent many times what they say. The other way
 * round holds: who is protected with all rows is with each.
 * @throws E_CONFIG
 */
export function checkUnits(entries: readonly LedgerEntry[]): void {
  const opened = entries.findLast((entry) => entry.kind === "open");
  if (opened?.kind !== "open" || opened.mechanism.unit !== "person") return;
  const ofRows = ledgerRuns(entries).filter(({ mechanism, steps }) => mechanism.unit !== "person" && steps > 0);
  if (ofRows.length === 0) return;
  throw new ConcordError("E_CONFIG", {
    operation: "account for privacy",
    problem: "earlier runs on these rows protected single rows: what they have spent of a person's privacy is unknown",
    expected: "only runs with adapt.privacy.unit: person",
    got: `${ofRows.length} with row`,
    hint: "set adapt.privacy.unit: row, or use rows that no such run has seen",
    path: "adapt.privacy.unit",
  });
}

/** Phases of one kind as one: rounds of a study run the same mechanism again and again, which composes to the sum of their steps. */
export function joined(phases: readonly Phase[]): Phase[] {
  const byKind = new Map<string, Phase>();
  for (const phase of phases) {
    const kind = `${phase.sampling} ${phase.sampleRate} ${phase.noiseMultiplier}`;
    byKind.set(kind, { ...phase, steps: phase.steps + (byKind.get(kind)?.steps ?? 0) });
  }
  return [...byKind.values()];
}

/**
 * Refuses steps that a budget does not cover, before they run.
 * @param entries of the ledger so far @param through step number up to which the current run wants to go
 * @returns ε after those steps, as an upper bound; 0 where no run was opened
 * @throws E_CONFIG with what is spent and what it would come to
 */
export function requireBudget(entries: readonly LedgerEntry[], run: string, through: number): number {
  const opened = entries.findLast((e) => e.kind === "open");
  if (opened?.kind !== "open") return 0;
  const { budget } = opened;
  checkUnits(entries);
  const phases = joined(ledgerPhases([...entries, { kind: "charge", run, through }]));
  const would = charged(epsilonBy(accountantFor(samplingOf(phases)), phases, budget.delta));
  if (would <= budget.epsilon * (1 + 1e-12)) return would;
  throw new ConcordError("E_CONFIG", {
    operation: "private training",
    problem: "the next steps would exceed the privacy budget; they were not run",
    expected: `epsilon at most ${budget.epsilon} at delta ${budget.delta}`,
    got: `epsilon ${would.toPrecision(4)} after step ${through}`,
    hint: "train fewer epochs, add noise, or raise adapt.privacy.epsilon",
    path: "adapt.privacy.epsilon",
  });
}
