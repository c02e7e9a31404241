// Rules that raise alerts over a window of answers, and the policy gates that live scores break. Knows no store and no network.
import { gateFits } from "../passport/index.ts";
import type { DriftReport } from "./drift.ts";
import type { PerformanceReport } from "./performance.ts";
import type { WatchedGate, WatchedShare } from "./records.ts";

/** What raises an alert. */
export type AlertRule =
  /** Some number of the inputs or answers has drifted. */
  | { readonly when: "drift" }
  /** Accuracy on answers with feedback is below a limit: the whole 95 % interval is. */
  | { readonly when: "accuracy"; readonly below: number }
  /** A group's accuracy is lower than that of the others by more than a limit: the whole 95 % interval is. */
  | { readonly when: "gap"; readonly above: number }
  /** The model abstains more often than a limit: the whole 95 % interval is above it. */
  | { readonly when: "abstention"; readonly above: number }
  /** A live score breaks a gate of the passport's policy. */
  | { readonly when: "gate" };

/** Rules about true labels are tested on answers that have one. */
export const windowKind = ({ when }: AlertRule): "answers" | "judged" =>
  when === "drift" || when === "abstention" ? "answers" : "judged";

/** An alert, as data. */
export interface Alert {
  readonly rule: AlertRule["when"];
  /** `input.length`, `region islands`, `metrics.accuracy` … */
  readonly about: string;
  readonly measured: number;
  readonly limit?: number;
  readonly rows: number;
  /** Gate of the policy that it breaks. */
  readonly gate?: string;
}

/** Scores under the names that gates have. */
export function liveValues({ accuracy, gaps }: PerformanceReport): Record<string, WatchedShare> {
  return {
    ...(accuracy && { "metrics.accuracy": accuracy }),
    ...Object.fromEntries(
      gaps.map(({ attribute, group, accuracy }) => [`metrics.groups.${attribute}.${group}.accuracy`, accuracy]),
    ),
  };
}

/** Gates that live scores break: the whole interval lies beyond the limit. */
export function brokenGates(
  gates: readonly WatchedGate[],
  performance: PerformanceReport,
): { gate: WatchedGate; value: string; found: WatchedShare }[] {
  const values = Object.entries(liveValues(performance));
  return gates.flatMap((gate) =>
    values.flatMap(([value, found]) => {
      const low = gate.atLeast !== undefined && found.high < gate.atLeast;
      const high = gate.atMost !== undefined && found.low > gate.atMost;
      return gateFits(gate.value, value) && (low || high) ? [{ gate, value, found }] : [];
    }),
  );
}

interface Window {
  readonly drift?: DriftReport;
  readonly performance: PerformanceReport;
  /** Of the policy that the model was released under. Default none. */
  readonly gates?: readonly WatchedGate[];
}

type RuleOf<When extends AlertRule["when"]> = Extract<AlertRule, { when: When }>;

const raising: { readonly [When in AlertRule["when"]]: (rule: RuleOf<When>, window: Window) => Alert[] } = {
  drift: (_, { drift }) =>
    (drift?.findings ?? []).flatMap(({ name, alarm, psi }) =>
      alarm ? [{ rule: "drift" as const, about: name, measured: psi, rows: drift!.rows }] : [],
    ),
  accuracy: ({ below }, { performance, gates = [] }) => {
    const { accuracy } = performance;
    if (!accuracy || accuracy.high >= below) return [];
    const gate = brokenGates(gates, performance).find(({ value }) => value === "metrics.accuracy")?.gate.value;
    const { value: measured, rows } = accuracy;
    return [{ rule: "accuracy", about: "accuracy", measured, limit: below, rows, ...(gate && { gate }) }];
  },
  gap: ({ above: limit }, { performance: { gaps } }) =>
    gaps.flatMap(({ attribute, group, difference, accuracy: { rows } }) =>
      difference.high < -limit
        ? [{ rule: "gap" as const, about: `${attribute} ${group}`, measured: -difference.value, limit, rows }]
        : [],
    ),
  abstention: ({ above: limit }, { performance: { abstention } }) =>
    abstention && abstention.low > limit
      ? [{ rule: "abstention", about: "abstention", measured: abstention.value, limit, rows: abstention.rows }]
      : [],
  gate: (_, { performance, gates = [] }) =>
    brokenGates(gates, performance).map(({ gate, value, found }) => ({
      rule: "gate" as const,
      about: value,
      measured: found.value,
      limit: gate.atLeast ?? gate.atMost,
      rows: found.rows,
      gate: gate.value,
    })),
};

/**
 * Alerts of one window of answers. Windows must not overlap: each answer is tested once.
 * @example alertsOf([{ when: "drift" }], { drift, performance, gates: passport.policy.gates })
 */
export const alertsOf = (rules: readonly AlertRule[], window: Window): Alert[] =>
  rules.flatMap((rule) => raising[rule.when](rule as never, window)); // the row of the rule's own kind
