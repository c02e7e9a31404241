// Lines of a ledger as somebody else gives them: their form.
import type { LedgerEntry } from "./ledger.ts";

type Parts = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Parts =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const positive = (value: unknown): boolean => typeof value === "number" && value > 0 && Number.isFinite(value);

/** A line that this version knows, with the numbers that accounting needs. */
export function isLedgerEntry(value: unknown): value is LedgerEntry {
  if (!isRecord(value) || typeof value.run !== "string") return false;
  if (value.kind === "charge") return positive(value.through);
  if (value.kind !== "open" && value.kind !== "earlier") return false;
  const [mechanism, budget] = [value.mechanism, value.budget].map((part): Parts => (isRecord(part) ? part : {}));
  const numbers = value.kind === "open" ? [budget!.epsilon, budget!.delta] : [value.through];
  return (
    (mechanism!.sampling === "poisson" || mechanism!.sampling === "fixed") &&
    [mechanism!.sampleRate, mechanism!.noiseMultiplier, ...numbers].every(positive)
  );
}
