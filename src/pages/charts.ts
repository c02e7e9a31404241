// The charts of a report as Vega-Lite specifications. Field names are fixed: what comes from data is only ever a value.
import { type ChartSpec, first, second, textWidth, third } from "./chart.ts";
import type { Score } from "./score.ts";

const [wide, small] = [520, 280];

/** Means of at most `most` stretches of a curve: a point for each, at the stretch's last step. */
export function thinned(values: readonly number[], most = 160): { step: number; value: number }[] {
  const length = Math.max(1, Math.ceil(values.length / most));
  return Array.from({ length: Math.ceil(values.length / length) }, (_, i) => {
    const stretch = values.slice(i * length, (i + 1) * length);
    return {
      step: Math.min((i + 1) * length, values.length),
      value: stretch.reduce((a, b) => a + b, 0) / stretch.length,
    };
  });
}

/** How a curve looks. */
interface CurveOptions {
  /** Points are shown as dots too: for few values, such as validation scores. */
  readonly dots?: boolean;
  readonly zero?: boolean;
  readonly color?: string;
  /** Step whose point has a ring around it. */
  readonly marked?: number;
}

/** A curve over steps. */
export function curve(
  values: readonly { readonly step: number; readonly value: number }[],
  titles: { readonly step: string; readonly value: string },
  { dots = false, zero = false, color = first, marked }: CurveOptions = {},
): ChartSpec {
  const line = { type: "line", color, strokeWidth: 2, point: dots ? { color, size: 40 } : false } as const;
  const ring = { type: "point", color, size: 220, strokeWidth: 2, filled: false } as const;
  return {
    width: small,
    height: 170,
    data: { values: values as { step: number; value: number }[] },
    layer: [
      { mark: line },
      ...(marked === undefined ? [] : [{ mark: ring, transform: [{ filter: { field: "step", equal: marked } }] }]),
    ],
    encoding: {
      x: {
        field: "step",
        type: "quantitative",
        title: titles.step,
        axis: { tickCount: 4, grid: false },
        scale: { nice: false },
      },
      y: { field: "value", type: "quantitative", title: titles.value, axis: { tickCount: 4 }, scale: { zero } },
    },
  };
}

/** Rows of each label, by part. */
export function balance(
  rows: readonly { readonly label: string; readonly part: string; readonly order: number; readonly rows: number }[],
  titles: { readonly rows: string },
): ChartSpec {
  return {
    width: wide - 160,
    height: { step: 18 },
    data: { values: rows as (typeof rows)[number][] },
    mark: { type: "bar", height: { band: 0.75 } },
    encoding: {
      y: { field: "label", type: "nominal", title: null, sort: null, axis: { ticks: false, domain: false } },
      x: { field: "rows", type: "quantitative", title: titles.rows, axis: { tickCount: 5 } },
      color: { field: "part", type: "nominal", sort: null, title: null, legend: { orient: "top" } },
      order: { field: "order", type: "quantitative" },
    },
  };
}

/** Confusion matrix; colour is the share of the row. @param cells all, row by row @param shown counts as numbers in the cells; without them there is a legend */
export function confusion(
  cells: readonly {
    readonly truth: string;
    readonly predicted: string;
    readonly count: number;
    readonly share: number;
  }[],
  titles: { readonly truth: string; readonly predicted: string; readonly share: string },
  shown: boolean,
): ChartSpec {
  const labels = [...new Set(cells.map((c) => c.truth))];
  return {
    width: { step: shown ? 34 : 17 },
    height: { step: shown ? 28 : 17 },
    data: { values: cells.filter((c) => c.count > 0) },
    encoding: {
      y: {
        field: "truth",
        type: "nominal",
        scale: { domain: labels },
        title: titles.truth,
        axis: { ticks: false, domain: false },
      },
      x: {
        field: "predicted",
        type: "nominal",
        scale: { domain: labels },
        title: titles.predicted,
        axis: { ticks: false, domain: false, labelOverlap: false, labelAngle: -60, orient: "bottom" },
      },
    },
    layer: [
      {
        mark: { type: "rect", fill: "var(--cell)", stroke: "var(--line)", strokeWidth: 0.5 },
        encoding: {
          opacity: {
            field: "share",
            type: "quantitative",
            scale: { type: "sqrt", domain: [0, 1], range: [0.05, 0.7] },
            legend: shown
              ? null
              : {
                  title: titles.share,
                  titleLimit: 400,
                  orient: "top",
                  values: [0.01, 0.1, 0.25, 0.5, 1],
                  format: ".0%",
                  symbolType: "square",
                  symbolSize: 200,
                  symbolFillColor: "var(--cell)",
                  symbolStrokeColor: "var(--line)",
                },
          },
        },
      },
      ...(shown
        ? [
            {
              mark: { type: "text" as const, fontSize: 12 },
              encoding: {
                text: { field: "count", type: "quantitative" as const },
                color: { value: "currentColor" },
              },
            },
          ]
        : []),
    ],
  };
}

