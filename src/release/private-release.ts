// The privacy ledger of a release: a private run is not released without the ledger that its ε rests on, and whoever verifies
// works ε out again from it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson, statementFile } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { isJsonRecord, type JsonValue } from "../formats/index.ts";
import type { Passport } from "../passport/index.ts";
import { chainedLedger, charged, type LedgerEntry, privacyStatement, spentBefore } from "../privacy/index.ts";
import { type Recipe, readRecipe } from "../recipe/index.ts";
import { checkLedger, ledgerPath, privacyOptions } from "../stages/index.ts";
import { privatePlan } from "../train/index.ts";
import { sha256Text } from "../train/node/ledger-file.ts";

type Statement = Record<string, unknown>;

const fault = (operation: string, problem: string, path: string, expected?: string, got?: string) =>
  new ConcordError("E_CHECKSUM", { operation, problem, expected, got, path });

/**
 * What a private run guarantees, with its whole ledger.
 * @returns undefined for a run that was not private
 * @throws E_CHECKSUM where the statement or the ledger is missing, was edited, or the two do not belong together
 */
export async function releasedStatement(run: string, { adapt }: Recipe): Promise<Statement | undefined> {
  if (!adapt.privacy) return undefined;
  const path = join(run, statementFile);
  if (!existsSync(path)) throw fault("release", "a private run without the statement of its ledger", path);
  const [statement, { head }] = [await readJson<Statement>(path), await checkLedger(run)];
  const stated = isJsonRecord(statement.ledger as JsonValue) ? (statement.ledger as Statement).head : undefined;
  if (stated !== head)
    throw fault(
      "release",
      "steps were charged after the statement was made: it says less than was spent",
      ledgerPath(run),
      `head ${stated}`,
      `head ${head}`,
    );
  return statement;
}

/**
 * Checks what a passport says of privacy against the ledger that it holds, and the ledger against the recipe: sampling, noise and steps are worked
 * out again from it and from the number of examples.
 * @throws E_CHECKSUM where a private run has no ledger, its lines are not those of its head, are not of this recipe, charge fewer steps than the
 * training took, or cost more than is stated
 */
export function checkStatement(passport: Passport, path: string): void {
  const { recipe: text, privacy } = passport;
  const recipe = readRecipe(text, path);
  if (!recipe.adapt.privacy) return;
  const { ledger, epsilon, delta, steps } = (privacy ?? {}) as Statement;
  const { head, entries } = (isJsonRecord(ledger as JsonValue) ? ledger : {}) as Statement;
  const known = Array.isArray(entries) && entries.every(isEntry) && entries.some(({ kind }) => kind === "open");
  if (!known || typeof epsilon !== "number")
    throw fault("verify", "a private run without its ledger", path, "privacy.ledger with every line", typeof ledger);
  if (chainedLedger(entries, sha256Text).head !== head)
    throw fault("verify", "the ledger's lines are not those of its head", path, `head ${head}`);
  const again = privacyStatement(entries, []);
  const cost = charged(again.epsilon!);
  if (again.delta !== delta || again.steps !== steps || !(cost <= epsilon * (1 + 1e-6)))
    throw fault(
      "verify",
      "the ledger's lines cost more than the passport says",
      path,
      `ε ≤ ${epsilon} at δ = ${delta} after ${steps} steps`,
      `ε = ${cost} at δ = ${again.delta} after ${again.steps} steps`,
    );
  checkAgainstRecipe(entries, recipe, passport, path);
}

/** The last run of a ledger is the one that made the model: its mechanism is what the recipe comes to, and its steps are as many. */
function checkAgainstRecipe(
  entries: readonly LedgerEntry[],
  recipe: Recipe,
  { rows, selection }: Partial<Pick<Passport, "rows" | "selection">>,
  path: string,
): void {
  const opened = entries.findLast((entry) => entry.kind === "open");
  if (opened?.kind !== "open") return;
  const { examples } = opened.mechanism;
  const wrong = (what: string, expected: unknown, got: unknown) =>
    fault("verify", `the ledger is not of this recipe: ${what}`, path, String(expected), String(got));
  if (!(Number.isSafeInteger(examples) && examples >= 1 && examples <= (rows?.train ?? examples)))
    throw wrong("examples", `at most ${rows?.train} rows`, examples);
  const { batchSize, epochs } = recipe.adapt;
  const perEpoch = Math.ceil(examples / batchSize);
  const spent = spentBefore(entries, opened.run);
  const run = { examples, batchSize, steps: perEpoch * epochs, spent };
  const { mechanism, budget } = privatePlan(privacyOptions(recipe)!, run);
  const near = (a: number, b: number, tolerance: number) => Math.abs(a - b) <= tolerance * Math.abs(b);
  for (const name of ["sampling", "clip", "clipping", "unit", "draws"] as const)
    if ((opened.mechanism[name] ?? 1) !== mechanism[name]) throw wrong(name, mechanism[name], opened.mechanism[name]);
  if (!near(opened.mechanism.sampleRate, mechanism.sampleRate, 1e-9))
    throw wrong("sampleRate", mechanism.sampleRate, opened.mechanism.sampleRate);
  if (!near(opened.mechanism.noiseMultiplier, mechanism.noiseMultiplier, 2e-3))
    // as near as calibration goes
    throw wrong("noiseMultiplier", mechanism.noiseMultiplier, opened.mechanism.noiseMultiplier);
  if (!near(opened.budget.delta, budget.delta, 1e-9)) throw wrong("delta", budget.delta, opened.budget.delta);
  const steps = perEpoch * Math.min(epochs, selection?.epochs ?? epochs);
  const charges = entries.flatMap((e) => (e.kind === "charge" && e.run === opened.run ? [e.through] : []));
  if (Math.max(0, ...charges) < steps) throw wrong("steps", `${steps} steps`, `${Math.max(0, ...charges)} steps`);
}

const positive = (value: unknown): boolean => typeof value === "number" && value > 0 && Number.isFinite(value);

/** A line that this version knows, with the numbers that accounting needs. */
function isEntry(value: unknown): value is LedgerEntry {
  if (!isJsonRecord(value as JsonValue)) return false;
  const entry = value as Statement;
  if (typeof entry.run !== "string") return false;
  if (entry.kind === "charge") return positive(entry.through);
  const [mechanism, budget] = [entry.mechanism, entry.budget].map((part) => (part ?? {}) as Statement);
  const numbers = entry.kind === "open" ? [budget!.epsilon, budget!.delta] : [entry.through];
  return (
    (entry.kind === "open" || entry.kind === "earlier") &&
    (mechanism!.sampling === "poisson" || mechanism!.sampling === "fixed") &&
    [mechanism!.sampleRate, mechanism!.noiseMultiplier, ...numbers].every(positive)
  );
}
