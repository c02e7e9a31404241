// How faithful explanations are, which words drive each class, and in which cohorts the model errs more.
import { type Language, type MessageKey, say } from "../../messages/index.ts";
import { count, decimal, type Html, html, isRecord, isScore, percent, scoreCell, table } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { known } from "../words.ts";

type Facts = Readonly<Record<string, unknown>>;

/** Undefined where the audit has no part `explanation`. */
export function explanationSection({ language, audit }: ReportInput): Html | undefined {
  const found = audit?.explanation;
  if (!isRecord(found) || !isRecord(found.methods)) return undefined;
  const text = found.of === "patches" ? "report.explanation.patches" : "report.explanation.text";
  return html`<p>${say(language, text, { rows: Number(found.rows) })}</p>
${methodsTable(language, found.methods, found.random)}
${flipText(language, found.flip)}
${wordsTable(language, found.words)}
${cohortsTable(language, found.cohorts)}`;
}

const columns = ["comprehensiveness", "sufficiency", "aopc", "aboveRandom"] as const;
const randomisedParts = ["head", "upper", "all"] as const;

const cascadeOf = (scores: unknown): Facts | undefined =>
  isRecord(scores) && isRecord(scores.cascade) ? scores.cascade : undefined;

function methodsTable(language: Language, methods: Facts, chance: unknown): Html {
  const row = (name: string, scores: unknown) => [
    name,
    ...columns.map((column) => scoreCell(isRecord(scores) ? scores[column] : undefined)),
    ...randomisedParts.map((part) => scoreCell(cascadeOf(scores)?.[part])),
  ];
  return table({
    caption: say(language, "report.explanation.methods"),
    columns: [
      say(language, "report.explanation.method"),
      ...columns.map((column) => say(language, `report.explanation.${column}`)),
      ...randomisedParts.map((part) => say(language, `report.explanation.randomised.${part}`)),
    ],
    rows: [
      ...Object.entries(methods).map(([name, scores]) => row(known(language, "explain.method", name), scores)),
      row(say(language, "report.explanation.random"), chance),
    ],
  });
}

function flipText(language: Language, flip: unknown): Html | undefined {
  if (!isRecord(flip) || !isScore(flip.rate) || typeof flip.share !== "number") return undefined;
  const values = { rate: percent(flip.rate.value), share: percent(flip.share) };
  return html`<p>${say(language, "report.explanation.flip", values)}</p>`;
}

function wordsTable(language: Language, words: unknown): Html | undefined {
  if (!isRecord(words) || !Object.keys(words).length) return undefined;
  const shown = (list: unknown) =>
    (Array.isArray(list) ? list : [])
      .filter(isRecord)
      .map((w) => `${String(w.word)} +${Number(w.value).toFixed(2)} (${Number(w.rows)})`)
      .join(" · ");
  return html`<h3>${say(language, "report.explanation.words")}</h3>
<p class="note">${say(language, "report.explanation.wordsText")}</p>
${table({
  caption: say(language, "report.explanation.words"),
  columns: [say(language, "report.label"), say(language, "explain.word")],
  rows: Object.entries(words).map(([label, list]) => [label, shown(list) || "–"]),
  texts: [0, 1],
})}`;
}

function cohortsTable(language: Language, cohorts: unknown): Html | undefined {
  if (!isRecord(cohorts) || !Array.isArray(cohorts.slices) || !cohorts.tested) return undefined;
  const tested = count(Number(cohorts.tested));
  const slices = cohorts.slices.filter(isRecord);
  const title = say(language, "report.explanation.cohorts");
  if (!slices.length) return html`<h3>${title}</h3><p>${say(language, "report.explanation.noCohort", { tested })}</p>`;
  const nameOf = (s: Facts) =>
    say(language, `cohort.${String(s.kind)}` as Extract<MessageKey, `cohort.${string}`>, { name: String(s.name) });
  const rate = percent(Number(cohorts.falseDiscoveryRate));
  return html`<h3>${title}</h3>
<p>${say(language, "report.explanation.cohortsText", { tested, rate })}</p>
${table({
  caption: title,
  columns: [
    say(language, "report.explanation.cohort"),
    say(language, "report.support"),
    say(language, "report.explanation.errors"),
    say(language, "report.explanation.rest"),
  ],
  rows: slices.map((s) => [
    nameOf(s),
    count(Number(s.rows)),
    scoreCell({ value: s.rate, low: s.low, high: s.high }),
    decimal(Number(s.rest)),
  ]),
})}`;
}
