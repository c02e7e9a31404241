// Rewards by rules over the text of an answer. Pure.
import type { JsonValue } from "../formats/index.ts";
import { matcher } from "../generate/index.ts";
import type { Reward } from "./reward.ts";

/** 1 where the answer is the expected one, apart from spaces around both. @param weight factor */
export const exactAnswer = (weight: number): Reward => ({
  name: "exact",
  weight,
  of: (answers) =>
    answers.map(({ answer, expected }) => Number(expected !== undefined && answer.trim() === expected.trim())),
});

/** 1 where the whole answer, without spaces around it, matches. @throws E_ARGUMENT for a pattern that is wrong or not covered */
export function matchingPattern(weight: number, pattern: string): Reward {
  const matches = matcher({ pattern });
  return { name: "pattern", weight, of: (answers) => answers.map(({ answer }) => Number(matches(answer.trim()))) };
}

/** 1 where the answer is JSON that the schema allows, its properties in the schema's order. @throws E_ARGUMENT for a schema that is wrong or not covered */
export function validJson(weight: number, schema: JsonValue): Reward {
  const matches = matcher({ schema });
  return { name: "schema", weight, of: (answers) => answers.map(({ answer }) => Number(matches(answer))) };
}

/** 1 for an answer of so many characters; outside less by its distance from the nearer limit over `most`, at least 0. */
export const lengthBetween = (
  weight: number,
  { least, most }: { readonly least: number; readonly most: number },
): Reward => ({
  name: "length",
  weight,
  of: (answers) =>
    answers.map(({ answer }) => {
      const length = [...answer].length;
      return Math.max(0, 1 - Math.max(0, least - length, length - most) / most);
    }),
});
