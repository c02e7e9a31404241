// Tables that a screen reader can read: a caption, headed columns, a headed first column; wide ones scroll by themselves.
import { type Content, type Html, html } from "./html.ts";

export interface TableOptions {
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell of a row heads it. */
  readonly rows: readonly (readonly Content[])[];
  /** Columns of text; the others hold numbers. Default the first. */
  readonly texts?: readonly number[];
}

export function table({ caption, columns, rows, texts = [0] }: TableOptions): Html {
  const kind = (i: number) => (texts.includes(i) ? "" : "n");
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((name, i) => html`<th scope="col" class="${kind(i)}">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (
      row,
    ) => html`<tr>${row.map((cell, i) => (i === 0 ? html`<th scope="row" dir="auto">${cell}</th>` : html`<td class="${kind(i)}" dir="auto">${cell}</td>`))}</tr>
`,
  )}</tbody></table></div>`;
}

/** Names and what they stand for. */
export const facts = (rows: readonly (readonly [string, Content] | undefined)[]): Html =>
  html`<dl>${rows.map((row) => row && html`<div><dt>${row[0]}</dt><dd dir="auto">${row[1]}</dd></div>`)}</dl>`;

/** Content that is opened on demand; in print it is open. */
export const folded = (title: string, content: Html): Html =>
  html`<details><summary>${title}</summary>${content}</details>`;
