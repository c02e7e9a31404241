// Whether probabilities are honest: reliability before and after the temperature.
import type { Calibration } from "../../eval/index.ts";
import { type Language, say } from "../../messages/index.ts";
import { chart, count, decimal, folded, type Html, html, isRecord, reliability, table } from "../../pages/index.ts";
import type { StatedOf } from "../../tasks/index.ts";
import type { ReportInput } from "../input.ts";

/** `of` tells what has a probability; metrics.json of earlier versions lack it. */
type Shown = Calibration & { readonly of?: StatedOf };

const calibrationOf = (value: unknown): Shown | undefined =>
  isRecord(value) && Array.isArray(value.bins) && typeof value.ece === "number"
    ? (value as unknown as Shown)
    : undefined;

/** Undefined for tasks without probabilities. */
export async function calibrationSection({
  language,
  metrics,
  data,
  trainings,
}: ReportInput): Promise<Html | undefined> {
  const after = calibrationOf(metrics.calibration);
  if (!after) return undefined;
  const fitted = (data.parts.dev ?? 0) > 0;
  const before = fitted ? calibrationOf(metrics.uncalibrated) : undefined;
  const named: [string, Calibration][] = before
    ? [
        [say(language, "report.before"), before],
        [say(language, "report.after"), after],
      ]
    : [[say(language, "report.before"), after]];
  const bins = named.flatMap(([series, { bins }]) =>
    bins.flatMap(({ confidence, accuracy, count: rows }) =>
      rows ? [{ series, confidence, accuracy, count: rows }] : [],
    ),
  );
  const titles = {
    confidence: say(language, "report.confidence"),
    accuracy: say(language, "report.accuracy"),
    count: say(language, "report.number"),
  };
  const used = { decided: metrics.decided === true, selected: trainings.some((t) => t.selection) };
  const described = say(language, "report.calibration.described", {
    bins: after.bins.length,
    largest: decimal(after.mce),
  });
  return html`<p>${intro(language, metrics.temperature, before, after)}${before && validationText(language, data.parts.dev ?? 0, used)}</p>
${await chart(reliability(bins, titles), say(language, "report.calibration.chart"), described)}
${folded(
  say(language, "report.bins"),
  table({
    caption: say(language, "report.calibration.chart"),
    columns: ["", titles.confidence, titles.accuracy, titles.count],
    rows: bins.map((bin) => [bin.series, decimal(bin.confidence), decimal(bin.accuracy), count(bin.count)]),
  }),
)}`;
}

/** What has a probability, where it is not the answer to a row. */
const counted: Partial<Record<StatedOf, "report.calibration.labels" | "report.calibration.entities">> = {
  labels: "report.calibration.labels",
  entities: "report.calibration.entities",
};

/** How large the error is, and what it is of. */
function intro(language: Language, temperature: unknown, before: Shown | undefined, after: Shown): string {
  const found = decimal(after.ece);
  const kept = temperature === undefined ? "report.calibration.unfitted" : "report.calibration.plain";
  const text = before
    ? say(language, "report.calibration.text", {
        temperature: Number(temperature).toFixed(2),
        before: decimal(before.ece),
        after: found,
      })
    : say(language, kept, { after: found });
  const of = after.of && counted[after.of];
  return of
    ? `${text} ${say(language, of, { count: count(after.bins.reduce((sum, bin) => sum + bin.count, 0)) })}`
    : text;
}

/** Fewer validation rows than this tell little of a temperature. */
const fewRows = 100;

/** What the validation rows fitted: a reader is told where rows were used twice. */
function validationText(
  language: Language,
  rows: number,
  { decided, selected }: { readonly decided: boolean; readonly selected: boolean },
): string {
  const [once, twice] = selected
    ? (["report.calibration.selected", "report.calibration.selectedTwice"] as const)
    : (["report.calibration.validation", "report.calibration.twice"] as const);
  const used = say(language, decided ? twice : once, { rows: count(rows) });
  return ` ${used}${rows < fewRows ? ` ${say(language, "report.calibration.few")}` : ""}`;
}
