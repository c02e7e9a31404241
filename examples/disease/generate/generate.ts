// The whole data set from one seed: patients, messages, parts, label noise, planted rows. Writes nothing.
import { groupBy, type Random, random } from "../../../src/base/index.ts";
import { nearDuplicates } from "../../../src/data/index.ts";
import { chinese } from "./chinese.ts";
import { diseases } from "./diseases.ts";
import { chance, weighted } from "./draw.ts";
import { english } from "./english.ts";
import { drawFacts } from "./facts.ts";
import { drawPatient, type Patient, type Region, regions } from "./people.ts";
import { type Planted, plantNearDuplicates, plantPrivateDetails } from "./plant.ts";
import { withSlips } from "./slips.ts";

export const parts = ["train", "dev", "test"] as const;
export type Part = (typeof parts)[number];

/** One message; `patient` and what follows it are columns of the table. */
export interface Message {
  readonly id: string;
  readonly patient: Patient;
  readonly part: Part | "unlabelled";
  readonly text: string;
  /** What the patient has. */
  readonly truth: string;
  /** What the table says; differs from the truth only by label noise. */
  readonly label: string;
  readonly ambiguous?: string;
}

export interface DiseaseData {
  readonly labelled: readonly Message[];
  readonly unlabelled: readonly Message[];
  readonly planted: readonly Planted[];
}

/** Rows of each region by part. The islands are 5 % of the training rows; in the test part all regions are equal. */
export const sizes: Readonly<Record<Part, Readonly<Record<Region, number>>>> = {
  train: { capital: 1400, north: 1200, south: 1200, islands: 200 },
  dev: { capital: 140, north: 120, south: 120, islands: 20 },
  test: { capital: 440, north: 440, south: 440, islands: 440 },
};
/** Share of each region among the unlabelled messages. */
export const unlabelledShares: Readonly<Record<Region, number>> = {
  capital: 0.35,
  north: 0.3,
  south: 0.3,
  islands: 0.05,
};
/** Share of the islands' training rows whose label is the disease that theirs is taken for. */
export const noiseRate = 0.3;

/** What a variant has. */
export interface Variant {
  /** Whether the islands have words of their own and wrong labels: without both no model has a reason to serve them worse. Default true. */
  readonly gap?: boolean;
  /** Unlabelled messages. Default 40,000. */
  readonly unlabelled?: number;
}

/**
 * The data set of a seed; the same seed gives the same rows.
 * @example const { labelled, unlabelled, planted } = generate(7);
 */
export function generate(seed: number, { gap = true, unlabelled = 40_000 }: Variant = {}): DiseaseData {
  const rng = random(`disease ${seed}`);
  const drawn = parts.flatMap((part) =>
    regions.flatMap((region) => drawMessages(part, region, sizes[part][region], rng.split(`${part} ${region}`), gap)),
  );
  const texts = distinct(drawn);
  const labelled = parts.flatMap((part) =>
    regions.flatMap((region) =>
      texts.filter((m) => m.part === part && m.patient.region === region).slice(0, sizes[part][region]),
    ),
  );
  const clean = named(labelled, "m");
  const noisy = gap ? withLabelNoise(clean, rng.split("noise")) : { messages: clean, planted: [] };
  const near = plantNearDuplicates(noisy.messages, rng.split("near-duplicates"));
  const marked = plantPrivateDetails(near.messages, 120, rng.split("private"), new Set(near.planted.flatMap(idsOf)));
  const free = regions.flatMap((region) => {
    const wanted = Math.round(unlabelled * unlabelledShares[region]);
    return drawMessages("unlabelled", region, wanted, rng.split(`unlabelled ${region}`), gap).slice(0, wanted);
  });
  const freeMarked = plantPrivateDetails(named(free, "u"), 200, rng.split("private unlabelled"));
  return {
    labelled: marked.messages,
    unlabelled: freeMarked.messages,
    planted: [...noisy.planted, ...near.planted, ...marked.planted, ...freeMarked.planted],
  };
}

/** Messages of enough patients for the wanted rows and a reserve for those that turn out too similar to others. */
function drawMessages(part: Message["part"], region: Region, wanted: number, rng: Random, gap: boolean): Message[] {
  const messages: Message[] = [];
  const names = [...diseases.keys()];
  for (let i = 0; messages.length < wanted * (part === "unlabelled" ? 1 : 1.25) + 10; i++) {
    const own = rng.split(i);
    const disease = diseases.get(names[i % names.length]!)!;
    const drawn = drawPatient(`${part}-${region}-${i}`, region, disease, own);
    const patient = gap ? drawn : { ...drawn, own: false };
    for (let k = weighted([1, 2, 3, 4], [3, 4, 2, 1], own); k > 0; k--) {
      const facts = drawFacts(patient, own);
      const words = patient.language === "en" ? english(facts, own) : chinese(facts, own);
      const { name } = disease;
      messages.push({
        id: "",
        patient,
        part,
        text: withSlips(words, patient.language, own),
        truth: name,
        label: name,
        ambiguous: facts.ambiguous,
      });
    }
  }
  return messages;
}

/** Messages without those that resemble an earlier one: what resembles is planted afterwards, in known rows. */
function distinct(messages: readonly Message[]): Message[] {
  const found = nearDuplicates(
    messages.map((m) => m.text),
    { threshold: 0.7 },
  );
  return messages.filter((_, i) => found.rootOf(i) === i);
}

const idsOf = (planted: Planted): string[] => ("of" in planted ? [planted.id, planted.of] : [planted.id]);

/** Patients and messages get numbers that tell nothing of part or region. */
function named(messages: readonly Message[], letter: string): Message[] {
  const order = new Map([...groupBy(messages, (m) => m.patient.id).keys()].map((id, i) => [id, i]));
  const scattered = (i: number, count: number) => String((i * 7919 + 13) % prime(count)).padStart(5, "0");
  return messages.map((m, i) => ({
    ...m,
    id: `${letter}${scattered(i, messages.length)}`,
    patient: { ...m.patient, id: `${letter === "m" ? "p" : "q"}${scattered(order.get(m.patient.id)!, order.size)}` },
  }));
}

/** The first prime from a number on: multiplication modulo a prime repeats nothing. */
function prime(from: number): number {
  for (let n = Math.max(from, 2); ; n++) {
    let divisor = 2;
    while (divisor * divisor <= n && n % divisor) divisor++;
    if (divisor * divisor > n) return n;
  }
}

/** Asymmetric: a disease becomes the one that it is taken for, never any other; only the islands' training rows. */
function withLabelNoise(messages: readonly Message[], rng: Random): { messages: Message[]; planted: Planted[] } {
  const planted: Planted[] = [];
  const out = messages.map((m) => {
    if (m.part !== "train" || m.patient.region !== "islands" || !chance(noiseRate, rng)) return m;
    const label = diseases.get(m.truth)!.takenFor;
    planted.push({ kind: "label-noise", id: m.id, truth: m.truth, label });
    return { ...m, label };
  });
  return { messages: out, planted };
}
