import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AnswerRecord } from "../index.ts";
import { openWatchStore } from "./index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "concord-watch-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const record = (i: number, fields: Partial<AnswerRecord> = {}): AnswerRecord => ({
  id: `r${i}`,
  at: 1000 + i,
  model: "disease",
  version: "abc",
  answer: "flu",
  confidence: 0.5 + i / 1000,
  abstained: false,
  ms: 3.5,
  groups: { region: "islands" },
  bins: Uint8Array.of(1, 2, 255),
  ...fields,
});
const records = (count: number) => Array.from({ length: count }, (_, i) => record(i));

test("answers come back as they went in, the oldest first, with feedback beside them; a reopened store goes on", async () => {
  const path = join(folder, "watch.sqlite");
  const store = await openWatchStore(path);
  const plain = record(3, {
    answer: undefined,
    confidence: undefined,
    bins: undefined,
    value: 2.5,
    abstained: true,
    payload: "text 中文",
  });
  await store.append([...records(3), plain]);
  expect(await store.feedback("r1", "cold", 5)).toBe(true);
  expect(await store.feedback("r1", "flu", 6)).toBe(true);
  expect(await store.feedback("nobody", "flu", 6)).toBe(false);
  await store.close();
  const again = await openWatchStore(path);
  await again.append([record(4)]);
  const { answer: _a, confidence: _c, bins: _b, ...bare } = plain;
  expect(await again.answers()).toEqual([record(0), { ...record(1), truth: "flu" }, record(2), bare, record(4)]);
  expect((await again.answers({ last: 2 })).map(({ id }) => id)).toEqual(["r3", "r4"]);
  expect((await again.answers({ since: 1002, model: "disease", version: "abc" })).map(({ id }) => id)).toEqual([
    "r2",
    "r3",
    "r4",
  ]);
  expect(await again.answers({ model: "other" })).toEqual([]);
  expect(await again.verify()).not.toHaveProperty("broken");
  await again.close();
});

test("a batch is kept whole or not at all, and the store goes on after one that failed", async () => {
  const store = await openWatchStore(join(folder, "watch.sqlite"));
  await store.append([record(0)]);
  const broken = record(2, { model: null as never });
  await expect(store.append([record(1), broken])).rejects.toMatchObject({ code: "E_IO" });
  expect(await store.answers()).toHaveLength(1);
  await store.append(records(1200).slice(1));
  expect(await store.answers()).toHaveLength(1200);
  expect(await store.verify()).not.toHaveProperty("broken");
  await store.close();
});

for (const [what, statement] of [
  ["changed", "UPDATE concord_answers SET answer = 'cold' WHERE id = 'r5'"],
  ["removed", "DELETE FROM concord_answers WHERE id = 'r5'"],
  ["regrouped", `UPDATE concord_answers SET groups = '{"region":"coast"}' WHERE id = 'r5'`],
  ["moved", "UPDATE concord_answers SET seq = 100 WHERE id = 'r5'"],
] as const)
  test(`an answer that somebody ${what} breaks the chain`, async () => {
    const path = join(folder, "watch.sqlite");
    const store = await openWatchStore(path);
    await store.append(records(10));
    await store.close();
    const database = new Database(path);
    database.exec(statement);
    database.close();
    const opened = await openWatchStore(path);
    expect((await opened.verify()).broken).toMatch(/^r[56]$/);
    await opened.close();
  });

test("old answers are forgotten with their feedback, and the chain of the others still holds", async () => {
  const store = await openWatchStore(join(folder, "watch.sqlite"));
  await store.append(records(10));
  await store.feedback("r1", "flu", 1);
  expect(await store.forget(1004)).toBe(4);
  expect((await store.answers()).map(({ id }) => id)).toEqual(["r4", "r5", "r6", "r7", "r8", "r9"]);
  expect(await store.verify()).not.toHaveProperty("broken");
  expect(await store.feedback("r1", "flu", 1)).toBe(false);
  expect(await store.forget(9999)).toBe(6);
  await store.append([record(20)]);
  expect(await store.verify()).not.toHaveProperty("broken");
  await store.close();
});

