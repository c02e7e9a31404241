// What watching a model shows: drift, live scores, a timeline of windows, and the alerts. Knows no page.
import { limitText } from "../passport/index.ts";
import { type Alert, type AlertRule, alertsOf, brokenGates } from "./alerts.ts";
import { type DriftOptions, type DriftReport, driftOf } from "./drift.ts";
import { type PerformanceReport, performanceOf } from "./performance.ts";
import type { AlertRecord, JudgedRecord, WatchedModel, WatchStore } from "./records.ts";

export interface MonitorOptions extends DriftOptions {
  /** Answers of one window. Default 200. */
  readonly window?: number;
  /** The last this many answers are read. Default 10 000. */
  readonly last?: number;
  /** Groups of fewer answers are not reported. Default 10. */
  readonly smallest?: number;
}

/** One window of answers. */
export interface MonitorWindow {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Largest PSI of a number that has drifted; 0 where none has. */
  readonly drift?: number;
  readonly accuracy?: PerformanceReport["accuracy"];
  readonly abstention: number;
  readonly medianMs: number;
}

/** A model's answers, watched. */
export interface MonitorReport {
  readonly model: WatchedModel;
  readonly rows: number;
  readonly from?: number;
  readonly to?: number;
  /** Of all answers that were read; undefined without a profile. */
  readonly drift?: DriftReport;
  readonly performance: PerformanceReport;
  /** Gates of the policy that live scores break. */
  readonly broken: readonly {
    readonly gate: string;
    /** `≥ 0.9`. */
    readonly limit: string;
    readonly value: string;
    readonly measured: number;
  }[];
  readonly windows: readonly MonitorWindow[];
  readonly alerts: readonly AlertRecord[];
}

/**
 * Reports on each model of a store.
 * @throws as the store
 * @example for (const { model, performance } of await monitorReports(store)) console.log(model.model, performance.accuracy);
 */
export async function monitorReports(store: WatchStore, options: MonitorOptions = {}): Promise<MonitorReport[]> {
  const alerts = await store.alerts();
  const reports: MonitorReport[] = [];
  for (const model of await store.models()) {
    const asked = { model: model.model, version: model.version, last: options.last ?? 10_000 };
    const own = alerts.filter((alert) => alert.model === model.model && alert.version === model.version);
    reports.push(monitorReport(model, await store.answers(asked), own, options));
  }
  return reports;
}

/** Of answers that were read. */
export function monitorReport(
  model: WatchedModel,
  records: readonly JudgedRecord[],
  alerts: readonly AlertRecord[],
  { window = 200, smallest, falseAlarms, leastPsi }: MonitorOptions = {},
): MonitorReport {
  const { profile, gates } = model;
  const performance = performanceOf(records, { smallest });
  const drift = { falseAlarms, leastPsi };
  const windows: MonitorWindow[] = [];
  for (let start = 0; start < records.length; start += window)
    windows.push(windowOf(records.slice(start, start + window), profile, drift));
  return {
    model,
    rows: records.length,
    ...(records.length && { from: records[0]!.at, to: records.at(-1)!.at }),
    ...(profile && records.length && { drift: driftOf(profile, records, drift) }),
    performance,
    broken: brokenGates(gates, performance).map(({ gate, value, found }) => ({
      gate: gate.value,
      limit: limitText(gate),
      value,
      measured: found.value,
    })),
    windows,
    alerts,
  };
}

function windowOf(
  records: readonly JudgedRecord[],
  profile: WatchedModel["profile"],
  options: DriftOptions,
): MonitorWindow {
  const { accuracy } = performanceOf(records);
  const sorted = records.map(({ ms }) => ms).sort((a, b) => a - b);
  const findings = profile ? driftOf(profile, records, options).findings : undefined;
  return {
    from: records[0]!.at,
    to: records.at(-1)!.at,
    rows: records.length,
    ...(findings && { drift: Math.max(0, ...findings.map(({ alarm, psi }) => (alarm ? psi : 0))) }),
    ...(accuracy && { accuracy }),
    abstention: records.filter(({ abstained }) => abstained).length / records.length,
    medianMs: sorted[sorted.length >> 1]!,
  };
}

/** Alerts of one window of a model's answers. */
export function windowAlerts(
  rules: readonly AlertRule[],
  { profile, gates }: WatchedModel,
  records: readonly JudgedRecord[],
): Alert[] {
  const drift = profile && driftOf(profile, records);
  return alertsOf(rules, { ...(drift && { drift }), performance: performanceOf(records), gates });
}
