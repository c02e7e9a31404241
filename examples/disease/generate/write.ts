// The data set as files: messages.csv (labelled), unlabelled.csv, planted.jsonl (the rows that an audit should find).
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../../../src/formats/node/index.ts";
import { generate, type Message, type Variant } from "./generate.ts";

const columns = {
  id: (m: Message) => m.id,
  patient: (m: Message) => m.patient.id,
  sex: (m: Message) => m.patient.sex,
  age: (m: Message) => m.patient.age,
  language: (m: Message) => m.patient.language,
  region: (m: Message) => m.patient.region,
  part: (m: Message) => m.part,
  disease: (m: Message) => m.label,
  text: (m: Message) => m.text,
} as const;

const field = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function csv(messages: readonly Message[], names: readonly (keyof typeof columns)[]): Uint8Array {
  const lines = messages.map((m) => names.map((name) => field(columns[name](m))).join(","));
  return new TextEncoder().encode(`${[names.join(","), ...lines].join("\n")}\n`);
}

/** Writes the data set of a seed. @param variant with the islands' gap, the default, or without @throws E_IO */
export async function writeDiseaseData(folder: string, seed: number, variant: Variant = {}) {
  const { labelled, unlabelled, planted } = generate(seed, variant);
  await mkdir(folder, { recursive: true });
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const free = names.filter((name) => name !== "part" && name !== "disease");
  const lines = planted.map((p) => `${JSON.stringify(p)}\n`).join("");
  await writeFileAtomically(join(folder, "messages.csv"), [csv(labelled, names)]);
  await writeFileAtomically(join(folder, "unlabelled.csv"), [csv(unlabelled, free)]);
  await writeFileAtomically(join(folder, "planted.jsonl"), [new TextEncoder().encode(lines)]);
  return { labelled: labelled.length, unlabelled: unlabelled.length, planted: planted.length };
}
