// What a schema found wrong in a recipe, in words for people: no word of the schema's library reaches a user.
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** A key of a recipe, and what is wrong with it. */
export interface RecipeFault {
  readonly path: readonly string[];
  readonly message: string;
}

/** Of a choice between forms, what is wrong with the form that was meant: the one that fits furthest. Path from the root. */
export function plainIssue(issue: Issue, value: unknown): Issue {
  if (issue.code !== "invalid_union") return issue;
  const got = valueAt(value, issue.path);
  const branches = issue.errors.map((errors) => errors[0]!).filter(Boolean);
  // an object was written where one may stand: its keys are what matters; else no form fits, and all are named
  const isObject = typeof got === "object" && got !== null;
  const inside = branches.find(
    ({ path, code }) => path.length > 0 || code === "unrecognized_keys" || (isObject && code === "custom"),
  );
  if (!inside) return issue;
  const whole = { ...inside, path: [...issue.path, ...inside.path] } as Issue; // the same issue, placed
  return plainIssue(whole, value);
}

export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined | null)?.[key], value);

const types: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "keys and values",
  record: "keys and values",
  null: "null",
};

/** What was expected, in words. @example expectedOf(issue) // "at least 8" */
export function expectedOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      if (!issue.message.startsWith("Invalid input")) return issue.message; // the schema has words of its own
      return types[issue.expected] ?? issue.expected;
    case "too_small":
      return bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    case "invalid_value":
      return `one of: ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return [...new Set(issue.errors.map(([first]) => first && expectedOf(first)))].filter(Boolean).join(", or ");
    case "invalid_format":
      return "a name of letters and digits, with spaces, dots, _ and - inside, of at most 64 characters";
    default:
      return issue.message;
  }
}

function bound(origin: string, words: string, limit: number | bigint): string {
  const least = words === "at least";
  if (origin === "string")
    return least && limit === 1 ? "a text that is not empty" : `${least ? "at least" : "at most"} ${limit} characters`;
  if (origin === "array") return `${least ? "at least" : "at most"} ${limit} in the list`;
  return `${words} ${limit}`;
}
