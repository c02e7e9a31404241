// A member's privacy over a whole study: noise for all rounds together, and the statement of its own ledger.
import { ConcordError } from "../base/index.ts";
import type { SpentPrivacy } from "../federated/index.ts";
import {
  charged,
  isLedgerEntry,
  type LedgerEntry,
  ledgerRuns,
  type Phase,
  privacyStatement,
  spentBefore,
} from "../privacy/index.ts";
import { ledgerPath, privacyOptions, statementRecord } from "../stages/index.ts";
import { defaultDelta, type PrivacyOptions, planDifference, privatePlan } from "../train/index.ts";
import { openLedger } from "../train/node/ledger-file.ts";
import type { studyRecipe } from "./study-recipe.ts";

type StudyRecipe = ReturnType<typeof studyRecipe>;

/** The recipe's settings. δ is the study's, not of a member's rows: it would tell how many they are. */
function askedPrivacy(recipe: StudyRecipe): PrivacyOptions | undefined {
  const asked = privacyOptions(recipe);
  return asked && { ...asked, delta: asked.delta ?? defaultDelta(recipe.together.maxExamples) };
}

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
  const asked = askedPrivacy(recipe);
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
  if (stated?.delta === undefined) return undefined;
  const { delta, ledger } = stated;
  if (recipe.together.ledgers === "shown")
    return { epsilon: stated.epsilon, delta, ledger: ledger.entries.map(shownLine) };
  const most = recipe.adapt.privacy?.epsilon ?? Number.POSITIVE_INFINITY;
  return { epsilon: Math.max(stated.epsilon, Math.min(most, roundedUp(stated.epsilon))), delta };
}

/** To two digits: all of them would tell how many rows a member has, for its noise is computed from their number. */
function roundedUp(epsilon: number): number {
  const unit = 10 ** (Math.floor(Math.log10(epsilon)) - 1);
  return Math.ceil(epsilon / unit) * unit;
}

/** A line as others see it: without the digest of the rows. */
const shownLine = (entry: LedgerEntry): NonNullable<SpentPrivacy["ledger"]>[number] => {
  if (entry.kind === "charge") return entry;
  const mechanism = { ...entry.mechanism };
  if (entry.kind === "earlier") return { ...entry, mechanism };
  return { kind: "open", run: entry.run, mechanism, budget: { ...entry.budget } };
};

/**
 * Works out again what a member states: ε from its ledger's lines, and the lines from the study's recipe and the rounds that count it. Whether it
 * trained as they say, and has the rows that they say, nobody else can see.
 * @param stated as its transcript holds it
 * @param counted in which rounds its numbers are: the examples of all members in each
 * @throws E_CHECKSUM naming what does not fit
 */
export function checkSpent(
  recipe: StudyRecipe,
  { name, stated }: { readonly name: string; readonly stated: SpentPrivacy },
  counted: readonly { readonly examples: number }[],
  path: string,
): void {
  const wrong = (what: string, expected: unknown, got: unknown) =>
    new ConcordError("E_CHECKSUM", {
      operation: "check a participant's privacy",
      problem: `what ${name} states of its privacy is not what its ledger comes to: ${what}`,
      expected: String(expected),
      got: String(got),
      path,
    });
  const lines: readonly unknown[] | undefined = stated.ledger;
  if (!lines) throw wrong("its lines", "its ledger: the study shows them", "none");
  if (!lines.every(isLedgerEntry)) throw wrong("its lines", "lines of a ledger", "others");
  const asked = askedPrivacy(recipe);
  if (!asked) throw wrong("adapt.privacy", "private training", "none");
  const again = privacyStatement(lines, []);
  const cost = again.epsilon === undefined ? 0 : charged(again.epsilon);
  if (!(cost <= stated.epsilon * (1 + 1e-6))) throw wrong("epsilon", `at most ${stated.epsilon}`, cost);
  if (again.delta !== stated.delta) throw wrong("delta", stated.delta, again.delta);
  const { batchSize, epochs } = recipe.adapt;
  const most = Math.min(...counted.map(({ examples }) => examples));
  const spent = spentBefore(lines);
  const costs = ledgerRuns(lines);
  const own = lines.flatMap((entry) => (entry.kind === "open" ? [entry] : []));
  for (const opened of own) {
    const { examples } = opened.mechanism;
    if (!(Number.isSafeInteger(examples) && examples >= 1 && examples <= most))
      throw wrong("examples", `at most ${most} rows`, examples);
    const steps = Math.ceil(examples / batchSize) * epochs;
    const run = { examples, batchSize, steps: steps * recipe.together.rounds, spent };
    const differs = planDifference(opened, privatePlan(asked, run));
    if (differs) throw wrong(differs.what, differs.expected, differs.got);
  }
  const whole = own.filter(({ run, mechanism }) => {
    const steps = Math.ceil(mechanism.examples / batchSize) * epochs;
    return (costs.find((cost) => cost.run === run)?.steps ?? 0) >= steps;
  }).length;
  if (whole < counted.length) throw wrong("rounds", `${counted.length} rounds with all their steps`, whole);
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
