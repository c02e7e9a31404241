// The frame of every page that Concord writes: nothing is loaded, no script could run, light and dark by the reader's preference.
import type { Language } from "../messages/index.ts";
import { type Html, html, markup, textOf } from "./html.ts";
import { style } from "./style.ts";

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** A whole page as text. @param more CSS after the common style */
export function htmlDocument({
  language,
  title,
  body,
  more = "",
}: {
  readonly language: Language;
  readonly title: string;
  readonly body: Html;
  readonly more?: string;
}): string {
  return textOf(html`${markup("<!doctype html>")}
<html lang="${language === "zh" ? "zh-CN" : "en"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
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
