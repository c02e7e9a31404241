// Private training in a run: what the recipe asks for, what the user must know before it starts, and the statement after it.
import { join } from "node:path";
import { type Language, say } from "../../messages/index.ts";
import { charged, type NoGuarantee, privacyStatement, readLedger } from "../../privacy/index.ts";
import { defaultDelta, type PrivacyOptions } from "../../train/index.ts";
import { ledgerText, sha256Text } from "../../train/node/private-host.ts";
import type { Recipe } from "../recipe.ts";

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
export async function privacyRecord(run: string, recipe: Recipe, hasDev: boolean) {
  const path = ledgerPath(run);
  const { entries, head } = readLedger(await ledgerText(path), sha256Text, path);
  const { epsilon, others, ...rest } = privacyStatement(entries, withoutGuarantee(recipe, hasDev));
  return {
    format: "concord-privacy",
    version: 1,
    ...rest,
    epsilon: charged(epsilon!),
    accountants: [epsilon!, ...others!],
    ledger: { head, entries },
  };
}

/** @throws E_CHECKSUM when the run has a ledger that was edited */
export async function checkLedger(run: string): Promise<void> {
  const path = ledgerPath(run);
  readLedger(await ledgerText(path), sha256Text, path);
}
