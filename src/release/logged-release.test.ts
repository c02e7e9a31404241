// A log that charges were signed into shows what a ledger leaves out: runs on the same rows or table, steps, another mechanism.
import { expect, test } from "vitest";
import type { JsonRecord } from "../formats/index.ts";
import type { Passport } from "../passport/index.ts";
import { chainedLedger, chargesIn, type LedgerEntry, type LoggedCharge, type Mechanism } from "../privacy/index.ts";
import { sha256Text } from "../train/node/ledger-file.ts";
import { checkLogged } from "./logged-release.ts";

const mechanism: Mechanism = {
  name: "dp-sgd",
  sampling: "poisson",
  sampleRate: 0.1,
  noiseMultiplier: 1,
  clip: 1,
  clipping: "flat",
  unit: "example",
  examples: 100,
  draws: 4,
};
const rows = { count: 100, digest: "rows" };
const earlier: LedgerEntry = { kind: "earlier", run: "before", mechanism, through: 30 };
const own: LedgerEntry[] = [
  { kind: "open", run: "own", mechanism, budget: { epsilon: 8, delta: 1e-5 }, rows },
  { kind: "charge", run: "own", through: 10 },
  { kind: "charge", run: "own", through: 20 },
];
const chained = (entries: readonly LedgerEntry[]) => chainedLedger(entries, sha256Text);
const passport = (entries: readonly LedgerEntry[]) =>
  ({ privacy: { ledger: { head: chained(entries).head, entries } } }) as unknown as Passport;
const charge = (entries: readonly LedgerEntry[], run: string, through: number, more: Partial<LoggedCharge> = {}) => {
  const { head, lines } = chained(entries);
  return {
    kind: "ledger",
    run,
    mechanism,
    through,
    rows,
    table: "table",
    head,
    lines,
    ...more,
  } as unknown as JsonRecord;
};
const whole = [earlier, ...own];
const logged = [charge(whole.slice(0, 3), "own", 10), charge(whole, "own", 20)];
const check = (
  entries: readonly LedgerEntry[],
  log: readonly JsonRecord[] | undefined,
  ledger: "stated" | "logged" = "logged",
) => checkLogged(passport(entries), log, { ledger }, "passport.json");

test("a ledger whose charges the log has is logged, with other entries between and other rows' charges ignored", () => {
  const others = charge([], "elsewhere", 99, { rows: { count: 1, digest: "others" }, table: "another" });
  const before = charge([], "before", 30);
  expect(check(whole, [before, { kind: "release" }, others, ...logged])).toBe("logged");
});

test("without charges in the log it is the builder's word, unless the policy asks for more", () => {
  expect(check(whole, [], "stated")).toBe("stated");
  expect(check(whole, undefined, "stated")).toBe("stated");
  expect(() => check(whole, [])).toThrow(/asks for a ledger that was signed into the log[\s\S]*none of this run/);
  expect(() => check(whole, undefined)).toThrow(/no log[\s\S]*--log/);
});

test.each([
  [
    "an earlier run on the same rows",
    own,
    [charge([], "before", 30, { table: "moved" })],
    /private run on these rows that the ledger lacks/,
  ],
  [
    "an earlier run on the same table, split otherwise",
    own,
    [charge([], "before", 30, { rows: { count: 90, digest: "other split" } })],
    /ledger lacks/,
  ],
  ["steps of an earlier run", whole, [charge([], "before", 31)], /31 steps[\s\S]*30 steps/],
  [
    "the noise of an earlier run",
    whole,
    [charge([], "before", 30, { mechanism: { ...mechanism, noiseMultiplier: 0.5 } })],
    /another mechanism/,
  ],
] as const)("a ledger without %s is refused", (_, entries, before, words) => {
  const mine = [charge(entries, "own", 20)];
  expect(() => check(entries, [...before, ...mine], "stated")).toThrow(words);
  expect(() => check(entries, mine, "stated")).not.toThrow();
});

test("a ledger that was rewritten after it was logged is refused, also with fewer lines", () => {
  const cut = whole.slice(0, 3);
  expect(() => check(cut, logged, "stated")).toThrow(/not the one that was signed into the log/);
  const noisier = own.map((entry) =>
    entry.kind === "open" ? { ...entry, mechanism: { ...mechanism, noiseMultiplier: 2 } } : entry,
  );
  expect(() => check(noisier, logged, "stated")).toThrow(/not the one that was signed/);
});

test("what is not a charge is none: forms that a log may hold do no harm", () => {
  const strange = [
    null,
    1,
    "ledger",
    [],
    { kind: "ledger" },
    { ...logged[0]!, rows: null },
    { ...logged[0]!, through: "20" },
  ];
  expect(chargesIn(strange)).toEqual([]);
  expect(check([], logged)).toBeUndefined();
});
