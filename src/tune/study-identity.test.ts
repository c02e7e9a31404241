// A study that an earlier version began goes on: a key that came since has its default, and another value is another study.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { faultLater } from "../../test/fault.ts";
import { openDatabase } from "../database/index.ts";
import { readRecipe } from "../recipe/index.ts";
import { identityOf, withDefaults } from "./study-identity.ts";
import { openStudyStore } from "./study-store.ts";

const home = mkdtempSync(join(tmpdir(), "concord-identity-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
writeFileSync(join(home, "t.csv"), "text,label\na,b\nc,d\n");
const recipe = (...changes: string[]) =>
  readRecipe(
    `version: 1
name: study
data: { file: t.csv }
model: { scratch: { width: 32, heads: 2 } }
pretrain: { epochs: 2 }
search: { space: { adapt.learningRate: { log: [1.0e-4, 1.0e-2] } }, trials: 2 }
`,
    "recipe.yaml",
    changes,
  );
const textOf = async (of = recipe()) => await identityOf(of, of.search!, home);
/** As a version without these keys would have kept it. */
const older = (text: string): string => {
  const { adapt, pretrain, ...rest } = JSON.parse(text);
  const { groupByLength: _, imbalance: _i, ...kept } = adapt;
  const { gradientCheckpointing: _g, ...before } = pretrain;
  return JSON.stringify({ ...rest, adapt: kept, pretrain: before });
};

test("settings of this version stay as they are, and those of an earlier one get the defaults", async () => {
  const text = await textOf();
  expect(withDefaults(recipe(), text)).toBe(text);
  expect(older(text)).not.toBe(text);
  expect(withDefaults(recipe(), older(text))).toBe(text);
  expect(withDefaults(recipe(), '{"adapt":{"epochs":"many"}}')).toBe('{"adapt":{"epochs":"many"}}');
});

test("such a study is opened; one with another value of the new key is not", async () => {
  const open = async (settings: string, of = recipe()) => {
    const sql = await openDatabase(join(home, "study.sqlite"), { operation: "open study", lock: 1 });
    const store = openStudyStore(sql, "study", settings, (kept) => withDefaults(of, kept));
    return await (
      await store.catch(async (fault: unknown) => {
        await sql.close();
        throw fault;
      })
    ).close();
  };
  await open(older(await textOf()));
  await open(await textOf());
  const other = recipe("adapt.groupByLength=true");
  const { facts } = await faultLater("E_CONFIG", async () => await open(await textOf(other), other));
  expect(facts.got).toBe("changed: adapt.groupByLength");
});
