// The disease data as three sites hold it: a table for each, by region, with another mix of diseases; and one of all rows, for comparison.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { random } from "../../src/base/index.ts";
import { writeFileAtomically } from "../../src/formats/node/index.ts";
import { diseases } from "../disease/generate/diseases.ts";
import { generate, type Message } from "../disease/generate/generate.ts";
import type { Region } from "../disease/generate/people.ts";

/** Who holds the rows of which regions. */
export const sites: Readonly<Record<string, readonly Region[]>> = {
  hospital: ["north"],
  ministry: ["capital"],
  university: ["south", "islands"],
};
export const labels = [...diseases.keys()].sort();

/** Share of a site's training and dev rows that it keeps of diseases that are not mainly seen there. */
export const rareShare = 0.15;

const field = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const line = (m: Message) =>
  [m.id, m.patient.id, m.patient.language, m.patient.region, m.part, m.label, m.text].map(field).join(",");
const table = (messages: readonly Message[]) =>
  new TextEncoder().encode(`${["id,patient,language,region,part,disease,text", ...messages.map(line)].join("\n")}\n`);

/** A site sees a third of the diseases often and the others seldom. Test rows are all kept: the model is meant for everybody. */
function rowsOf(site: number, messages: readonly Message[], seed: number): Message[] {
  const rng = random(`sites ${seed} ${site}`);
  const own = Object.values(sites)[site]!;
  return messages.filter((m) => {
    const often = labels.indexOf(m.truth) % Object.keys(sites).length === site;
    const keeps = rng.float() < rareShare;
    return own.includes(m.patient.region) && (m.part === "test" || often || keeps);
  });
}

/**
 * Writes `<site>.csv` for each site, `pooled.csv` with the rows of all, `labels.txt`, and `public.csv`: texts
 * from another seed, of nobody's patients.
 * @returns rows for training by site
 */
export async function writeSites(folder: string, seed: number): Promise<Record<string, number>> {
  const { labelled } = generate(seed);
  const held = Object.keys(sites).map((name, i) => [name, rowsOf(i, labelled, seed)] as const);
  await mkdir(folder, { recursive: true });
  const write = (name: string, rows: readonly Message[]) =>
    writeFileAtomically(join(folder, `${name}.csv`), [table(rows)]);
  for (const [name, rows] of held) await write(name, rows);
  await write(
    "pooled",
    held.flatMap(([, rows]) => rows),
  );
  await write("public", generate(seed + 1000, { unlabelled: 20_000 }).unlabelled);
  await writeFileAtomically(join(folder, "labels.txt"), [new TextEncoder().encode(`${labels.join("\n")}\n`)]);
  return Object.fromEntries(held.map(([name, rows]) => [name, rows.filter((m) => m.part === "train").length]));
}
