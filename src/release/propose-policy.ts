// A first policy for a run: limits for what it measured, with the run's own number beside each, so that people can decide.
import { type Language, type MessageKey, say } from "../messages/index.ts";
import { checkGates, type Gate, limitText, type Measured } from "../passport/index.ts";
import { amountOf, boundWords, valueWords } from "../report/index.ts";

/** A limit that is proposed, and why. */
interface Proposal {
  readonly gate: Gate;
  readonly why: (typeof rules)[number]["why"];
}

/** What a policy usually asks for, by the names of the values. The limit follows from the number only where no common one exists. */
const rules: readonly {
  readonly pattern: RegExp;
  readonly limit: (measured: Measured) => Pick<Gate, "atLeast" | "atMost">;
  readonly why: Extract<MessageKey, `policy.why.${string}`>;
}[] = [
  {
    pattern: /^metrics\.(macroF1|f1|r2)$/,
    limit: ({ value, low = value }) => ({ atLeast: Math.floor(20 * low) / 20 }),
    why: "policy.why.score",
  },
  {
    pattern: /^metrics\.beyondBaseline\./,
    limit: () => ({ atLeast: 0 }),
    why: "policy.why.baseline",
  },
  { pattern: /^metrics\.calibrationError$/, limit: () => ({ atMost: 0.1 }), why: "policy.why.calibration" },
  {
    pattern: /^fairness\.[^.+]+\.gap\.(accuracy|f1|exactMatch)$/,
    limit: () => ({ atMost: 0.1 }),
    why: "policy.why.groups",
  },
  {
    pattern: /^privacy\.epsilon$/,
    limit: ({ value }) => ({ atMost: Math.ceil(value) }),
    why: "policy.why.epsilon",
  },
  {
    pattern: /^privacy\.membership\.strongest\.tprAtFpr0\.01$/,
    limit: () => ({ atMost: 0.05 }),
    why: "policy.why.membership",
  },
  {
    pattern: /^explanation\.occlusion\.aboveRandom$/,
    limit: () => ({ atLeast: 0 }),
    why: "policy.why.explanation",
  },
  {
    pattern: /^size\.model\.bytes$/,
    limit: ({ value }) => ({ atMost: 10 ** Math.ceil(Math.log10(value)) }),
    why: "policy.why.size",
  },
];

/** Limits for the values of a run that policies usually ask for. */
function proposals(values: Readonly<Record<string, Measured>>): Proposal[] {
  const names = Object.keys(values);
  return rules.flatMap(({ pattern, limit, why }) =>
    names
      .filter((name) => pattern.test(name.replace(/^metrics\.tasks\.[^.]+\./, "metrics."))) // of several tasks each one's
      .map((value) => ({ gate: { value, ...limit(values[value]!), use: "interval" as const }, why })),
  );
}

const quoted = (text: string): string => JSON.stringify(text);

/**
 * A commented policy file.
 * @param values of the run, as {@link import("./run-values.ts").runValues} reads them
 * @param signers public files by role; the first role has to sign
 * @param language of the comments and reasons. Default English
 * @returns YAML, and how many gates it has; reading it back gives a valid policy where the signers' files exist
 * @example proposePolicy({ "metrics.macroF1": { value: 0.8, low: 0.77, high: 0.83 } }, { builder: ["keys/builder.pub.json"] })
 */
export function proposePolicy(
  values: Readonly<Record<string, Measured>>,
  signers: Readonly<Record<string, readonly string[]>>,
  language: Language = "en",
): { readonly text: string; readonly gates: number } {
  const roles = Object.keys(signers);
  const proposed = proposals(values);
  const gates = proposed.map(({ gate, why }) => {
    const [result] = checkGates([gate], values);
    const amount = (n: number) => amountOf(gate.value, n);
    const zero = gate.atLeast === 0 ? `\n  # ${say(language, "policy.gate.zero")}` : "";
    const limit = gate.atLeast === undefined ? `atMost: ${gate.atMost}` : `atLeast: ${gate.atLeast}`;
    const comment = say(language, result!.passed ? "policy.gate.passes" : "policy.gate.fails", {
      value: valueWords(gate.value, language),
      measured: amount(result!.measured),
      bound: boundWords(result!, values[gate.value], language),
      limit: limitText(gate, amount),
    });
    return `  # ${comment}${zero}
  - { value: ${quoted(gate.value)}, ${limit}, use: ${gate.use}, why: ${quoted(say(language, why))} }`;
  });
  const text = `# ${say(language, "policy.comment.head")}
# ${say(language, "policy.comment.limits")}
version: 1
# ${say(language, "policy.comment.signers")}
signers:
${roles.map((role) => `  ${role}: [${signers[role]!.map(quoted).join(", ")}]`).join("\n")}
require: [${roles.join(", ")}] # ${say(language, "policy.comment.require")}
override: [${roles.includes("auditor") ? "auditor" : ""}] # ${say(language, "policy.comment.override")}
gates: # ${say(language, "policy.comment.gates")}
${gates.join("\n")}
`;
  return { text, gates: gates.length };
}
