// The privacy ledger of a release: a private run is not released without the ledger that its ε rests on, and whoever verifies
// works ε out again from it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson, statementFile } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { isJsonRecord, type JsonValue } from "../formats/index.ts";
import type { Passport } from "../passport/index.ts";
import {
  chainedLedger,
  charged,
  isLedgerEntry,
  type LedgerEntry,
  privacyStatement,
  spentBefore,
} from "../privacy/index.ts";
import { type Recipe, readRecipe } from "../recipe/index.ts";
import { checkLedger, ledgerPath, privacyOptions } from "../stages/index.ts";
import { planDifference, privatePlan } from "../train/index.ts";
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
  const known = Array.isArray(entries) && entries.every(isLedgerEntry) && entries.some(({ kind }) => kind === "open");
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
  const differs = planDifference(opened, privatePlan(privacyOptions(recipe)!, run));
  if (differs) throw wrong(differs.what, differs.expected, differs.got);
  const steps = perEpoch * Math.min(epochs, selection?.epochs ?? epochs);
  const charges = entries.flatMap((e) => (e.kind === "charge" && e.run === opened.run ? [e.through] : []));
  if (Math.max(0, ...charges) < steps) throw wrong("steps", `${steps} steps`, `${Math.max(0, ...charges)} steps`);
}