test("two processes write one chain, and neither disturbs the other", async () => {
  const path = join(folder, "watch.sqlite");
  const [first, second] = [await openWatchStore(path), await openWatchStore(path)];
  for (let i = 0; i < 10; i += 2) {
    await first.append([record(i)]);
    await second.append([record(i + 1)]);
  }
  await expect(second.append([record(30, { model: null as never })])).rejects.toMatchObject({ code: "E_IO" });
  await first.append([record(10)]);
  expect((await second.answers()).map(({ id }) => id)).toEqual(Array.from({ length: 11 }, (_, i) => `r${i}`));
  expect(await second.verify()).not.toHaveProperty("broken");
  await Promise.all([first, second].map((store) => store.close()));
});

test("an id that a client used before spoils nothing: the later answer gets one of its own", async () => {
  const store = await openWatchStore(join(folder, "watch.sqlite"));
  await store.append([record(0)]);
  await store.append([record(1), record(0), record(1)]);
  expect((await store.answers()).map(({ id }) => id)).toEqual(["r0", "r0~3", "r1", "r1~4"]);
  expect(await store.verify()).not.toHaveProperty("broken");
  await store.close();
});

test("alerts are kept, the last first", async () => {
  const store = await openWatchStore(join(folder, "watch.sqlite"));
  const alert = { at: 1, model: "m", version: "v", rule: "drift", text: "input.length drifted" };
  await store.alert(alert);
  await store.alert({ ...alert, at: 2, gate: "metrics.accuracy" });
  expect(await store.alerts(1)).toEqual([{ ...alert, at: 2, gate: "metrics.accuracy" }]);
  await store.close();
});

test("a new file that another process holds for itself alone is waited for, as two servers that start at once make one", async () => {
  const path = join(folder, "watch.sqlite");
  const holds = `
    const database = new (require("libsql"))(process.argv[1]);
    database.exec("BEGIN EXCLUSIVE; CREATE TABLE other (x)");
    console.log("held");
    setTimeout(() => database.exec("COMMIT"), 400);
  `;
  const other = spawn(process.execPath, ["-e", holds, path], { stdio: ["ignore", "pipe", "inherit"] });
  await once(other.stdout, "data");
  const store = await openWatchStore(path);
  await store.append(records(2));
  await store.close();
  if (other.exitCode === null) await once(other, "exit");
});

test("a file that is no database is refused by name and left as it was", async () => {
  const path = join(folder, "notes.txt");
  writeFileSync(path, "not a database, only a text that is long enough to be read as a header of one ".repeat(20));
  await expect(openWatchStore(path)).rejects.toMatchObject({ code: "E_IO", facts: { path } });
});

test("each full window is taken once, by whichever server asks, and of judged answers in the order of their labels", async () => {
  const path = join(folder, "watch.sqlite");
  const [one, other] = [await openWatchStore(path), await openWatchStore(path)];
  await one.append([...records(5), record(5, { version: "def" })]);
  const asked = { model: "disease", version: "abc", of: "answers", size: 2 } as const;
  const ids = async (store = one, more = {}) => (await store.nextWindow({ ...asked, ...more })).map(({ id }) => id);
  expect([await ids(), await ids(other), await ids(), await ids(other)]).toEqual([["r0", "r1"], ["r2", "r3"], [], []]);
  await other.append([record(6)]);
  expect(await ids()).toEqual(["r4", "r6"]);
  for (const id of ["r3", "r0", "r3", "r6"]) await other.feedback(id, "flu", 1);
  const judged = { of: "judged" };
  expect([await ids(one, judged), await ids(other, judged)]).toEqual([["r3", "r0"], []]);
  await one.close();
  const reopened = await openWatchStore(path);
  await reopened.feedback("r1", "cold", 2);
  expect(await reopened.nextWindow({ ...asked, of: "judged" })).toMatchObject([
    { id: "r6" },
    { id: "r1", truth: "cold" },
  ]);
  await Promise.all([other.close(), reopened.close()]);
});
