// What changed between two releases of a model, for who has to sign the new one.
import { type Language, say } from "../../messages/index.ts";
import { count } from "../../pages/index.ts";
import { limitText, type Passport, statedIn } from "../../passport/index.ts";
import { amountOf, valueWords } from "./value-words.ts";

/** One change: what, how it was, how it is. */
export interface Difference {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Changes in data, model, recipe, code, rows, the owner's statements, and in every value that a gate of either release names.
 * @returns nothing where both say the same
 * @example differences(last, passport, "en").map(({ what }) => what)
 */
export function differences(before: Passport, after: Passport, language: Language): Difference[] {
  const short = (digest: string) => `SHA-256 ${digest.slice(0, 12)}…`;
  const digests = (["model", "recipe", "code"] as const).map((name) => ({
    what: say(language, `difference.${name}`),
    before: short(before.digests[name]),
    after: short(after.digests[name]),
  }));
  const dataOf = ({ digests: { data } }: Passport) =>
    Object.keys(data)
      .sort()
      .map((name) => `${name} ${data[name]}`)
      .join("\n");
  const rows = (passport: Passport) =>
    Object.entries(passport.rows)
      .map(([part, n]) => `${part} ${count(n)}`)
      .join(", ");
  const all = [
    ...digests,
    ...(dataOf(before) === dataOf(after)
      ? []
      : [
          {
            what: say(language, "difference.data"),
            before: rows(before),
            after: `${rows(after)} ${say(language, "difference.otherRows")}`,
          },
        ]),
    ...statements(before, after, language),
    ...gateChanges(before, after, language),
  ];
  return all.filter((one) => one.before !== one.after);
}

function statements(before: Passport, after: Passport, language: Language): Difference[] {
  const questions = ["purpose", "users", "instructions", "misuse", "oversight"] as const;
  return questions.map((name) => ({
    what: say(language, `plain.${name}`),
    before: statedIn(before.about[name], language)?.text ?? "–",
    after: statedIn(after.about[name], language)?.text ?? "–",
  }));
}

/** Measured numbers, limits and results of every value that either policy names. */
function gateChanges(before: Passport, after: Passport, language: Language): Difference[] {
  const names = [...new Set([...after.policy.gates, ...before.policy.gates].map((gate) => gate.value))];
  const cell = ({ policy, values }: Passport, name: string): string => {
    const gate = policy.gates.find((one) => one.value === name);
    const amount = (n: number) => amountOf(name, n);
    const value = values[name];
    const shown = value ? amount(value.value) : "–";
    if (!gate) return say(language, "difference.noGate", { value: shown });
    const result = say(language, gate.passed ? "release.gate.passed" : "release.gate.overridden");
    return `${shown} (${limitText(gate, amount)}; ${result})`;
  };
  return names.map((name) => ({
    what: valueWords(name, language),
    before: cell(before, name),
    after: cell(after, name),
  }));
}
