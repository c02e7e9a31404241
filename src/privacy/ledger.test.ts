// A ledger charges what ran, once; what was changed by hand is found; what would exceed the budget is refused before it runs.
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { epsilonBy } from "./calibrate.ts";
import { type LedgerEntry, ledgerLine, ledgerPhases, type Mechanism, readLedger, requireBudget } from "./ledger.ts";
import { privacyStatement } from "./statement.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const mechanism: Mechanism = {
  name: "dp-sgd",
  sampling: "poisson",
  sampleRate: 0.01,
  noiseMultiplier: 1,
  clip: 1,
  clipping: "flat",
  unit: "example",
  examples: 1000,
};
const open = (run: string): LedgerEntry => ({ kind: "open", run, mechanism, budget: { epsilon: 2, delta: 1e-5 } });
const charge = (run: string, through: number): LedgerEntry => ({ kind: "charge", run, through });

function written(entries: readonly LedgerEntry[]): string {
  let [text, head] = ["", ""];
  for (const entry of entries) {
    const line = ledgerLine(entry, head, sha256);
    [text, head] = [text + line.text, line.head];
  }
  return text;
}

test("a replayed run is charged once, a new run anew", () => {
  const entries = [
    open("a"),
    charge("a", 300),
    open("a"),
    charge("a", 200),
    charge("a", 500),
    open("b"),
    charge("b", 100),
  ];
  expect(ledgerPhases(entries).map((p) => p.steps)).toEqual([500, 100]);
});

test("what is written is read back; any change is found with its line", () => {
  const entries = [open("a"), charge("a", 300), charge("a", 600)];
  const text = written(entries);
  expect(readLedger(text, sha256).entries).toEqual(entries);
  const lines = text.trimEnd().split("\n");
  const broken = [
    text.replace('"through":300', '"through":3'),
    `${[lines[1], lines[0], lines[2]].join("\n")}\n`,
    `${lines.slice(1).join("\n")}\n`,
    `${[lines[0], lines[2]].join("\n")}\n`,
    text.replace('"sampleRate":0.01', '"sampleRate":0.02'),
    `${lines[0]}\n{"torn`,
  ];
  for (const each of broken) expect(() => readLedger(each, sha256)).toThrow(/E_CHECKSUM/);
});

test("a ledger whose digests were taken in the order that names are written in is read as well", () => {
  const entry = { kind: "open", run: "a", mechanism: { z: 1, a: 2 }, budget: {} };
  const digest = sha256(`concord-ledger\n\n${JSON.stringify(entry)}`);
  const line = `${JSON.stringify({ before: "", entry, digest })}\n`;
  expect(readLedger(line, sha256).head).toBe(digest);
  expect(() => readLedger(line.replace('"z":1', '"z":2'), sha256)).toThrow(/E_CHECKSUM/);
});

test("a budget covers steps up to its ε and halts before the one beyond", () => {
  const entries = [open("a"), charge("a", 900)];
  expect(() => requireBudget(entries, "a", 1100)).not.toThrow();
  expect(() => requireBudget(entries, "a", 1400)).toThrow(/exceed the privacy budget/);
  expect(() => requireBudget([...entries, open("b")], "b", 600)).toThrow(/exceed/); // the first run counts too
});

test("the statement has the accountant's bounds and lists what has no guarantee without summing it", () => {
  const statement = privacyStatement([open("a"), charge("a", 1000)], ["vocabulary", "dev-selection"]);
  expect(statement).toMatchObject({
    private: true,
    steps: 1000,
    neighbours: "add-or-remove-one",
    noGuarantee: ["vocabulary", "dev-selection"],
  });
  expect(statement.epsilon!.estimate).toBeCloseTo(1.8282, 3);
  expect(statement.epsilon!.upper).toBeGreaterThan(statement.epsilon!.estimate);
  expect(privacyStatement([], ["dev-selection"])).toEqual({ private: false, noGuarantee: ["dev-selection"] });
});

test("Poisson batches and batches of fixed size are not added up: their neighbours differ", () => {
  const other: LedgerEntry = { ...open("b"), mechanism: { ...mechanism, sampling: "fixed" } } as LedgerEntry;
  const mixed = [open("a"), charge("a", 4), other, charge("b", 1)];
  expect(() => privacyStatement(mixed, [])).toThrow(/E_CONFIG[\s\S]*different neighbours/);
  expect(() => requireBudget([open("a"), charge("a", 4), other], "b", 1)).toThrow(
    /E_CONFIG[\s\S]*different neighbours/,
  );
  for (const accountant of ["pld", "rdp", "gdp"] as const)
    expect(() => epsilonBy(accountant, ledgerPhases(mixed), 1e-5)).toThrow("E_CONFIG");
});
