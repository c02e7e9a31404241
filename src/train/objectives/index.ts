// Objectives by name: one file each.
import { ConcordError } from "../../base/index.ts";
import { choices } from "./choices.ts";
import { contrast } from "./contrast.ts";
import { distil } from "./distil.ts";
import { dpo } from "./dpo.ts";
import { kto } from "./kto.ts";
import { masked } from "./masked.ts";
import { neighbours } from "./neighbours.ts";
import type { Objective } from "./objective.ts";
import { orpo } from "./orpo.ts";
import { pairing } from "./pairing.ts";
import { grpo, reinforce } from "./policy.ts";
import { ranking } from "./ranking.ts";
import { cosent, cosine } from "./similarity.ts";
import { supervised } from "./supervised.ts";
import { triplet } from "./triplet.ts";

export const objectives = {
  supervised,
  masked,
  contrast,
  pairing,
  neighbours,
  triplet,
  cosine,
  cosent,
  choices,
  distil,
  dpo,
  orpo,
  kto,
  ranking,
  grpo,
  reinforce,
} as const;

type Name = keyof typeof objectives;
type Settings = { readonly [N in Name]: Parameters<(typeof objectives)[N]>[0] };
const makers: { readonly [N in Name]: (settings: Settings[N]) => Objective } = objectives;

/** An objective with its settings, as a job names it: plain data. */
export type ObjectiveChoice<N extends Name = Name> = {
  [K in N]: { readonly name: K; readonly settings: Settings[K] };
}[N];

/** The objective that a job names. Default supervised. @throws E_CONFIG for a name that there is not, or settings out of range */
export function objectiveOf<N extends Name>(choice?: ObjectiveChoice<N>): Objective {
  if (!choice) return supervised();
  if (Object.hasOwn(makers, choice.name)) return makers[choice.name](choice.settings);
  throw new ConcordError("E_CONFIG", {
    operation: "training options",
    problem: "there is no such objective",
    expected: Object.keys(makers).join(", "),
    got: choice.name,
    path: "objective",
  });
}
