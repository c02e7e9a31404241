// The standard normal distribution; it lives in base, where privacy needs it too.
export { normalCdf, normalQuantile } from "../base/index.ts";
