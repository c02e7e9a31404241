// The report's section on compression: what was done, the model before and after, and whose answers changed.
import { compression } from "../artifacts/index.ts";
import { type Language, say } from "../messages/index.ts";
import { type ChartSpec, chart, type Html, html, isRecord, table } from "../pages/index.ts";
import type { QuantiseTarget } from "../quantise/index.ts";
import { changeName, changeNumber } from "../report/index.ts";
import type { StageSection } from "../stages/index.ts";
import type { AppliedStep } from "./applied.ts";
import type { MixedPrecision } from "./mixed-precision.ts";
import { mixedTable, mixedText } from "./mixed-text.ts";
import type { Reaudit } from "./reaudit/reaudit.ts";
import type { Change } from "./reaudit/sides.ts";
import type { Search } from "./search.ts";
import { candidateCells, candidateHeads, flipsText, leftLines, unmeasuredLines } from "./text.ts";

export const compressionSection: StageSection = {
  artifact: compression,
  title: { en: "Compression", zh: "压缩" },
  async content({ find }, language) {
    const found = await find(compression);
    if (found === undefined) return undefined;
    const kept = found as unknown as Kept; // what the stage below wrote
    return html`${kept.search && (await searchContent(kept.search, language))}${contentOf(kept, language)}`;
  },
};

async function searchContent(search: Search, language: Language): Promise<Html> {
  const score = changeName(search.score, language);
  const values = search.candidates.map(({ size, drop, pareto, chosen }, i) => ({
    size,
    drop,
    label: chosen || pareto ? `${i + 1}` : "", // the place in the table: names would lie on each other
    kind: chosen ? say(language, "compress.chosen") : pareto ? say(language, "compress.pareto") : "–",
  }));
  const spec: ChartSpec = {
    width: 360,
    height: 220,
    data: { values },
    encoding: {
      x: { field: "size", type: "quantitative", title: say(language, "compress.sizeRatio") },
      y: { field: "drop", type: "quantitative", title: say(language, "compress.drop", { score }) },
    },
    layer: [
      {
        mark: { type: "point", filled: true, size: 70 },
        encoding: {
          color: { field: "kind", type: "nominal", title: null },
          shape: { field: "kind", type: "nominal", title: null },
        },
      },
      { mark: { type: "text", dy: -10, fontSize: 11, color: "currentColor" }, encoding: { text: { field: "label" } } },
    ],
  };
  const variants = (search.variants ?? []).map(({ name, steps }) => {
    const done = steps.map(({ step, settings }) => stepText(step, settings)).join("; ");
    return html`<li>${say(language, "compress.variant", { name, steps: done })}</li>`;
  });
  return html`<p>${say(language, "compress.search", { rows: search.validationRows })}</p>
${variants.length > 0 ? html`<ul>${variants}</ul>` : undefined}
${table({
  caption: say(language, "compress.candidate"),
  columns: candidateHeads(search, language),
  rows: search.candidates.map((one, i) => candidateCells({ ...one, name: `${i + 1}. ${one.name}` }, language)),
  texts: [0, 4],
})}
${leftLines(search, language).map((line) => html`<p>${line}</p>`)}
${await chart(spec, say(language, "compress.front"), say(language, "compress.front.text", { score }))}`;
}

/** What audit/compression.json holds. */
type Kept = Pick<Reaudit, "changes" | "answers" | "unmeasured"> & {
  readonly search?: Search;
  readonly steps: readonly (AppliedStep & { readonly mixed?: MixedPrecision })[];
};

function contentOf({ changes, answers, unmeasured = [], steps }: Kept, language: Language): Html {
  const done = steps.map(({ step, settings }) => html`<li>${stepText(step, settings)}</li>`);
  const mixed = steps.flatMap((one) => (one.mixed ? [mixedContent(one.mixed, one.settings, language)] : []));
  return html`<p>${say(language, "compress.intro")}</p>
<ul aria-label="${say(language, "compress.steps")}">${done}</ul>${mixed}
${table({
  caption: say(language, "compress.table"),
  columns: (["what", "before", "after", "change", "interval"] as const).map((c) => say(language, `compress.${c}`)),
  rows: Object.entries(changes).map(([name, found]) => changeRow(name, found, language)),
})}
${answers && html`<p>${flipsText(answers, language)}</p>${groupTable(answers, language)}`}
${unmeasuredLines(unmeasured, language).map((line) => html`<p>${line}</p>`)}`;
}

const mixedContent = (mixed: MixedPrecision, { to }: AppliedStep["settings"], language: Language): Html =>
  html`<p>${mixedText(mixed, to as QuantiseTarget, language)}</p>${mixedTable(mixed, language)}`;

function changeRow(name: string, { before, after, change }: Change, language: Language): string[] {
  const interval =
    change.low === undefined
      ? "–"
      : `${changeNumber(name, change.low, true)} … ${changeNumber(name, change.high!, true)}`;
  return [
    changeName(name, language),
    changeNumber(name, before.value),
    changeNumber(name, after.value),
    changeNumber(name, change.value, true),
    interval,
  ];
}

/** @example stepText("quantise", { to: "int8", bits: 7 }) // "quantise: to int8, bits 7" */
export function stepText(step: string, settings: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(settings).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  const text = shown.map(([name, value]) => `${name} ${isRecord(value) ? JSON.stringify(value) : String(value)}`);
  return `${step}: ${text.join(", ")}`;
}

function groupTable({ groups }: NonNullable<Reaudit["answers"]>, language: Language): Html | undefined {
  const rows = Object.entries(groups).flatMap(([attribute, counts]) =>
    Object.entries(counts).map(([group, { rows: all, changed }]) => [`${attribute} = ${group}`, all, changed]),
  );
  if (rows.length === 0) return undefined;
  return table({
    caption: say(language, "compress.flips.groups"),
    columns: ["", say(language, "compress.flips.rows"), say(language, "compress.flips.changed")],
    rows,
  });
}
