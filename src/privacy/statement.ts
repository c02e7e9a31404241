// What a ledger says, for reports, gates and passports: ε with its bounds, and what it does not cover.
import { accountantFor, epsilonBy } from "./calibrate.ts";
import { gdpEpsilon } from "./gdp.ts";
import { type Budget, checkUnits, joined, type LedgerEntry, ledgerPhases, type Mechanism } from "./ledger.ts";
import { type Epsilon, samplingOf } from "./mechanism.ts";
import { rdpEpsilon } from "./rdp.ts";

/** What a run gives no guarantee for; never summed into ε. */
export const noGuarantees = [
  "vocabulary",
  "pretraining",
  "preparation",
  "training-loss",
  "dev-selection",
  "evaluation",
  "exact-audits",
] as const;
export type NoGuarantee = (typeof noGuarantees)[number];

/** What a ledger says, for reports and gates. */
export interface PrivacyStatement {
  readonly private: boolean;
  readonly epsilon?: Epsilon;
  readonly delta?: number;
  readonly others?: readonly Epsilon[];
  readonly budget?: Budget;
  readonly mechanism?: Mechanism;
  readonly steps?: number;
  readonly neighbours?: "add-or-remove-one" | "replace-one";
  readonly noGuarantee: readonly NoGuarantee[];
}

/** The statement of a ledger's entries at the budget's δ. @throws E_CONFIG where kinds of sampling, or units, were mixed */
export function privacyStatement(
  entries: readonly LedgerEntry[],
  noGuarantee: readonly NoGuarantee[],
): PrivacyStatement {
  const opened = entries.filter((e) => e.kind === "open").at(-1);
  if (!opened) return { private: false, noGuarantee };
  const { mechanism, budget } = opened;
  checkUnits(entries);
  const phases = joined(ledgerPhases(entries));
  const sampling = samplingOf(phases);
  const fixed = sampling === "fixed";
  const epsilon = epsilonBy(accountantFor(sampling), phases, budget.delta);
  return {
    private: true,
    epsilon,
    delta: budget.delta,
    others: [...(fixed ? [] : [rdpEpsilon(phases, budget.delta)]), gdpEpsilon(phases, budget.delta)],
    budget,
    mechanism,
    steps: phases.reduce((n, p) => n + p.steps, 0),
    neighbours: fixed ? "replace-one" : "add-or-remove-one",
    noGuarantee,
  };
}
