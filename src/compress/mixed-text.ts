// What mixed precision kept, for a terminal and for the report.
import { type Language, say } from "../messages/index.ts";
import { type Html, table } from "../pages/index.ts";
import type { QuantiseTarget } from "../quantise/index.ts";
import { changeName } from "../report/index.ts";
import type { MixedPrecision } from "./mixed-precision.ts";

/** How many matrices are kept, in what, and the loss that is left. @param to what the others are stored in */
export function mixedText({ kept, tried, score }: MixedPrecision, to: QuantiseTarget, language: Language): string {
  const { drop } = tried.find((one) => one.kept === kept.length)!;
  return say(language, kept.length ? "compress.mixed" : "compress.mixed.none", {
    kept: kept.length,
    bits: to === "int4" ? 8 : 32,
    score: changeName(score, language),
    drop: drop.toFixed(4).replace("-", "−"),
  });
}

const mostShown = 20;

/** The most sensitive matrices, and which of them are kept. Undefined where none was measured. */
export function mixedTable({ kept, sensitivities }: MixedPrecision, language: Language): Html | undefined {
  if (sensitivities.length === 0) return undefined;
  return table({
    caption: say(language, "compress.mixed.table"),
    columns: (["matrix", "divergence", "kept"] as const).map((column) => say(language, `compress.mixed.${column}`)),
    rows: sensitivities
      .slice(0, Math.max(mostShown, kept.length))
      .map(({ name, divergence }) => [
        name,
        divergence.toExponential(2),
        kept.includes(name) ? say(language, "compress.mixed.yes") : "",
      ]),
    texts: [0, 2],
  });
}
