// Files of a folder and their digests: which count, in which order, and names that some file systems cannot keep apart.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { faultLater } from "../../../test/fault.ts";
import { type FileDigest, firstDifference, folderDigests, plainFiles, portableFiles, rootDigest } from "./index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "concord-manifest-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, content = name) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
};
const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

test("files below a folder are found, but those that are ignored directly below it; a folder that is not there is named", async () => {
  for (const name of ["a", "b/c", "b/d/e", "b/a", "Stryker was here"]) put(name);
  expect((await plainFiles(folder)).sort()).toEqual(["Stryker was here", "a", "b/a", "b/c", "b/d/e"]);
  expect((await plainFiles(folder, ["a", "b"])).sort()).toEqual(["Stryker was here"]);
  expect((await folderDigests(folder, ["b", "Stryker was here"])).map(({ name }) => name)).toEqual(["a"]);
  expect((await folderDigests(folder)).length).toBe(5);
  const { facts } = await faultLater("E_IO", () => plainFiles(join(folder, "gone")));
  expect(facts.path).toBe(join(folder, "gone"));
});

test("digests are in the order of code points, whatever the order of UTF-16", async () => {
  for (const name of ["\u{1f600}", "\uff5e", "b/a", "b.a", "Z"]) put(name, "x");
  expect(await folderDigests(folder)).toEqual(
    ["Z", "b.a", "b/a", "\uff5e", "\u{1f600}"].map((name) => ({ name, digest: sha256("x"), bytes: 1 })),
  );
});

test("the digest of a folder is over the bytes of its files' digests, in order", () => {
  const of = (...contents: string[]): FileDigest[] => contents.map((c) => ({ name: c, digest: sha256(c), bytes: 1 }));
  expect(rootDigest(of("a", "b"))).toBe(sha256(Buffer.from(sha256("a") + sha256("b"), "hex")));
  expect(rootDigest(of("b", "a"))).not.toBe(rootDigest(of("a", "b")));
});

test.each([
  ["the case of a file", "a/Model", "a/model", "a/model"],
  ["the case of a folder", "B/x", "b/y", "b"],
  ["a composed letter", "\u00e9", "e\u0301", "e\u0301"],
  ["a letter whose upper case is two", "stra\u00dfe", "strasse", "strasse"],
  ["a ligature", "\ufb01", "fi", "fi"],
])("two names that differ by %s alone are refused", async (_, first, other, named) => {
  put(first);
  put(other);
  const { facts } = await faultLater("E_FORMAT", () => portableFiles(folder));
  expect([facts.path, facts.got!.split(", ").sort()]).toEqual([
    expect.stringContaining(folder),
    expect.arrayContaining([named]),
  ]);
});

test("names that stay apart are given, several below one folder too", async () => {
  for (const name of ["a/b", "a/c", "a/d/b", "b"]) put(name);
  expect((await portableFiles(folder)).sort()).toEqual(["a/b", "a/c", "a/d/b", "b"]);
});

test("the first file that is missing, changed or added is said, with the beginnings of digests", () => {
  const file = (name: string, digest = "1".repeat(64)): FileDigest => ({ name, digest, bytes: 1 });
  expect(firstDifference([file("a"), file("b")], [file("b"), file("a")])).toBeUndefined();
  expect(firstDifference([file("a"), file("b")], [file("a")])).toBe("b is missing");
  expect(firstDifference([file("a")], [file("a"), file("c")])).toBe("c is not in the record");
  const [old, now] = ["1".repeat(16), "2".repeat(16)];
  expect(firstDifference([file("a")], [file("a", "2".repeat(64))])).toBe(
    `a has changed (SHA-256 ${now}…, recorded ${old}…)`,
  );
});
