// A ledger that was rewritten together with its statement: its chain holds, but it is not what the recipe comes to.
import { expect, test } from "vitest";
import type { Passport } from "../passport/index.ts";
import { chainedLedger, charged, type LedgerEntry, type Mechanism, privacyStatement } from "../privacy/index.ts";
import { readRecipe, recipeText } from "../recipe/index.ts";
import { privacyOptions } from "../stages/index.ts";
import { privatePlan } from "../train/index.ts";
import { sha256Text } from "../train/node/ledger-file.ts";
import { checkStatement } from "./private-release.ts";

const recipe = readRecipe(
  "version: 1\nname: x\ndata: { file: rows.csv }\nmodel: { from: m }\nadapt: { epochs: 4, batchSize: 64, privacy: { epsilon: 8 } }\n",
  "recipe.yaml",
);
const [examples, batchSize] = [1000, 64];
const steps = Math.ceil(examples / batchSize) * 4;
const { mechanism, budget } = privatePlan(privacyOptions(recipe)!, { examples, batchSize, steps });

/** A passport whose statement is that of a ledger of one run: everything about it fits itself. */
function passport(through = steps, change: Partial<Mechanism> = {}, more: Partial<Passport> = {}): Passport {
  const changed = { ...mechanism, ...change };
  const entries: LedgerEntry[] = [
    { kind: "open", run: "a", mechanism: changed, budget },
    { kind: "charge", run: "a", through },
  ];
  const { epsilon, ...stated } = privacyStatement(entries, []);
  const { head } = chainedLedger(entries, sha256Text);
  const privacy = { ...stated, epsilon: charged(epsilon!), ledger: { head, entries } };
  return { recipe: recipeText(recipe), rows: { train: examples }, privacy, ...more } as unknown as Passport;
}

test("the ledger of the recipe is accepted, also with fewer epochs where a selection stopped early", () => {
  expect(() => checkStatement(passport(), "p")).not.toThrow();
  const selection = { epochs: 2 } as Passport["selection"];
  expect(() => checkStatement(passport(steps / 2, {}, { selection: selection! }), "p")).not.toThrow();
});

test.each([
  ["fewer steps", passport(10), /not of this recipe: steps[\s\S]*64 steps[\s\S]*10 steps/],
  ["more noise", passport(steps, { noiseMultiplier: mechanism.noiseMultiplier * 2 }), /noiseMultiplier/],
  ["a lower sampling rate", passport(steps, { sampleRate: mechanism.sampleRate / 2 }), /sampleRate/],
  [
    "more examples than rows",
    passport(steps * 4, { examples: 4000, sampleRate: 64 / 4000 }),
    /examples[\s\S]*at most 1000 rows/,
  ],
  ["another bound", passport(steps, { clip: 0.1 }), /clip/],
  ["another sampling", passport(steps, { sampling: "fixed" }), /sampling/],
])("a ledger and statement rewritten with %s are refused", (_, given, words) => {
  expect(() => checkStatement(given, "p")).toThrow("E_CHECKSUM");
  expect(() => checkStatement(given, "p")).toThrow(words);
});