/** Accuracy against confidence, with the line of perfect calibration. */
export function reliability(
  bins: readonly {
    readonly series: string;
    readonly confidence: number;
    readonly accuracy: number;
    readonly count: number;
  }[],
  titles: { readonly confidence: string; readonly accuracy: string; readonly count: string },
): ChartSpec {
  const share = { domain: [0, 1], nice: false };
  return {
    width: small,
    height: small,
    layer: [
      {
        data: {
          values: [
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ],
        },
        mark: { type: "line", color: "currentColor", strokeDash: [4, 4], strokeWidth: 1 },
        encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
      },
      {
        data: { values: bins as (typeof bins)[number][] },
        mark: { type: "line", strokeWidth: 1.5 },
        encoding: {
          x: {
            field: "confidence",
            type: "quantitative",
            title: titles.confidence,
            scale: share,
            axis: { tickCount: 5 },
          },
          y: { field: "accuracy", type: "quantitative", title: titles.accuracy, scale: share, axis: { tickCount: 5 } },
          color: {
            field: "series",
            type: "nominal",
            sort: null,
            title: null,
            legend: { orient: "top" },
            scale: { range: [second, first] },
          },
        },
      },
      {
        data: { values: bins as (typeof bins)[number][] },
        mark: { type: "circle", opacity: 0.9 },
        encoding: {
          x: { field: "confidence", type: "quantitative" },
          y: { field: "accuracy", type: "quantitative" },
          color: { field: "series", type: "nominal", sort: null },
          size: { field: "count", type: "quantitative", legend: null, scale: { range: [15, 260] } },
        },
      },
    ],
  };
}

/** Scores with intervals, one a line; those that are worse have a colour and a form of their own.
 * @param overall a line for all rows
 * @param domain ends of the axis, the same for all charts of one score
 * @param names of all these charts: their axes begin at the same place
 */
export function intervals(
  rows: readonly ({ readonly name: string; readonly worse: boolean } & Score)[],
  titles: { readonly score: string },
  {
    overall,
    domain,
    names = [],
  }: { readonly overall?: number; readonly domain: readonly [number, number]; readonly names?: readonly string[] },
): ChartSpec {
  const worse = "datum.worse";
  const color = { condition: { test: worse, value: second }, value: first };
  const y = {
    field: "name",
    type: "nominal" as const,
    sort: null,
    title: null,
    axis: { ticks: false, domain: false, grid: true, minExtent: Math.min(190, labelWidth(names)) },
  };
  return {
    width: 260,
    height: { step: 22 },
    data: { values: rows as (typeof rows)[number][] },
    layer: [
      ...(overall === undefined
        ? []
        : [
            {
              data: { values: [{ x: overall }] },
              mark: { type: "rule" as const, color: third, strokeDash: [4, 3] },
              encoding: { x: { field: "x", type: "quantitative" as const } },
            },
          ]),
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: {
          y,
          color,
          x: {
            field: "low",
            type: "quantitative",
            title: titles.score,
            scale: { domain: [...domain], nice: true, zero: false },
            axis: { tickCount: 6, grid: false },
          },
          x2: { field: "high" },
        },
      },
      {
        mark: { type: "point", filled: true, opacity: 1 },
        encoding: {
          y,
          color,
          size: { condition: { test: worse, value: 110 }, value: 60 },
          shape: { condition: { test: worse, value: "triangle-down" }, value: "circle" },
          x: { field: "value", type: "quantitative" },
        },
      },
    ],
  };
}

const labelWidth = (names: readonly string[]): number =>
  Math.max(0, ...names.map((name) => textWidth({ fontSize: 12 }, name)));

/** Predicted against true numbers, with the line of equality. */
export function scatter(
  points: readonly { readonly truth: number; readonly predicted: number }[],
  titles: { readonly truth: string; readonly predicted: string },
): ChartSpec {
  const all = points.flatMap((p) => [p.truth, p.predicted]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return {
    width: small,
    height: small,
    layer: [
      {
        data: {
          values: [
            { x: low, y: low },
            { x: high, y: high },
          ],
        },
        mark: { type: "line", color: "currentColor", strokeDash: [4, 4], strokeWidth: 1 },
        encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
      },
      {
        data: { values: points as (typeof points)[number][] },
        mark: { type: "circle", color: first, opacity: 0.5, size: 24 },
        encoding: {
          x: {
            field: "truth",
            type: "quantitative",
            title: titles.truth,
            scale: { zero: false },
            axis: { tickCount: 5 },
          },
          y: {
            field: "predicted",
            type: "quantitative",
            title: titles.predicted,
            scale: { zero: false },
            axis: { tickCount: 5 },
          },
        },
      },
    ],
  };
}
