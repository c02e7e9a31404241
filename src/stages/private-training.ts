// Private training in a run: what the recipe asks for, what the user must know before it starts, and the statement after it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson, statementFile } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { type Language, say } from "../messages/index.ts";
import {
  charged,
  type Ledger,
  type LedgerMark,
  type NoGuarantee,
  privacyStatement,
  readLedger,
  requireContinued,
} from "../privacy/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { defaultDelta, type PrivacyOptions } from "../train/index.ts";
import { ledgerText, sha256Text } from "../train/node/private-host.ts";

/** The ledger of a run folder: it outlives stages that are run again, for what was spent stays spent. */
export const ledgerPath = (run: string): string => join(run, "privacy-ledger.jsonl");

/** The trainer's settings, if the recipe asks for private training. */
export function privacyOptions({ adapt }: Recipe): PrivacyOptions | undefined {
  if (!adapt.privacy) return undefined;
  const { noise, ...rest } = adapt.privacy;
  return { ...rest, noiseMultiplier: noise };
}

/** What to warn of before private training starts. */
export function privacyWarnings({ adapt, data }: Recipe, examples: number, language: Language): string[] {
  if (!adapt.privacy) return [];
  const delta = adapt.privacy.delta ?? defaultDelta(Math.max(2, examples));
  return [
    ...(delta * examples >= 1 ? [say(language, "privacy.largeDelta", { delta: String(delta), examples })] : []),
    ...(data.group === undefined ? [] : [say(language, "privacy.groups", { column: data.group })]),
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
  const ledger = readLedger(await ledgerText(path), sha256Text, path);
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
