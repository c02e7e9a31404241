// Attacks as measurements: what a model gives away of its training rows.
export * from "./area.ts";
export * from "./blind.ts";
export * from "./exposure.ts";
export * from "./membership.ts";
export * from "./signals.ts";
