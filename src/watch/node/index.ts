// Stores of answers, on Node.
export { openWatchStore } from "./open-store.ts";
