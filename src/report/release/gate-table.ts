// The gates of a passport as a table: failed ones first, each with the number that was compared with its limit.
import { type Language, say } from "../../messages/index.ts";
import { type Html, table } from "../../pages/index.ts";
import { limitText, type Passport } from "../../passport/index.ts";
import { amountOf, boundWords, valueWords } from "./value-words.ts";

export function gateTable({ policy, values }: Passport, language: Language): Html {
  const columns = (["value", "measured", "limit", "result"] as const).map((c) => say(language, `report.release.${c}`));
  const rows = [...policy.gates]
    .sort((a, b) => Number(a.passed) - Number(b.passed))
    .map((gate) => {
      const amount = (n: number) => amountOf(gate.value, n);
      return [
        valueWords(gate.value, language),
        `${amount(gate.measured)} (${boundWords(gate, values[gate.value], language)})`,
        limitText(gate, amount),
        say(language, gate.passed ? "release.gate.passed" : "release.gate.overridden"),
      ];
    });
  return table({ caption: say(language, "report.release.gates"), columns, rows, texts: [0, 1, 2, 3] });
}
