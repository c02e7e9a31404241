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
    labelLimit: 170,
  },
  legend: { labelColor: "currentColor", titleColor: "currentColor", labelFontSize: 12, titleFontSize: 12 },
  title: { color: "currentColor" },
  range: { category: [first, second, third] },
} as const;

/**
 * A figure with a caption; what it shows is told to those who cannot see it.
 * @param description one or two sentences that say what the chart shows
 */
export async function chart(spec: ChartSpec, caption: string, description: string): Promise<Html> {
  return html`<figure><div class="chart" role="img" aria-label="${description}">${markup(await svgOf(spec))}</div><figcaption>${caption}</figcaption></figure>`;
}

/** SVG of a chart. Data must be inline: nothing is loaded. */
export async function svgOf(spec: ChartSpec): Promise<string> {
  const [vega, vegaLite, { expressionInterpreter }] = await Promise.all([
    import("vega"),
    import("vega-lite"),
    import("vega-interpreter"),
  ]);
  const compiled = vegaLite.compile({ ...spec, config } as unknown as TopLevelSpec);
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
