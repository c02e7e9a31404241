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
  const head = (name: string, i: number) =>
    name === ""
      ? html`<td role="cell"></td>`
      : html`<th scope="col" role="columnheader" class="${kind(i)}">${name}</th>`;
  const cell = (content: Content, i: number) =>
    i === 0
      ? html`<th scope="row" role="rowheader" dir="auto">${content}</th>`
      : html`<td role="cell" class="${kind(i)}" data-name="${columns[i]}" dir="auto">${content}</td>`;
  // Roles are said because a stacked table is no table to some screen readers.
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table role="table" class="${columns.length > widest || texts.length > 2 ? "stack " : ""}${rows.length > longest ? "" : "short"}">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(head)}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}

/** Columns that fit a phone beside each other, two of them texts; of a wider table each row becomes a block there. */
const widest = 4;

/** Rows that are printed on one page. */
const longest = 12;

/** Names and what they stand for. */
export const facts = (rows: readonly (readonly [string, Content] | undefined)[]): Html =>
  html`<dl>${rows.map((row) => row && html`<div><dt>${row[0]}</dt><dd dir="auto">${row[1]}</dd></div>`)}</dl>`;

/** Content that is opened on demand; in print it is open. */
export const folded = (title: string, content: Html): Html =>
  html`<details><summary>${title}</summary>${content}</details>`;
