// The disease table as data: one block a disease, `name | pace | whom | taken for`, then its symptoms. Knows no wording.
import { symptoms } from "./symptoms.ts";
import { diseaseTable } from "./tables/diseases.ts";

export interface Disease {
  readonly name: string;
  /** How long patients wait before they write. */
  readonly pace: "days" | "weeks" | "months";
  /** Who has it more often. */
  readonly whom: "any" | "young" | "old" | "female" | "male";
  /** The disease that it is taken for: what label noise writes, and the other reading of an ambiguous message. */
  readonly takenFor: string;
  readonly typical: readonly string[];
  readonly also: readonly string[];
  /** Symptoms that both it and `takenFor` have. */
  readonly shared: readonly string[];
}

type Block = Omit<Disease, "shared">;

function readBlock(block: string): Block {
  const [head, typical, also] = block.split("\n") as [string, string, string];
  const [name, pace, whom, takenFor] = head.split(" | ") as [string, Disease["pace"], Disease["whom"], string];
  const list = (line: string) => line.split(" ").slice(1);
  return { name, pace, whom, takenFor, typical: list(typical), also: list(also) };
}

function readDiseases(): Map<string, Disease> {
  const blocks = diseaseTable.trim().split(/\n\n+/).map(readBlock);
  const has = (block: Block) => [...block.typical, ...block.also];
  for (const block of blocks)
    for (const name of has(block))
      if (!symptoms.has(name)) throw new Error(`${block.name} names an unknown symptom: ${name}`);
  return new Map(
    blocks.map((block) => {
      const other = has(blocks.find(({ name }) => name === block.takenFor)!);
      return [block.name, { ...block, shared: has(block).filter((name) => other.includes(name)) }];
    }),
  );
}

/** Every disease by its name. */
export const diseases: ReadonlyMap<string, Disease> = readDiseases();
