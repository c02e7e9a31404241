// Which of a passport's values answer a question: chosen by what they mean, never by their place in an alphabet. Controls of an experiment
// (an attack that never queries the model, random explanations) are no findings and are never chosen.
import type { Measured, Passport } from "../../passport/index.ts";
import { evidenceOf, overallScores, valuesUnder } from "./facts.ts";

/** Values under their whole names, the most important first. */
export type Chosen = readonly (readonly [name: string, value: Measured])[];

/** An answer that a passport gives from its values. */
export interface Finding {
  readonly values: Chosen;
  /** Files of the release that hold all that was measured. */
  readonly files: readonly string[];
}

/** Parts of an audit that answer by values. */
export type AuditPart = "fairness" | "privacy" | "explanation" | "robustness";

/** Of each part the values that are findings, in this order; within a pattern the least favourable first. */
const findings: Readonly<Record<AuditPart, readonly (readonly [pattern: RegExp, worst: "largest" | "smallest"])[]>> = {
  fairness: [
    [/^fairness\.gaps$/, "largest"],
    [/^fairness\.[^.]+\.gap\.[^.]+$/, "largest"],
    [/^fairness\.counterfactual\.[^.]+\.flipRate$/, "largest"],
  ],
  privacy: [
    [/^privacy\.(epsilon|delta)$/, "largest"],
    [/^privacy\.membership\.strongest\.tprAtFpr0\.01$/, "largest"],
    [/^privacy\.membership\.strongest\.auc$/, "largest"],
    [/^privacy\.membership\.strongest\.epsilonLower$/, "largest"],
    [/^privacy\.canaries\.exposure/, "largest"],
  ],
  explanation: [
    [/^explanation\.(?!random\.)[^.]+\.aboveRandom$/, "smallest"],
    [/^explanation\.flip\.rate$/, "largest"],
    [/^explanation\.cohorts$/, "largest"],
  ],
  robustness: [
    [/^robustness\.(?!clean\.)[^.]+\.loss$/, "largest"],
    [/^robustness\.(?!clean\.)[^.]+\.flips$/, "largest"],
    [/^robustness\.sets\.coverage$/, "smallest"],
    [/^robustness\.sets\..+\.coverage$/, "smallest"],
    [/^robustness\.foreign\.[^.]+\.auroc$/, "smallest"],
    [/^robustness\.cohorts$/, "largest"],
  ],
};

/**
 * Findings of a part of the audit.
 * @returns undefined where nothing was measured. Values that no pattern knows are chosen only where none of the known ones is there
 */
export function auditFinding(passport: Passport, part: AuditPart): Finding | undefined {
  const path = evidenceOf(passport, `audit/${part}.json`);
  const all = valuesUnder(passport, part).map(([name, value]) => [`${part}.${name}`, value] as const);
  if (!path || all.length === 0) return undefined;
  const values = findings[part].flatMap(([pattern, worst]) =>
    all
      .filter(([name]) => pattern.test(name))
      .sort(([, a], [, b]) => (worst === "largest" ? b.value - a.value : a.value - b.value)),
  );
  return { values: values.length ? values : all.filter(([name]) => !isControl(name)), files: [path] };
}

/** A value of a control: what an attack or a method finds that has nothing to find. */
const isControl = (name: string): boolean => /\.(blind|random)\./.test(name);

/** Scores that say how something was set, not how good it is. */
const settings = /\.(features|rows|strength)$|^temperature$/;

/** Scores of the whole test set, then those of the baselines on the same rows. */
export function performanceFinding(passport: Passport): Finding {
  const later = ["beyondBaseline.", "calibration", "baselines."];
  const rank = (name: string) => 1 + later.findIndex((prefix) => name.startsWith(prefix));
  const values = overallScores(passport)
    .filter(([name]) => !settings.test(name))
    .map(([name, value]) => [name, value] as const)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([name, value]) => [`metrics.${name}`, value] as const);
  return { values, files: [evidenceOf(passport, "metrics.json") ?? "passport.json"] };
}

/** Scores by group, the lowest first; from the audit where there is one. */
export function groupFinding(passport: Passport): Finding | undefined {
  const files = [evidenceOf(passport, "metrics.json"), evidenceOf(passport, "audit/fairness.json")];
  const values = valuesUnder(passport, "metrics.groups")
    .filter(([name]) => !name.endsWith(".rows"))
    .map(([name, value]) => [`metrics.groups.${name}`, value] as const)
    .sort(([, a], [, b]) => a.value - b.value);
  const there = files.filter((path) => path !== undefined);
  return values.length ? { values, files: there.length ? there : ["passport.json"] } : undefined;
}

/** What compressing changed: everything but single groups. */
export function compressionFinding(passport: Passport): Finding | undefined {
  const path = evidenceOf(passport, "audit/compression.json");
  const values = valuesUnder(passport, "compression")
    .filter(([name]) => !name.startsWith("groups."))
    .map(([name, value]) => [`compression.${name}`, value] as const);
  return path && values.length ? { values, files: [path] } : undefined;
}

/** Size, speed and memory. */
export function costFinding(passport: Passport): Finding | undefined {
  const values = ["size", "speed", "memory"].flatMap((prefix) =>
    valuesUnder(passport, prefix).map(([name, value]) => [`${prefix}.${name}`, value] as const),
  );
  return values.length ? { values, files: ["passport.json"] } : undefined;
}
