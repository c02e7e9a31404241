// Gates and overrides of a release as lines of a terminal: what was compared with which limit, and who approved an exception.
import { type Language, say } from "../messages/index.ts";
import { type GateResult, limitText, type Passport } from "../passport/index.ts";
import { type ApprovedOverride, approvedOverrides } from "../release/index.ts";
import { amountOf, boundWords, valueWords } from "../report/index.ts";

/** A line for each gate, the failed ones first. */
export function gateLines(gates: readonly GateResult[], values: Passport["values"], language: Language): string[] {
  return [...gates]
    .sort((a, b) => Number(a.passed) - Number(b.passed))
    .map((gate) => {
      const line = say(language, "release.gate.line", {
        value: valueWords(gate.value, language),
        measured: amountOf(gate.value, gate.measured),
        bound: boundWords(gate, values[gate.value], language),
        limit: limitText(gate, (n) => amountOf(gate.value, n)),
      });
      return `  ${say(language, gate.passed ? "release.gate.passed" : "release.gate.overridden")}  ${line}`;
    });
}

const overrideLines = (overrides: readonly ApprovedOverride[], language: Language): string[] =>
  overrides.map(({ value, by, reason }) =>
    say(language, "verify.override", { gate: valueWords(value, language), ...by, reason }),
  );

/** What a signer is about to vouch for: gates as they came out, exceptions with who asked for them. */
export function signingLines({ name, made, values, policy }: Passport, language: Language): string[] {
  const signers = (policy.signers ?? []).map(({ keyid, ...signer }) => ({ ...signer, keyId: keyid }));
  return [
    say(language, "sign.about", { name, made: made.slice(0, 10) }),
    ...gateLines(policy.gates, values, language),
    ...overrideLines(approvedOverrides({ policy }, signers), language),
  ];
}

/** The verdict of a verification, then one line for each override. */
export function verdictLines(
  { name, made }: Passport,
  overrides: readonly ApprovedOverride[],
  language: Language,
): string[] {
  const facts = { name, made: made.slice(0, 10) };
  const count = overrides.length;
  const verdict =
    count === 0
      ? say(language, "verify.ok", facts)
      : count === 1
        ? say(language, "verify.ok.override", facts)
        : say(language, "verify.ok.overrides", { ...facts, count });
  return [verdict, ...overrideLines(overrides, language)];
}

/** How many gates passed. */
export function gateCount(gates: readonly GateResult[], language: Language): string {
  const [all, passed] = [gates.length, gates.filter((gate) => gate.passed).length];
  return passed === all
    ? say(language, "verify.gates.all", { all })
    : say(language, "verify.gates", { all, passed, failed: all - passed });
}
