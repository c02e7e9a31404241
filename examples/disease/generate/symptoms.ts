// The symptom tables as data. A symptom is a block of lines: its name, then
//   en  noun phrases · do  clauses about {I} · no  the denied noun phrase · zh  phrases · 无  the denied noun
//   isle, 岛  the islands' own words. `|` stands between alternatives. Knows no disease.
import { belly } from "./tables/belly.ts";
import { breathing } from "./tables/breathing.ts";
import { headAndBlood } from "./tables/head-and-blood.ts";
import { skinAndJoints } from "./tables/skin-and-joints.ts";

const kinds = ["en", "do", "no", "zh", "无", "isle", "岛"] as const;
type Kind = (typeof kinds)[number];

/** Ways to say one symptom, by kind of line; a kind that the table lacks is empty. */
export type Symptom = Readonly<Record<Kind, readonly string[]>>;

function readTable(table: string): [string, Symptom][] {
  return table
    .trim()
    .split(/\n\n+/)
    .map((block) => {
      const [name, ...lines] = block.split("\n");
      const symptom: Record<Kind, string[]> = { en: [], do: [], no: [], zh: [], 无: [], isle: [], 岛: [] };
      for (const line of lines) {
        const [kind, rest] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
        symptom[kind as Kind].push(...rest.split(" | "));
      }
      return [name!, symptom];
    });
}

/** Every symptom by its name. */
export const symptoms: ReadonlyMap<string, Symptom> = new Map(
  [breathing, belly, headAndBlood, skinAndJoints].flatMap(readTable),
);
