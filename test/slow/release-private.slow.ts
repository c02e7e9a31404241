// A private run is released with the ledger that its ε rests on, and not without it; verifying works ε out again from the lines.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Passport } from "../../src/passport/index.ts";
import { type LedgerEntry, ledgerLine, readLedger } from "../../src/privacy/index.ts";
import { checkStatement } from "../../src/release/private-release.ts";
import { releaseRun } from "../../src/release/release-run.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import { now, type ReleaseSetting, releaseSetting } from "../release/run.ts";

let setting: ReleaseSetting;
let policy: string;
let ledger: string;
beforeAll(async () => {
  setting = await releaseSetting("", ", privacy: { epsilon: 8, delta: 1e-3 }");
  policy = setting.policy("policy.yaml", "[{ value: metrics.accuracy, atLeast: 0 }]");
  ledger = join(setting.run, "privacy-ledger.jsonl");
});
afterAll(() => setting.remove());

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const release = (name: string) =>
  releaseRun(setting.run, { policy, keys: [setting.key("builder")], out: join(setting.home, name), now });

test.each([
  ["deleted", () => undefined, /E_CHECKSUM[\s\S]*ledger was deleted/],
  ["cut short", (lines: string[]) => lines.slice(0, -1), /E_CHECKSUM[\s\S]*ledger was cut short/],
  ["edited", ([a, ...rest]: string[]) => [a!.replace('"clip":1', '"clip":9'), ...rest], /E_CHECKSUM[\s\S]*line 1/],
  ["charged for more steps", (lines: string[]) => charged(lines), /E_CHECKSUM[\s\S]*charged after the statement/],
] as const)("a private run whose ledger was %s is not released", async (_how, change, words) => {
  renameSync(ledger, `${ledger}.kept`);
  const lines = change(readFileSync(`${ledger}.kept`, "utf8").trimEnd().split("\n"));
  if (lines) writeFileSync(ledger, `${lines.join("\n")}\n`);
  await expect(release("never")).rejects.toThrow(words);
  expect(existsSync(join(setting.home, "never"))).toBe(false);
  rmSync(ledger, { force: true });
  renameSync(`${ledger}.kept`, ledger);
});

/** The ledger with one more charge, as a run that went on would write it. */
function charged(lines: readonly string[]): string[] {
  const { entries, head } = readLedger(lines.join("\n"), sha256);
  const { run } = entries[0]!;
  return [...lines, ledgerLine({ kind: "charge", run, through: 999 }, head, sha256).text.trimEnd()];
}

test("with its ledger it is released, though nothing was audited, and a passport that says less is refused", async () => {
  const { passport } = await release("released");
  expect((await verifyRelease(join(setting.home, "released"), { policy, now })).passport.privacy).toEqual(
    passport.privacy,
  );
  const kept = passport.privacy as { epsilon: number; ledger: { head: string; entries: LedgerEntry[] } };
  expect(kept.ledger.entries.map((e) => e.kind)).toEqual(["open", "charge", "charge", "charge"]);
  const withPrivacy = (privacy: unknown): Passport => ({ ...passport, privacy: privacy as Passport["privacy"] });
  const { head, entries } = kept.ledger;
  const fewer = entries.slice(0, -1);
  const half = fewer.reduce((at, entry) => ledgerLine(entry, at, sha256).head, "");
  const refused: readonly [unknown, RegExp][] = [
    [null, /without its ledger/],
    [{ ...kept, ledger: undefined }, /without its ledger/],
    [{ ...kept, ledger: { head, entries: [null] } }, /without its ledger/],
    [{ ...kept, ledger: { head, entries: fewer } }, /not those of its head/],
    [{ ...kept, epsilon: kept.epsilon / 2 }, /cost more than the passport says/],
    [{ ...kept, ledger: { head: half, entries: fewer } }, /cost more than the passport says/],
  ];
  for (const [privacy, words] of refused)
    expect(() => checkStatement(withPrivacy(privacy), "passport.json"), JSON.stringify(privacy)).toThrow(words);
  expect(() => checkStatement(withPrivacy(kept), "passport.json")).not.toThrow();
});
