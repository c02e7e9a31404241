// The numbers of a fairness audit under the names that gates and passports use: fairness.<attribute>.<measure>.<difference>.
import type { FairnessFindings, GroupingFindings } from "./audit-groups.ts";
import type { Estimate } from "./known.ts";

/** Values by name, without those that are not defined. `extreme`: the largest or smallest of several, which is far out by chance too. */
export type NamedValues = Record<string, { value: number; low?: number; high?: number; extreme?: true }>;

/** A name as one part of a dotted name. */
const escaped = (name: string) => name.replaceAll(".", "_");

/**
 * Of each attribute (two joined by `+`): least, most, difference and ratio of each measure, parities, each group's measures, and
 * `gap`: how far the group furthest behind is; then `fairness.gaps`, the number of gaps that are called.
 * @example fairnessValues(findings)["fairness.region.accuracy.difference"] // { value: 0.2, low: 0.15, high: 0.26 }
 */
export function fairnessValues(findings: FairnessFindings): NamedValues {
  const values: NamedValues = { "fairness.gaps": { value: findings.called.length } };
  for (const grouping of findings.groupings) addGrouping(values, grouping);
  return values;
}

function addGrouping(
  values: NamedValues,
  { attributes, groups, between, parity, generalisedMeans, gaps }: GroupingFindings,
) {
  const prefix = `fairness.${attributes.map(escaped).join("+")}`;
  const put = (name: string, { value, low, high }: Estimate, extreme?: true) => {
    if (!Number.isFinite(value)) return;
    const ends = Number.isFinite(low) && Number.isFinite(high) ? { low, high } : undefined;
    if (extreme && !ends) return; // of an extreme only the interval says anything
    values[`${prefix}.${name}`] = { value, ...ends, ...(extreme && { extreme }) };
  };
  for (const [measure, spread] of Object.entries(between)) {
    const ofClass = measure.includes("."); // of one class against the rest: its largest difference says enough
    for (const as of ofClass ? (["difference"] as const) : (["min", "max", "difference", "ratio"] as const))
      put(`${measure}.${as}`, spread[as], true);
  }
  for (const [name, { difference, ratio }] of Object.entries(parity)) {
    put(`${name}.difference`, difference, true);
    put(`${name}.ratio`, ratio, true);
  }
  for (const [name, value] of Object.entries(generalisedMeans))
    if (Number.isFinite(value)) values[`${prefix}.${name}.mean`] = { value };
  for (const [group, found] of Object.entries(groups))
    if ("measures" in found)
      for (const [measure, estimate] of Object.entries(found.measures))
        if (!measure.includes(".")) put(`group.${escaped(group)}.${measure}`, estimate);
  for (const gap of gaps) put(`gap.${gap.measure}`, gap, true);
}
