// Numbers over time. Public surface, one line per file.
export * from "./diebold-mariano.ts";
export * from "./frequency.ts";
export * from "./grid.ts";
export * from "./linear-forecast.ts";
export * from "./quantile-scores.ts";
export * from "./simple-forecasts.ts";
export * from "./stamps.ts";
export * from "./windows.ts";
