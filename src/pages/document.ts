// The frame of every page that Concord writes: nothing is loaded, no script could run, light and dark by the reader's preference.
import type { Language } from "../messages/index.ts";
import { type Html, html, markup, textOf } from "./html.ts";
import { style } from "./style.ts";

/** Only a page that shows images may show those that lie inside it. Text of a row cannot be such markup: it is escaped. */
const policyOf = (body: Html, forms: boolean): string => {
  const images = textOf(body).includes('<img src="data:image/png;base64,') ? " img-src data:;" : "";
  return `default-src 'none'; style-src 'unsafe-inline';${images} base-uri 'none'; form-action ${forms ? "'self'" : "'none'"}`;
};

/**
 * A whole page as text.
 * @param more CSS after the common style
 * @param forms whether the page may send forms to the server that gave it. Default false
 */
export function htmlDocument({
  language,
  title,
  body,
  more = "",
  forms = false,
}: {
  readonly language: Language;
  readonly title: string;
  readonly body: Html;
  readonly more?: string;
  readonly forms?: boolean;
}): string {
  return textOf(html`${markup("<!doctype html>")}
<html lang="${language === "zh" ? "zh-CN" : "en"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(body, forms)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${markup(style + more)}</style>
</head>
<body>
${body}
</body>
</html>
`);
}
