// What changed inputs cost, whether foreign texts can be told, and what prediction sets hold.
import { type Language, say } from "../../messages/index.ts";
import {
  count,
  decimal,
  type Html,
  html,
  isRecord,
  isScore,
  percent,
  scoreCell,
  short,
  table,
} from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { cell } from "../words.ts";

type Facts = Readonly<Record<string, unknown>>;

/** Undefined where the audit has no part `robustness`. */
export function robustnessSection({ language, audit }: ReportInput): Html | undefined {
  const found = audit?.robustness;
  if (!isRecord(found)) return undefined;
  return html`${shiftsTable(language, found)}
${foreignTable(language, found.foreign)}
${setsSection(language, found.sets)}`;
}

function shiftsTable(language: Language, { shifts, clean, measure, rows }: Facts): Html | undefined {
  if (!Array.isArray(shifts) || !isRecord(clean)) return undefined;
  const named = say(language, `report.robustness.measure.${measure as "accuracy"}`);
  const lines = shifts
    .filter(isRecord)
    .map((s) => [
      say(language, `report.robustness.change.${s.kind as "typos"}`, { rate: percent(Number(s.rate)) }),
      percent(Number(s.changed)),
      scoreCell(s.score),
      scoreCell(s.loss),
      scoreCell(s.flips),
      eceCell(s.ece),
    ]);
  return html`<p>${say(language, "report.robustness.text", { rows: Number(rows), measure: named })}</p>
${table({
  caption: say(language, "report.robustness.shifts"),
  columns: (["shift", "changed", "score", "loss", "flips", "ece"] as const).map((c) =>
    say(language, `report.robustness.${c}`),
  ),
  rows: [
    [say(language, "report.robustness.clean"), "–", scoreCell(clean.score), "–", "–", eceCell(clean.ece)],
    ...lines,
  ],
})}`;
}

const eceCell = (ece: unknown): string => (typeof ece === "number" ? decimal(ece) : "–");

function foreignTable(language: Language, foreign: unknown): Html | undefined {
  if (!isRecord(foreign)) return undefined;
  const ways = (["unsureness", "energy", "distance"] as const).filter((way) => isScore(foreign[way]));
  const title = say(language, "report.robustness.foreign");
  return html`<h3>${title}</h3>
<p>${say(language, "report.robustness.foreignText", { texts: Number(foreign.texts) })}</p>
${table({
  caption: title,
  columns: ["", say(language, "report.robustness.auroc")],
  rows: ways.map((way) => [say(language, `report.robustness.${way}`), scoreCell(foreign[way])]),
})}`;
}

function setsSection(language: Language, sets: unknown): Html | undefined {
  if (!isRecord(sets) || !isRecord(sets.coverage) || !isRecord(sets.scores)) return undefined;
  const { promised, all, size, single, empty, groups } = sets.coverage;
  if (!isScore(all)) return undefined;
  const common = {
    promised: percent(Number(promised)),
    coverage: percent(all.value),
    low: percent(all.low),
    high: percent(all.high),
    size: typeof size === "number" ? short(size) : "∞",
  };
  const shares = { single: percent(Number(single)), empty: percent(Number(empty)) };
  const text =
    sets.scores.by === "residual"
      ? say(language, "report.robustness.interval", common)
      : say(language, "report.robustness.setsText", { ...common, ...shares });
  const attributes = isRecord(groups) ? Object.entries(groups) : [];
  return html`<h3>${say(language, "report.robustness.sets")}</h3>
<p>${text}</p>
${attributes.map(([name, values]) => (isRecord(values) ? coverageTable(language, name, values) : undefined))}`;
}

function coverageTable(language: Language, attribute: string, values: Facts): Html {
  return table({
    caption: `${say(language, "report.robustness.coverage")}: ${attribute}`,
    columns: [attribute, say(language, "report.support"), say(language, "report.robustness.coverage")],
    rows: Object.entries(values).flatMap(([value, share]) =>
      isScore(share) && isRecord(share) ? [[cell(language, value), count(Number(share.rows)), scoreCell(share)]] : [],
    ),
  });
}
