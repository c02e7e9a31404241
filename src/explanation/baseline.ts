// What stands in the place of a hidden word: a token that says nothing. Pure.
import { ConcordError } from "../base/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";

/** Roles of tokens that can stand for nothing. */
export const baselineRoles = ["mask", "pad", "unk"] as const;
export type BaselineRole = (typeof baselineRoles)[number];

export interface Baseline {
  readonly role: BaselineRole;
  readonly token: string;
  readonly id: number;
}

/**
 * The tokenizer's token of a role; by default the first that it has of mask, pad, unk.
 * @throws E_TOKENIZER when it has none
 * @example baselineOf(tokenizer) // { role: "mask", token: "[MASK]", id: 103 }
 */
export function baselineOf({ special }: Pick<Tokenizer, "special">, asked?: BaselineRole): Baseline {
  const role = asked ?? baselineRoles.find((name) => special[name]);
  const found = role && special[role];
  if (role && found) return { role, ...found };
  throw new ConcordError("E_TOKENIZER", {
    operation: "explain",
    problem: asked ? `the tokenizer has no token for ${asked}` : "the tokenizer has no token that says nothing",
    expected: baselineRoles.filter((name) => !asked || special[name]).join(", ") || "a mask, pad or unk token",
    got: Object.keys(special).join(", ") || "no special tokens",
  });
}
