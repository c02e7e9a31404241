// Whether answers of a period look like those of the profile: one test a number, adjusted for how many there are. Knows no store.
import { adjusted, categoryDifference, type Difference, orderedDifference } from "./drift-tests.ts";
import { noBin, numberNames, type Profile } from "./profile.ts";
import type { AnswerRecord } from "./records.ts";

export interface DriftOptions {
  /** Share of false alarms among alarms that is accepted. Default 0.01. */
  readonly falseAlarms?: number;
  /** Smallest PSI of an alarm: with many rows a difference may be sure and too small to matter. Default 0.1. */
  readonly leastPsi?: number;
}

/** A number, or the answers, compared with the profile. */
export interface DriftFinding extends Difference {
  /** `input.length`, `answer.confidence`, `embedding.3`, `answers` … */
  readonly name: string;
  /** `p` adjusted for all tests of the report. */
  readonly adjusted: number;
  readonly alarm: boolean;
}

/** All numbers of a period compared with the profile. */
export interface DriftReport {
  readonly rows: number;
  readonly reference: number;
  /** In the profile's order; alarms are marked. */
  readonly findings: readonly DriftFinding[];
  /**
   * Distance of the mean vectors in standard deviations, from the projections: root mean square. `byChance` is what no drift would give.
   * Undefined without vectors.
   */
  readonly embedding?: { readonly distance: number; readonly byChance: number };
}

/**
 * Compares a period's answers with the profile of their model's version.
 * @example driftOf(profile, await store.answers({ last: 500 })).findings.filter((finding) => finding.alarm)
 */
export function driftOf(
  profile: Profile,
  records: readonly Pick<AnswerRecord, "bins" | "answer" | "abstained">[],
  { falseAlarms = 0.01, leastPsi = 0.1 }: DriftOptions = {},
): DriftReport {
  const names = numberNames(profile);
  const counts = names.map((name) => new Array<number>(profile.numbers[name]!.counts.length).fill(0));
  for (const { bins } of records)
    if (bins)
      for (let n = 0; n < names.length; n++) {
        const bin = bins[n] ?? noBin;
        if (bin < counts[n]!.length) counts[n]![bin]!++;
      }
  const tests: (Difference & { readonly name: string })[] = names.flatMap((name, n) =>
    profile.numbers[name]!.counts.length < 2
      ? []
      : [{ name, ...orderedDifference(profile.numbers[name]!.counts, counts[n]!) }],
  );
  if (Object.keys(profile.answers).length > 0) tests.push({ name: "answers", ...answersDifference(profile, records) });
  const corrected = adjusted(tests.map(({ p }) => p));
  const findings = tests.map((test, k) => ({
    ...test,
    adjusted: corrected[k]!,
    alarm: corrected[k]! < falseAlarms && test.psi >= leastPsi && test.psi > test.psiByChance,
  }));
  const embedding = embeddingDistance(profile, names, counts);
  return { rows: records.length, reference: profile.rows, findings, ...(embedding && { embedding }) };
}

/** Answers that the profile has none of count together. */
function answersDifference(
  profile: Profile,
  records: readonly Pick<AnswerRecord, "answer" | "abstained">[],
): Difference {
  const labels = Object.keys(profile.answers);
  const place = new Map(labels.map((label, k) => [label, k]));
  const now = new Array<number>(labels.length + 1).fill(0);
  for (const { answer, abstained } of records)
    if (answer !== undefined && !abstained) now[place.get(answer) ?? labels.length]!++;
  return categoryDifference([...labels.map((label) => profile.answers[label]!), 0], now);
}

function embeddingDistance(
  profile: Profile,
  names: readonly string[],
  counts: readonly (readonly number[])[],
): DriftReport["embedding"] {
  if (!profile.projection) return undefined;
  let [total, directions, rows] = [0, 0, 0];
  for (const [n, name] of names.entries()) {
    if (!name.startsWith("embedding.")) continue;
    const { counts: before, means } = profile.numbers[name]!;
    const now = counts[n]!;
    const reference = momentsOf(before, means);
    const current = momentsOf(now, means);
    if (current.rows === 0 || reference.variance === 0) continue;
    total += (current.mean - reference.mean) ** 2 / reference.variance;
    directions++;
    rows = current.rows;
  }
  if (directions === 0) return undefined;
  return { distance: Math.sqrt(total / directions), byChance: Math.sqrt(1 / profile.rows + 1 / rows) };
}

function momentsOf(counts: readonly number[], means: readonly number[]) {
  const rows = counts.reduce((a, b) => a + b, 0);
  const mean = rows ? counts.reduce((total, count, bin) => total + count * means[bin]!, 0) / rows : 0;
  const variance = rows ? counts.reduce((total, count, bin) => total + count * (means[bin]! - mean) ** 2, 0) / rows : 0;
  return { rows, mean, variance };
}
