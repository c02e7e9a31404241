// The audit of privacy: what training guarantees, and what attacks find out about its rows.

import { facts, pretrained, statement as statementFile } from "../artifacts/index.ts";
import type { MembershipReport } from "../attacks/index.ts";
import { say } from "../messages/index.ts";
import type { Measured } from "../passport/index.ts";
import { checkLedger } from "../stages/index.ts";
import { canaryRecord } from "./canaries.ts";
import type { AuditContext, AuditDefinition } from "./define-audit.ts";
import { membershipRecord } from "./membership.ts";

export const privacyAudit: AuditDefinition<"privacy"> = {
  name: "privacy",
  reads: [statementFile, pretrained, facts.adapt],
  version: 4,
  async measure(context, settings) {
    const { language } = context;
    const statement = await statementOf(context);
    const delta = typeof statement?.delta === "number" ? statement.delta : 0;
    const membership = await membershipRecord(context, settings, delta);
    const canaries = await canaryRecord(context, settings.candidates);
    const values: Record<string, Measured> = {};
    for (const name of ["epsilon", "delta"] as const)
      if (typeof statement?.[name] === "number") values[`privacy.${name}`] = { value: statement[name] };
    for (const [attack, report] of Object.entries(membership?.attacks ?? {}))
      Object.assign(values, valuesOf(`privacy.membership.${attack}`, report));
    if (membership) {
      const { strongest, references } = membership;
      Object.assign(values, valuesOf("privacy.membership.blind", membership.blind));
      Object.assign(values, valuesOf("privacy.membership.strongest", strongest, strongest.attacks > 1));
      values["privacy.membership.references"] = { value: references };
    }
    if (canaries) values["privacy.canaries.exposure"] = measured(canaries.exposure);
    const lines = Object.entries({ ...membership?.attacks, ...(membership ? { blind: membership.blind } : {}) }).map(
      ([attack, { auc, tprAtFpr, epsilonLower }]) =>
        say(language, "audit.membership", {
          attack,
          auc: shown(auc),
          tpr: shown(tprAtFpr["0.01"]!),
          epsilon: epsilonLower.toFixed(2),
        }),
    );
    if (membership && membership.references === 0) lines.push(say(language, "audit.membership.weak"));
    if (canaries)
      lines.push(
        say(language, "audit.canaries", { bits: shown(canaries.exposure), chance: canaries.chance.toFixed(2) }),
      );
    return {
      record: { statement: statement ?? null, membership: membership ?? null, canaries: canaries ?? null },
      values,
      text: lines.join("\n"),
    };
  },
};

/** What the training stage left of its ledger; undefined where training was not private. */
async function statementOf({ run, find }: AuditContext): Promise<Record<string, unknown> | undefined> {
  await checkLedger(run);
  return await find(statementFile);
}

type Ends = { readonly estimate: number; readonly low: number; readonly high: number };

const measured = ({ estimate, low, high }: Ends, extreme = false): Measured => ({
  value: estimate,
  low,
  high,
  ...(extreme && { extreme: true as const }),
});

const shown = ({ estimate, low, high }: Ends): string =>
  `${estimate.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;

/** @param extreme whether they are the most of several attacks */
function valuesOf(
  prefix: string,
  { auc, tprAtFpr, epsilonLower }: Pick<MembershipReport, "auc" | "tprAtFpr" | "epsilonLower">,
  extreme = false,
): Record<string, Measured> {
  const rates = Object.entries(tprAtFpr).map(
    ([fpr, rate]) => [`${prefix}.tprAtFpr${fpr}`, measured(rate, extreme)] as const,
  );
  return {
    [`${prefix}.auc`]: measured(auc, extreme),
    ...Object.fromEntries(rates),
    [`${prefix}.epsilonLower`]: { value: epsilonLower },
  };
}
