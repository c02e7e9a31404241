// The report's section on compression: what was done, the model before and after, and whose answers changed.
import { compression } from "../artifacts/index.ts";
import { type Language, say } from "../messages/index.ts";
import { type Html, html, isRecord, table } from "../pages/index.ts";
import { changeName, changeNumber } from "../report/index.ts";
import { sectionOf } from "../stages/index.ts";
import type { Reaudit } from "./reaudit/reaudit.ts";
import type { Change } from "./reaudit/sides.ts";
import { flipsText } from "./text.ts";

export const compressionSection = sectionOf(
  compression,
  { en: "Compression", zh: "压缩" },
  (found, language): Html => contentOf(found as unknown as Kept, language), // what the stage below wrote
);

/** What audit/compression.json holds. */
type Kept = Pick<Reaudit, "changes" | "answers"> & {
  readonly steps: readonly { readonly step: string; readonly settings: Readonly<Record<string, unknown>> }[];
};

function contentOf({ changes, answers, steps }: Kept, language: Language): Html {
  const done = steps.map(({ step, settings }) => html`<li>${stepText(step, settings)}</li>`);
  return html`<p>${say(language, "compress.intro")}</p>
<ul aria-label="${say(language, "compress.steps")}">${done}</ul>
${table({
  caption: say(language, "compress.table"),
  columns: (["what", "before", "after", "change", "interval"] as const).map((c) => say(language, `compress.${c}`)),
  rows: Object.entries(changes).map(([name, found]) => changeRow(name, found, language)),
})}
${answers && html`<p>${flipsText(answers, language)}</p>${groupTable(answers, language)}`}`;
}

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
