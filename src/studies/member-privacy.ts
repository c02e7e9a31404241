// A member's privacy over a whole study: noise for all rounds together, and the statement of its own ledger.
import { join } from "node:path";
import type { SpentPrivacy } from "../federated/index.ts";
import { readLedger } from "../privacy/index.ts";
import { privacyOptions, statementRecord } from "../stages/index.ts";
import { type PrivacyOptions, privatePlan } from "../train/index.ts";
import { ledgerText, sha256Text } from "../train/node/private-host.ts";
import type { studyRecipe } from "./study-recipe.ts";

type StudyRecipe = ReturnType<typeof studyRecipe>;

/**
 * Settings of every round's training: the noise that the budget asks for when all rounds run, and the budget of them all.
 * @param examples the member's training rows
 * @throws E_CONFIG for settings out of range
 */
export function plannedPrivacy(recipe: StudyRecipe, examples: number): PrivacyOptions | undefined {
  const asked = privacyOptions(recipe);
  if (!asked) return undefined;
  const { batchSize, epochs } = recipe.adapt;
  const steps = Math.ceil(examples / batchSize) * epochs * recipe.together.rounds;
  const { mechanism, budget } = privatePlan(asked, { examples, batchSize, steps });
  return { ...asked, noiseMultiplier: mechanism.noiseMultiplier, epsilon: budget.epsilon, delta: budget.delta };
}

/**
 * What a member states of it to the others.
 * @param folder as {@link memberPrivacy}
 */
export async function spentPrivacy(folder: string, recipe: StudyRecipe): Promise<SpentPrivacy | undefined> {
  const stated = await memberPrivacy(folder, recipe);
  return stated?.delta === undefined ? undefined : { epsilon: stated.epsilon, delta: stated.delta };
}

/**
 * What a member's ledger says: `epsilon` is the upper bound over all rounds. Undefined where it trained nothing privately.
 * @param folder the member's private folder
 * @throws E_CHECKSUM for a ledger that was edited
 */
export async function memberPrivacy(folder: string, recipe: Parameters<typeof statementRecord>[1]) {
  const path = join(folder, "privacy-ledger.jsonl");
  const ledger = readLedger(await ledgerText(path), sha256Text, path);
  return ledger.lines === 0 ? undefined : statementRecord(ledger, recipe, true);
}
