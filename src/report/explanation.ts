// One explained answer as a page of its own: words marked by sign, number and shade; no script, nothing loaded. Plain data in.
import { type Language, say } from "../messages/index.ts";
import { decimal, type Html, html, htmlDocument, percent, table } from "../pages/index.ts";
import { known } from "./words.ts";

/** What the page shows. */
export interface ExplanationInput {
  readonly language: Language;
  /** Of the method: `integratedGradients`, …, `flip`. */
  readonly method: string;
  /** Undefined for a number. */
  readonly label?: string;
  /** Probability of the label, or the number that is predicted. */
  readonly number?: number;
  readonly texts: readonly string[];
  /** In the order of the texts; `value` is undefined where the method gives none. */
  readonly words: readonly {
    readonly part: number;
    readonly start: number;
    readonly end: number;
    readonly value?: number;
    /** True where the word is to be left out (method `flip`). */
    readonly removed?: boolean;
  }[];
  /** Words of a smaller value are not marked. */
  readonly least: number;
  readonly unseen: readonly { readonly part: number; readonly start: number; readonly end: number }[];
  /** Sentences on how it was found, in the page's language. */
  readonly notes: readonly string[];
  /** Training texts that are near. */
  readonly nearest: readonly { readonly text: string; readonly labels: readonly string[]; readonly cosine: number }[];
}

const shades = 4;

const marks = `
.text{white-space:pre-wrap;overflow-wrap:anywhere;line-height:2.4;font-size:1.1rem;max-width:none;background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.5rem 1rem}
mark{color:inherit;background:none;border-radius:.25rem;padding:.1em .15em}
mark sup{font-size:.65em;font-variant-numeric:tabular-nums;margin-left:.15em}
${Array.from({ length: shades }, (_, i) => `.p${i + 1}{background:color-mix(in srgb,var(--c1) ${12 * (i + 1)}%,transparent)}.m${i + 1}{background:color-mix(in srgb,var(--c2) ${12 * (i + 1)}%,transparent)}`).join("\n")}
del{text-decoration-thickness:.15em;text-decoration-color:var(--c2)}
.cut{color:var(--soft);text-decoration:underline dotted}
`;

/** A number with its sign, by a minus of its own width. @example signed(-1.5) // "−1.50" */
export function signed(x: number): string {
  const size = Math.abs(x);
  if (size < 1e-6) return "0";
  return `${x < 0 ? "−" : "+"}${size < 0.1 ? Number(size.toPrecision(2)) : size.toFixed(2)}`;
}

/**
 * The page of an explained answer.
 * @returns HTML, self-contained
 * @example await writeFile("why.html", explanationPage(input));
 */
export function explanationPage(input: ExplanationInput): string {
  const { language, label, number = Number.NaN, method, notes } = input;
  const title =
    label === undefined
      ? say(language, "explain.titleNumber", { value: decimal(number) })
      : say(language, "explain.title", { label });
  const named = known(language, "explain.method", method);
  const body = html`<header><h1>${title}</h1>
<p>${label === undefined ? undefined : html`${label} ${percent(number)} · `}${say(language, "explain.by", { method: named })}</p></header>
<main>
<p>${howOf(input)}</p>
${input.texts.map(
  (_, part) => html`<p class="text" dir="auto">${marked(input, part)}</p>
`,
)}
<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>
${wordTable(input)}
${nearTable(input)}
</main>`;
  return htmlDocument({ language, title, body, more: marks });
}

/** How to read the numbers. */
export function howOf({ language, label, method }: Pick<ExplanationInput, "language" | "label" | "method">): string {
  if (method === "flip") return "";
  if (method === "saliency" || method === "rollout") return say(language, "explain.howUnsigned");
  return label === undefined ? say(language, "explain.howNumber") : say(language, "explain.how", { label });
}

const largestOf = ({ words }: ExplanationInput): number => Math.max(0, ...words.map((w) => Math.abs(w.value ?? 0)));

function marked(input: ExplanationInput, part: number): Html[] {
  const text = input.texts[part]!;
  const largest = largestOf(input);
  const cut = input.unseen.find((u) => u.part === part);
  const out: Html[] = [];
  let at = 0;
  for (const { start, end, value = 0, removed } of input.words.filter((w) => w.part === part)) {
    out.push(html`${text.slice(at, start)}`);
    const shade = Math.abs(value) > input.least ? Math.round((shades * Math.abs(value)) / largest) : 0;
    const word = text.slice(start, end);
    if (removed) out.push(html`<del>${word}</del>`);
    else if (shade === 0) out.push(html`${word}`);
    else out.push(html`<mark class="${value < 0 ? "m" : "p"}${shade}">${word}<sup>${signed(value)}</sup></mark>`);
    at = end;
  }
  if (!cut) return [...out, html`${text.slice(at)}`];
  const title = say(input.language, "explain.unseenTitle");
  return [
    ...out,
    html`${text.slice(at, cut.start)}<span class="cut" title="${title}">${text.slice(cut.start, cut.end)}</span>${text.slice(cut.end)}`,
  ];
}

function wordTable({ language, words, texts }: ExplanationInput): Html | undefined {
  const rows = words.flatMap((w) => (w.value === undefined ? [] : [{ ...w, value: w.value }]));
  if (!rows.length) return undefined;
  rows.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  return table({
    caption: say(language, "explain.words"),
    columns: [say(language, "explain.word"), say(language, "explain.value"), say(language, "explain.place")],
    rows: rows.map((w) => [texts[w.part]!.slice(w.start, w.end), signed(w.value), `${w.start}–${w.end}`]),
  });
}

function nearTable({ language, nearest }: ExplanationInput): Html | undefined {
  if (!nearest.length) return undefined;
  return html`<p class="note">${say(language, "explain.nearestNote")}</p>
${table({
  caption: say(language, "explain.nearest"),
  columns: [say(language, "report.text"), say(language, "report.label"), "cos"],
  rows: nearest.map(({ text, labels, cosine }) => [
    html`<span class="quote">${text}</span>`,
    labels.join("; "),
    decimal(cosine),
  ]),
  texts: [0, 1],
})}`;
}
