// A first policy for a run: limits for what it measured, with the run's own number beside each, so that people can decide.
import { checkGates, type Gate, limitText, type Measured } from "../passport/index.ts";
import { amountOf, boundWords, valueWords } from "../report/index.ts";

/** A limit that is proposed, and why. */
interface Proposal {
  readonly gate: Gate;
  readonly why: string;
}

/** What a policy usually asks for, by the names of the values. The limit follows from the number only where no common one exists. */
const rules: readonly {
  readonly pattern: RegExp;
  readonly limit: (measured: Measured) => Pick<Gate, "atLeast" | "atMost">;
  readonly why: string;
}[] = [
  {
    pattern: /^metrics\.(macroF1|f1|r2)$/,
    limit: ({ value, low = value }) => ({ atLeast: Math.floor(20 * low) / 20 }),
    why: "the lowest score that is still useful: decide it from the task, not from this run",
  },
  {
    pattern: /^metrics\.beyondBaseline\./,
    limit: () => ({ atLeast: 0 }),
    why: "a simpler model would be cheaper and easier to explain",
  },
  { pattern: /^metrics\.calibrationError$/, limit: () => ({ atMost: 0.1 }), why: "people act on the probabilities" },
  {
    pattern: /^fairness\.[^.+]+\.gap\.(accuracy|f1|exactMatch)$/,
    limit: () => ({ atMost: 0.1 }),
    why: "every group is served alike",
  },
  {
    pattern: /^privacy\.epsilon$/,
    limit: ({ value }) => ({ atMost: Math.ceil(value) }),
    why: "the agreed privacy budget",
  },
  {
    pattern: /^privacy\.membership\.strongest\.tprAtFpr0\.01$/,
    limit: () => ({ atMost: 0.05 }),
    why: "few training rows can be recognised",
  },
  {
    pattern: /^explanation\.occlusion\.aboveRandom$/,
    limit: () => ({ atLeast: 0 }),
    why: "highlighted words are those that count",
  },
  {
    pattern: /^size\.model\.bytes$/,
    limit: ({ value }) => ({ atMost: 10 ** Math.ceil(Math.log10(value)) }),
    why: "the device that it is meant for",
  },
];

/** Limits for the values of a run that policies usually ask for. */
function proposals(values: Readonly<Record<string, Measured>>): Proposal[] {
  const names = Object.keys(values);
  return rules.flatMap(({ pattern, limit, why }) =>
    names
      .filter((name) => pattern.test(name))
      .map((value) => ({ gate: { value, ...limit(values[value]!), use: "interval" as const }, why })),
  );
}

const quoted = (text: string): string => JSON.stringify(text);

/**
 * A commented policy file.
 * @param values of the run, as {@link import("./run-values.ts").runValues} reads them
 * @param signers public files by role; the first role has to sign
 * @returns YAML, and how many gates it has; reading it back gives a valid policy where the signers' files exist
 * @example proposePolicy({ "metrics.macroF1": { value: 0.8, low: 0.77, high: 0.83 } }, { builder: ["keys/builder.pub.json"] })
 */
export function proposePolicy(
  values: Readonly<Record<string, Measured>>,
  signers: Readonly<Record<string, readonly string[]>>,
): { readonly text: string; readonly gates: number } {
  const roles = Object.keys(signers);
  const proposed = proposals(values);
  const gates = proposed.map(({ gate, why }) => {
    const [result] = checkGates([gate], values);
    const amount = (n: number) => amountOf(gate.value, n);
    const zero =
      gate.atLeast === 0 ? `\n  # Exactly 0 passes, and means no gain. To require a gain, write a limit above 0.` : "";
    const limit = gate.atLeast === undefined ? `atMost: ${gate.atMost}` : `atLeast: ${gate.atLeast}`;
    return `  # ${valueWords(gate.value, "en")}: this run has ${amount(result!.measured)} (${boundWords(result!, values[gate.value], "en")}), which ${result!.passed ? "passes" : "FAILS"} ${limitText(gate, amount)}.${zero}
  - { value: ${quoted(gate.value)}, ${limit}, use: ${gate.use}, why: ${quoted(why)} }`;
  });
  const text = `# Release policy: who has to sign, and what a model has to show. Made from one run by concord policy init.
# Every limit here is a proposal. Decide each one with the people whom the model concerns, before the next run.
version: 1
# Public files of the signers by role, from this file's folder. Make one with: concord keys keys/builder --name "Your organisation"
signers:
${roles.map((role) => `  ${role}: [${signers[role]!.map(quoted).join(", ")}]`).join("\n")}
require: [${roles.join(", ")}] # these roles have to sign
override: [${roles.includes("auditor") ? "auditor" : ""}] # these roles may approve a failed gate as an exception, with a reason
gates: # use: interval compares the less favourable end of the 95 % interval
${gates.join("\n")}
`;
  return { text, gates: gates.length };
}
