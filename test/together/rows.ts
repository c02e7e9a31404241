// Small tables of members, a start model and studies of them, for tests of learning together.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "../../src/base/index.ts";
import { type Proposal, type SimulatedMember, type StudyOutcome, simulate } from "../../src/federated/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { openMemberWork } from "../../src/studies/member-work.ts";
import { proposeStudy } from "../../src/studies/propose.ts";
import { makeStartModel } from "../../src/studies/start-model.ts";
import type { MemberWork } from "../../src/studies/types.ts";
import { partyOf, primitives } from "../federated/study.ts";

export const labels = ["cold", "flu"];
const symptoms: Record<string, string[]> = {
  flu: ["fever", "shivers", "aching limbs", "发烧"],
  cold: ["runny nose", "sneezing", "sore throat", "流鼻涕"],
};
const fillers = ["since monday", "again", "at work", "my child too", "昨天开始", "every morning", "after lunch"];
export const names = ["hospital", "ministry", "university"];

/** A table of a member's rows; `flu` is the share of that label. */
export function table(seed: number, rows: number, flu: number): string {
  const rng = random(`rows ${seed}`);
  const pick = <T>(list: readonly T[]): T => list[rng.int(list.length)]!;
  const lines = Array.from({ length: rows }, (_, i) => {
    const label = rng.float() < flu ? "flu" : "cold";
    const part = i % 5 === 0 ? "dev" : i % 5 === 1 ? "test" : "train";
    return `"I have ${pick(symptoms[label]!)} ${pick(fillers)}, ${pick(fillers)} ${seed} ${i}",${label},${part},${i % 3 ? "f" : "m"}`;
  });
  return `text,disease,part,sex\n${lines.join("\n")}\n`;
}

export const recipeText = `
version: 1
name: together
data: { file: rows.csv, label: disease, attributes: [sex], split: { column: part }, similarity: 1 }
model: { scratch: { vocabulary: 200, width: 16, layers: 1, heads: 2, inner: 32 }, maxLength: 32, pooling: cls }
adapt: { epochs: 1, batchSize: 16, learningRate: 5e-3, threads: 1 }
evaluate: { resamples: 50, smallestCell: 5 }
together: { rounds: 2, threshold: 2, groups: { sex: [f] } }
`;
export const recipe = (...overrides: string[]): Recipe => readRecipe(recipeText, "recipe.yaml", overrides);

/** Writes three members' tables and a start model. */
export async function prepareStudy(home: string, sizes = [50, 80, 60], which = recipe()): Promise<void> {
  mkdirSync(home, { recursive: true });
  for (const [i, name] of names.entries())
    writeFileSync(join(home, `${name}.csv`), table(i, sizes[i]!, [0.3, 0.5, 0.7][i]!));
  writeFileSync(join(home, "public.csv"), table(99, 100, 0.5));
  await makeStartModel({ recipe: which, texts: join(home, "public.csv"), labels, folder: join(home, "start") });
}

export interface Studied {
  readonly proposal: Proposal;
  readonly outcome: StudyOutcome;
  readonly works: ReadonlyMap<string, MemberWork>;
}

/** Runs a study of the three members with real training. @param ranks of members' adapters, where they differ */
export async function study(
  home: string,
  which: Recipe,
  name: string,
  ranks: Record<string, number> = {},
): Promise<Studied> {
  const start = join(home, "start");
  const key = (party: string) => ({ name: party, key: partyOf(party).key });
  const { proposal, model } = await proposeStudy({
    recipe: which,
    start,
    run: `study-${name}`,
    coordinator: key("coordinator"),
    members: names.map(key),
  });
  const works = new Map<string, MemberWork>();
  for (const member of names)
    works.set(
      member,
      await openMemberWork({
        proposal,
        start,
        table: join(home, `${member}.csv`),
        folder: join(home, name, member),
        rank: ranks[member],
      }),
    );
  const members = names.map((member): SimulatedMember => {
    const { work, privacy } = works.get(member)!;
    return { identity: partyOf(member).identity, work, privacy };
  });
  const coordinator = partyOf("coordinator").identity;
  const outcome = await simulate({ primitives, proposal, coordinator, members, model, entropy: random(1) });
  return { proposal, outcome, works };
}
