// A forecast as a fan: the history, the interval and the median of the steps to come, and what came. Field names are fixed: what comes from
// data is only ever a value.
import { type ChartSpec, first, second } from "./chart.ts";

/** One step of a forecast. */
export interface ForecastPoint {
  /** From the origin: 0 is the last step of the history. */
  readonly step: number;
  readonly known?: number;
  readonly truth?: number;
  readonly middle?: number;
  readonly low?: number;
  readonly high?: number;
}

/** @param points the history, then the steps to come */
export function forecastFan(
  points: readonly ForecastPoint[],
  titles: { readonly step: string; readonly value: string },
): ChartSpec {
  const x = {
    field: "step",
    type: "quantitative" as const,
    title: titles.step,
    axis: { tickCount: 6, grid: false },
    scale: { nice: false },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative" as const,
    title: titles.value,
    axis: { tickCount: 4 },
    scale: { zero: false },
  });
  const of = (field: "known" | "truth" | "middle" | "low") => ({
    values: points.filter((p) => p[field] !== undefined) as ForecastPoint[],
  });
  return {
    width: 520,
    height: 170,
    layer: [
      {
        data: of("low"),
        mark: { type: "area", color: first, opacity: 0.2 },
        encoding: { x, y: y("low"), y2: { field: "high" } },
      },
      { data: of("middle"), mark: { type: "line", color: first, strokeWidth: 2 }, encoding: { x, y: y("middle") } },
      {
        data: of("known"),
        mark: { type: "line", color: "currentColor", strokeWidth: 1 },
        encoding: { x, y: y("known") },
      },
      {
        data: of("truth"),
        mark: { type: "line", color: second, strokeWidth: 1.5, strokeDash: [4, 3] },
        encoding: { x, y: y("truth") },
      },
    ],
  };
}
