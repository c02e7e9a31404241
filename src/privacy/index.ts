// Differential privacy: accountants, calibration, the ledger, and where noise comes from. Public surface, one line per file.
export * from "./calibrate.ts";
export * from "./gdp.ts";
export * from "./ledger.ts";
export * from "./logged-charges.ts";
export * from "./mechanism.ts";
export * from "./noise.ts";
export * from "./pld.ts";
export * from "./rdp.ts";
export * from "./statement.ts";
