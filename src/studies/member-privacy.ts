// A member's privacy over a whole study: noise for all rounds together, and the statement of its own ledger.
import type { SpentPrivacy } from "../federated/index.ts";
import type { Phase } from "../privacy/index.ts";
import { ledgerPath, privacyOptions, statementRecord } from "../stages/index.ts";
import { type PrivacyOptions, privatePlan } from "../train/index.ts";
import { openLedger } from "../train/node/ledger-file.ts";
import type { studyRecipe } from "./study-recipe.ts";

type StudyRecipe = ReturnType<typeof studyRecipe>;

/**
 * Settings of every round's training: the noise that the budget asks for when all rounds run, and the budget of them all.
 * @param units the member's training rows, or persons
 * @param spent what its rows had spent before the study: the noise is for what is left of the budget
 * @throws E_CONFIG for settings out of range
 */
export function plannedPrivacy(
  recipe: StudyRecipe,
  units: number,
  spent: readonly Phase[],
): PrivacyOptions | undefined {
  const asked = privacyOptions(recipe);
  if (!asked) return undefined;
  const { batchSize, epochs } = recipe.adapt;
  const steps = Math.ceil(units / batchSize) * epochs * recipe.together.rounds;
  const { mechanism, budget } = privatePlan(asked, { examples: units, batchSize, steps, spent });
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
  const ledger = await openLedger(ledgerPath(folder));
  return ledger.lines === 0 ? undefined : statementRecord(ledger, recipe, true);
}
