// HTML as values: what is put into a template is escaped unless it is HTML already. Knows no page.

const made = Symbol("html");

/** Markup that {@link html} or {@link markup} made. The mark is a symbol, so that no JSON can pass for it. */
export interface Html {
  readonly [made]: string;
}

export type Content = string | number | Html | undefined | readonly Content[];

/** Markup from a source that is trusted, such as a chart. */
export const markup = (text: string): Html => ({ [made]: text });

/** The text of markup. */
export const textOf = (value: Html): string => value[made];

/**
 * Text for an element or a quoted attribute: the five signs of HTML escaped, control characters made visible, and no character
 * that turns the direction of what follows.
 * @example escapeHtml('<img onerror="x">') // "&lt;img onerror=&quot;x&quot;&gt;"
 */
export const escapeHtml = (text: string): string => visible(text).replace(/[&<>"']/g, (sign) => signs[sign]!);

/** Control characters but line feed and tab, halves of surrogate pairs, overrides of direction. */
const unseen = /(?![\n\t])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** Text without characters that hide or turn others. */
export const visible = (text: string): string => text.replace(unseen, "\ufffd");

const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * A template whose values are escaped; lists are joined, undefined is nothing.
 * @example textOf(html`<td title="${name}">${name}</td>`)
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Content[]): Html {
  return markup(strings.map((text, i) => text + (i < parts.length ? rendered(parts[i]) : "")).join(""));
}

function rendered(part: Content): string {
  if (part === undefined) return "";
  if (Array.isArray(part)) return part.map(rendered).join("");
  if (typeof part === "object" && made in part) return part[made];
  return escapeHtml(String(part));
}
