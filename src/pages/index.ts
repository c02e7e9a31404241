// What every page is made of: HTML as values, the frame and its style, tables, numbers and charts. Knows no run.

export { type ChartSpec, chart } from "./chart.ts";
export { balance, confusion, curve, intervals, reliability, scatter, thinned } from "./charts.ts";
export { htmlDocument } from "./document.ts";
export { type ForecastPoint, forecastFan } from "./forecast-chart.ts";
export { type Content, type Html, html, textOf, visible } from "./html.ts";
export { bytes, count, decimal, percent, scoreCell, seconds, short } from "./numbers.ts";
export { isRecord, isScore, type Score } from "./score.ts";
export { facts, folded, table } from "./table.ts";
