// Patients: who they are, where they live, which language they write. Knows nothing of their messages.
import type { Random } from "../../../src/base/index.ts";
import type { Disease } from "./diseases.ts";
import { pick, weighted } from "./draw.ts";

export const regions = ["capital", "north", "south", "islands"] as const;
export type Region = (typeof regions)[number];
export const ageBands = ["0-17", "18-39", "40-64", "65+"] as const;
export type Language = "en" | "zh";

export interface Patient {
  readonly id: string;
  readonly sex: "female" | "male";
  readonly age: (typeof ageBands)[number];
  readonly language: Language;
  readonly region: Region;
  readonly disease: Disease;
  /** Whether islanders write partly in their own words. */
  readonly own?: boolean;
}

const ageWeights: Readonly<Record<Disease["whom"], readonly number[]>> = {
  any: [2, 3, 3, 2],
  young: [6, 3, 1, 0.5],
  old: [0.3, 1.5, 4, 5],
  female: [1, 4, 4, 2],
  male: [0.5, 3, 5, 2],
};

/** A patient with a disease. Languages are as frequent as each other in every region. */
export function drawPatient(id: string, region: Region, disease: Disease, rng: Random): Patient {
  const female = { female: 0.75, male: 0.25 }[disease.whom as "female" | "male"] ?? 0.5;
  return {
    id,
    region,
    disease,
    sex: rng.float() < female ? "female" : "male",
    age: weighted(ageBands, ageWeights[disease.whom], rng),
    language: pick(["en", "zh"] as const, rng),
  };
}
