// What a message says, before it is put into words: symptoms, denied symptoms, duration. Knows no language.
import type { Random } from "../../../src/base/index.ts";
import { type Disease, diseases } from "./diseases.ts";
import { chance, pick, some, weighted } from "./draw.ts";
import type { Patient } from "./people.ts";
import { symptoms } from "./symptoms.ts";

export interface Facts {
  readonly patient: Patient;
  readonly present: readonly string[];
  readonly denied: readonly string[];
  readonly pace: Disease["pace"];
  /** The disease that would explain the message as well, where nothing in it decides. */
  readonly ambiguous?: string;
}

const rates = {
  /** Messages that name only what two diseases share. */
  ambiguous: 0.05,
  /** Messages with a symptom of some other disease among the patient's own. */
  mixed: 0.15,
  /** Messages that deny a symptom. */
  denied: 0.4,
} as const;

/** Draws what a patient reports. */
export function drawFacts(patient: Patient, rng: Random): Facts {
  const { disease } = patient;
  const pace = chance(0.85, rng) ? disease.pace : pick(["days", "weeks", "months"] as const, rng);
  if (disease.shared.length >= 2 && chance(rates.ambiguous, rng))
    return { patient, present: some(disease.shared, 3, rng), denied: [], pace, ambiguous: disease.takenFor };
  const count = weighted([2, 3, 4], [3, 4, 2], rng);
  const typical = weighted([1, 2, 3], [2, 4, 2], rng);
  const own = some(disease.typical, Math.min(typical, count), rng);
  const present = [...own, ...some(disease.also, count - own.length, rng)];
  if (chance(rates.mixed, rng)) present.push(pick([...symptoms.keys()], rng));
  const denied = chance(rates.denied, rng) ? drawDenied(disease, present, rng) : [];
  return { patient, present: some(present, present.length, rng), denied, pace };
}

/** Patients deny what they have been asked about: signs of the disease that theirs is taken for, or of any other. */
function drawDenied(disease: Disease, present: readonly string[], rng: Random): string[] {
  const other = chance(0.6, rng) ? diseases.get(disease.takenFor)! : pick([...diseases.values()], rng);
  const own = new Set([...disease.typical, ...disease.also, ...present]);
  const open = other.typical.filter((name) => !own.has(name) && symptoms.get(name)!.no.length > 0);
  return some(open, chance(0.25, rng) ? 2 : 1, rng);
}
