// Private training in a run: what the recipe asks for, what the user must know before it starts, and the statement after it.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, from, readJson, rowsFolder, statementFile } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import type { Row } from "../data/index.ts";
import { type Language, say } from "../messages/index.ts";
import { modalities } from "../modalities/node/index.ts";
import {
  accountantFor,
  type ChargeLog,
  charged,
  epsilonBy,
  type Ledger,
  type LedgerMark,
  type NoGuarantee,
  privacyStatement,
  requireContinued,
  requireLogged,
  samplingOf,
  spentBefore,
} from "../privacy/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { defaultDelta, type Example, type PrivacyOptions } from "../train/index.ts";
import { type DataLedger, rowDigests, trainedRows } from "../train/node/data-ledger.ts";
import { openLedger } from "../train/node/ledger-file.ts";
import { ledgerWithEarlier } from "../train/node/private-host.ts";

/** The ledger of a run folder: it outlives stages that are run again, for what was spent stays spent. */
export const ledgerPath = (run: string): string => join(run, "privacy-ledger.jsonl");

/** The trainer's settings, if the recipe asks for private training. */
export function privacyOptions({ adapt }: Recipe): PrivacyOptions | undefined {
  if (!adapt.privacy) return undefined;
  const { noise, unit, ledger: _, ...rest } = adapt.privacy;
  return { ...rest, noiseMultiplier: noise, unit: unit === "person" ? "person" : "example" };
}

/**
 * Rows as private training counts them: where they have spent, and their digests. Of a person who is the unit, the name as well as the rows: another
 * table of the same persons goes on with what they have spent.
 * @returns undefined where training is not private
 */
export async function dataLedger(
  { adapt, data, modality }: Recipe,
  home: string,
  rows: readonly Row[],
): Promise<DataLedger | undefined> {
  if (!adapt.privacy) return undefined;
  const { ledger, unit } = adapt.privacy;
  const [place, file] = [rowsFolder({ data }, home), from(home, data.file)];
  const { identity } = modalities[modality].rows(place);
  const persons = unit === "person" ? rows.flatMap(({ group }) => (group ? [`person\n${group}`] : [])) : [];
  return {
    folder: ledger === undefined ? join(place, ".concord", "privacy") : from(home, ledger),
    rows: rowDigests([...rows.map((row) => `row\n${identity(row)}`), ...persons]),
    ...(statSync(file, { throwIfNoEntry: false })?.isFile() && { table: await fingerprint(file) }),
  };
}

/**
 * What other private runs have spent on the rows of a run: taken into the run's ledger, and told.
 * @param log that charges are signed into: what it shows of the same rows has to be in the ledger. Default none
 * @returns their number and ε as an upper bound at δ; undefined where there was none
 * @throws E_CHECKSUM where a ledger was edited, deleted or cut short; E_CONFIG where the kinds of sampling were mixed
 */
export async function earlierSpending(run: string, data: DataLedger | undefined, delta: number, log?: ChargeLog) {
  await checkLedger(run);
  const { entries } = await ledgerWithEarlier(ledgerPath(run), data);
  if (log && data)
    requireLogged(entries, await log.charges(), { ...data, rows: trainedRows(data.rows) }, ledgerPath(run));
  const phases = spentBefore(entries);
  if (phases.length === 0) return undefined;
  const runs = new Set(entries.flatMap((entry) => (entry.kind === "earlier" ? [entry.run] : []))).size;
  const epsilon = charged(epsilonBy(accountantFor(samplingOf(phases)), phases, delta));
  return { runs, epsilon: epsilon.toFixed(3), delta: delta.toPrecision(3) };
}

/** Training examples with the units that private training protects: where those are persons, whom the group column names. */
export function withUnits({ adapt }: Recipe, rows: readonly Row[], examples: readonly Example[]): Example[] {
  if (adapt.privacy?.unit !== "person") return [...examples];
  const numbers = new Map<string, number>();
  const numberOf = (group: string | undefined, row: number) => {
    if (!group) return rows.length + row; // nobody else's
    const known = numbers.get(group) ?? numbers.size;
    numbers.set(group, known);
    return known;
  };
  const ofRows = rows.map(({ group }, i) => numberOf(group, i));
  return examples.map((example, i) => ({ ...example, unit: ofRows[example.unit ?? i]! }));
}

/** What to warn of before private training starts. */
export function privacyWarnings({ adapt, data }: Recipe, examples: number, language: Language): string[] {
  if (!adapt.privacy) return [];
  const delta = adapt.privacy.delta ?? defaultDelta(Math.max(2, examples));
  return [
    ...(delta * examples >= 1 ? [say(language, "privacy.largeDelta", { delta: String(delta), examples })] : []),
    ...(data.group === undefined || adapt.privacy.unit === "person"
      ? []
      : [say(language, "privacy.groups", { column: data.group })]),
  ];
}

/** What touched training rows, or is chosen by data, outside the ledger's guarantee. */
export const withoutGuarantee = ({ model, pretrain, audit }: Recipe, hasDev: boolean): NoGuarantee[] => [
  "preparation",
  ...(model.scratch ? (["vocabulary"] as const) : []),
  ...(pretrain && pretrain.file === undefined ? (["pretraining"] as const) : []),
  "training-loss",
  ...(hasDev ? (["dev-selection"] as const) : []),
  "evaluation",
  ...(audit ? (["exact-audits"] as const) : []),
];

/**
 * The statement of a run's ledger, as privacy.json keeps it: `epsilon` is the upper bound.
 * @throws E_CHECKSUM when the ledger was edited
 */
export const privacyRecord = async (run: string, recipe: Recipe, hasDev: boolean) =>
  statementRecord(await checkLedger(run), recipe, hasDev);

/** The statement of a ledger in its file form. */
export function statementRecord({ entries, head }: Ledger, recipe: Recipe, hasDev: boolean) {
  const { epsilon, others, ...rest } = privacyStatement(entries, withoutGuarantee(recipe, hasDev));
  return {
    format: "concord-privacy",
    version: 1,
    ...rest,
    epsilon: charged(epsilon!),
    accountants: [epsilon!, ...others!],
    ledger: { head, entries },
  } as const;
}

/** @throws E_CHECKSUM when the run has a ledger that was edited, or no longer has the one that its statement rests on */
export async function checkLedger(run: string): Promise<Ledger> {
  const path = ledgerPath(run);
  const ledger = await openLedger(path);
  const mark = await statedMark(run);
  if (mark) requireContinued(ledger, mark, "the run's privacy.json", path);
  return ledger;
}

/** Where the ledger stood when training ended, as privacy.json has it. */
async function statedMark(run: string): Promise<LedgerMark | undefined> {
  const path = join(run, statementFile);
  if (!existsSync(path)) return undefined;
  const { ledger } = await readJson<{ ledger?: { head?: unknown; entries?: unknown } }>(path);
  if (typeof ledger?.head === "string" && Array.isArray(ledger.entries))
    return { lines: ledger.entries.length, head: ledger.head };
  throw new ConcordError("E_FORMAT", { operation: "read privacy statement", problem: "it names no ledger", path });
}
