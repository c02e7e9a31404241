// From a Vega-Lite specification to SVG text. The door to Vega; knows no run. Expressions are interpreted, never compiled, and the
// colours are the page's own variables, so that light, dark and print need no second chart.
import type { TopLevelSpec } from "vega-lite";
import { type Html, html, markup, visible } from "./html.ts";

/** A chart without its configuration. */
export type ChartSpec = Omit<Extract<TopLevelSpec, { layer: unknown }>, "$schema" | "config"> | UnitChart;
type UnitChart = Omit<Extract<TopLevelSpec, { mark: unknown }>, "$schema" | "config">;

/** Colours of series, as the page's style defines them. */
export const [first, second, third] = ["var(--c1)", "var(--c2)", "var(--c3)"] as const;

const config = {
  aria: false, // the figure has one description instead of one for each mark
  background: "transparent",
  font: "inherit",
  padding: 4,
  view: { stroke: null },
  axis: {
    labelColor: "currentColor",
    titleColor: "currentColor",
    domainColor: "var(--line)",
    tickColor: "var(--line)",
    gridColor: "var(--line)",
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 280, // of Vega's estimate, 0.8 of the font's size a sign; really about 190 pixels
    labelFlush: false,
    labelOverlap: "greedy",
  },
  legend: {
    labelColor: "currentColor",
    titleColor: "currentColor",
    labelFontSize: 12,
    titleFontSize: 12,
    labelLimit: 300,
  },
  title: { color: "currentColor" },
  range: { category: [first, second, third] },
} as const;

/**
 * A figure with a caption.
 * @param caption names the chart, also for those who cannot see it
 * @param description a sentence or two that say what it shows
 */
export async function chart(spec: ChartSpec, caption: string, description: string): Promise<Html> {
  const svg = await svgOf(spec);
  if (svg === undefined) return html`<figure><figcaption><b>${caption}</b> ${missing}</figcaption></figure>`;
  const wide = Number(/ width="([\d.]+)"/.exec(svg)?.[1]) > widest;
  const hidden = markup(svg.replace("<svg", '<svg aria-hidden="true"')); // the frame speaks for its marks
  const frame = wide ? html`class="chart wide" tabindex="0"` : html`class="chart"`;
  return html`<figure><div ${frame} role="img" aria-label="${caption}">${hidden}</div><figcaption><b>${caption}</b> ${description}</figcaption></figure>`;
}

/** Pixels; a wider chart is not shrunk on a phone, but scrolls. */
const widest = 460;

const inherited = new RegExp(`"(${Object.getOwnPropertyNames(Object.prototype).join("|")})"(?!:)`, "g");

/** What stands in the place of a chart that cannot be drawn. */
const missing = "(npm install vega vega-lite vega-interpreter)";

/** What draws; undefined where the optional packages are not installed. */
const drawing = () =>
  Promise.all([import("vega"), import("vega-lite"), import("vega-interpreter")]).catch(() => undefined);

/** SVG of a chart. Data must be inline: nothing is loaded. @returns undefined where Vega is not installed */
export async function svgOf(spec: ChartSpec): Promise<string | undefined> {
  const found = await drawing();
  if (!found) return undefined;
  const [vega, vegaLite, { expressionInterpreter }] = found;
  (vega as unknown as { textMetrics: { width: typeof textWidth } }).textMetrics.width = textWidth; // untyped there
  // Vega keeps tables in plain objects, where these names are taken; a joiner that nobody sees makes them others
  const data = JSON.stringify({ ...spec, config }).replace(inherited, '"$1\u2060"');
  const compiled = vegaLite.compile(JSON.parse(data) as TopLevelSpec);
  const view = new vega.View(vega.parse(compiled.spec, undefined, { ast: true }), {
    renderer: "none",
    expr: expressionInterpreter,
  });
  try {
    return visible(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Width of a text in pixels, without a canvas to measure it: a wide sign (Chinese) is as wide as the font is high, others half. */
export function textWidth(item: { readonly fontSize?: number }, text: unknown): number {
  const wide = [...String(text)].filter((sign) =>
    /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60]/.test(sign),
  );
  return (item.fontSize ?? 11) * ([...String(text)].length + wide.length) * 0.54;
}
