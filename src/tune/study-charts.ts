// Charts of a study as Vega-Lite specifications: history, parallel coordinates, importance, Pareto front. Knows no page.

import type { ChartSpec } from "../pages/index.ts";
import { type Space, toUnit } from "../search/index.ts";
import type { StudyTrial } from "./study-store.ts";
import { shortSetting } from "./trial-recipe.ts";

const [wide, small] = [520, 280];
const [first, second] = ["var(--c1)", "var(--c2)"];

/** A trial's number and one value. */
export interface HistoryPoint {
  readonly number: number;
  readonly value: number;
  /** The best value until then. */
  readonly best: number;
}

/** Values in the order of trials, and the best until then as a line. */
export const historyChart = (
  points: readonly HistoryPoint[],
  titles: { number: string; value: string },
): ChartSpec => ({
  width: wide,
  height: 200,
  data: { values: points as HistoryPoint[] },
  encoding: {
    x: { field: "number", type: "quantitative", title: titles.number, axis: { grid: false, tickMinStep: 1 } },
  },
  layer: [
    {
      mark: { type: "point", color: first, filled: true, size: 45 },
      encoding: { y: { field: "value", type: "quantitative", title: titles.value, scale: { zero: false } } },
    },
    {
      mark: { type: "line", color: second, strokeWidth: 2, interpolate: "step-after" },
      encoding: { y: { field: "best", type: "quantitative" } },
    },
  ],
});

/** Shares of parameters, the largest first. */
export const importanceChart = (
  shares: readonly { readonly parameter: string; readonly share: number }[],
  titles: { readonly share: string },
): ChartSpec => ({
  width: small,
  height: { step: 22 },
  data: { values: shares as { parameter: string; share: number }[] },
  mark: { type: "bar", color: first, height: { band: 0.7 } },
  encoding: {
    y: { field: "parameter", type: "nominal", title: null, sort: null, axis: { ticks: false, domain: false } },
    x: { field: "share", type: "quantitative", title: titles.share, axis: { format: ".0%", tickCount: 5 } },
  },
});

/**
 * A line for each trial across its parameters and its value. Axes are between 0 and 1: a parameter's bounds, the value from worst to best.
 * @param shade of each trial: 0 the worst, 1 the best
 */
export function parallelChart(
  space: Space,
  trials: readonly StudyTrial[],
  shade: (trial: StudyTrial) => number,
  names: { readonly value: string; readonly worst: string; readonly best: string },
): ChartSpec {
  const axes = [...space.map(({ name }) => shortName(name)), names.value];
  const values = trials.flatMap((trial) => [
    ...space.flatMap(({ name, range }) =>
      trial.point[name] === undefined
        ? []
        : [
            {
              trial: trial.number,
              axis: shortName(name),
              place: toUnit(range, trial.point[name]),
              shade: shade(trial),
            },
          ],
    ),
    { trial: trial.number, axis: names.value, place: shade(trial), shade: shade(trial) },
  ]);
  const ends = [
    ...space.flatMap(({ name, range }) => {
      const axis = shortName(name);
      if (range.kind === "choice")
        return range.values.map((value) => ({ axis, place: toUnit(range, value), text: shortSetting(value) }));
      return [
        { axis, place: below, text: shortSetting(range.low) },
        { axis, place: above, text: shortSetting(range.high) },
      ];
    }),
    { axis: names.value, place: below, text: names.worst },
    { axis: names.value, place: above, text: names.best },
  ];
  const y = { field: "place", type: "quantitative" as const, axis: null, scale: { domain: [-0.14, 1.14] } };
  const x = { field: "axis", type: "ordinal" as const, sort: null, title: null, scale: { domain: axes } };
  return {
    width: Math.max(wide, 110 * axes.length),
    height: 240,
    layer: [
      {
        data: { values },
        mark: { type: "line", color: first },
        encoding: {
          x: { ...x, axis: { labelAngle: 0, ticks: false, domain: false, grid: true, labelPadding: 18 } },
          y,
          detail: { field: "trial", type: "nominal" },
          opacity: { field: "shade", type: "quantitative", scale: { domain: [0, 1], range: [0.1, 1] }, legend: null },
          strokeWidth: {
            field: "shade",
            type: "quantitative",
            scale: { domain: [0, 1], range: [0.7, 2.5] },
            legend: null,
          },
        },
      },
      {
        data: { values: ends },
        mark: { type: "text", fontSize: 11, color: "currentColor", dy: -8 },
        encoding: { x, y, text: { field: "text", type: "nominal" } },
      },
    ],
  };
}

/** Places of the texts at the ends of an axis. */
const [below, above] = [-0.12, 1.05];

const shortName = (name: string): string => name.replace(/^(adapt|model|pretrain)\./, "");

/** Two objectives of each trial; those of the front have the other colour. */
export const paretoChart = (
  points: readonly { readonly x: number; readonly y: number; readonly front: boolean }[],
  titles: { readonly x: string; readonly y: string },
): ChartSpec => ({
  width: small,
  height: small,
  data: { values: points as { x: number; y: number; front: boolean }[] },
  mark: { type: "point", filled: true, size: 60 },
  encoding: {
    x: { field: "x", type: "quantitative", title: titles.x, scale: { zero: false }, axis: { tickCount: 5 } },
    y: { field: "y", type: "quantitative", title: titles.y, scale: { zero: false }, axis: { tickCount: 5 } },
    color: { condition: { test: "datum.front", value: second }, value: first },
    shape: { condition: { test: "datum.front", value: "diamond" }, value: "circle" },
  },
});
