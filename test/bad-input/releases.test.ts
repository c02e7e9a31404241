// Keys, policies and releases that make no sense, told on the command line.
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { concord } from "../command-line.ts";
import { expectRefusal, put, type Refusal, temporaryFolder } from "./refusal.ts";

const home = temporaryFolder();
const key = join(home, "a.key");
beforeAll(async () => {
  for (const name of ["a", "b"]) expect((await concord(["keys", join(home, name), "--name", name])).code).toBe(0);
});

const policy = (name: string, text: string) => put(home, `${name}.yaml`, `version: 1\n${text}`);
const good =
  "signers: { builder: [a.pub.json] }\nrequire: [builder]\ngates: [{ value: metrics.accuracy, atLeast: 0.5 }]\n";

test.each<[name: string, text: string, Partial<Refusal>]>([
  [
    "an unknown key",
    good.replace("require", "requires"),
    { problem: "no such key", got: "requires", remedy: "require" },
  ],
  ["a gate without a limit", good.replace(", atLeast: 0.5", ""), { problem: "gates.0", expected: "atLeast or atMost" }],
  ["a limit that is called otherwise", good.replace("atLeast", "min"), { problem: "no such key", got: "min" }],
  [
    "a required role that nobody has",
    good.replace("[builder]", "[builder, auditor]"),
    { problem: "auditor has no signer" },
  ],
  [
    "one key in two roles",
    good.replace("] }", "], auditor: [a.pub.json] }"),
    { problem: "two roles", remedy: "another key" },
  ],
  ["a text that is no YAML", "gates: [", { problem: /./ }],
])("a policy with %s", async (name, text, wanted) => {
  const path = policy(name.replaceAll(" ", "-"), text);
  const { code, err } = await concord(["--json", "release", home, "--policy", path, "--key", key]);
  const said = JSON.parse(err.trim().split("\n").at(-1)!);
  expect([code, said.code, said.path]).toEqual([78, "E_CONFIG", path]);
  for (const [fact, text] of Object.entries({ ...wanted, hint: wanted.remedy, remedy: undefined }))
    if (text !== undefined) expect(said[fact], fact).toMatch(text);
});

test("a signer's file that is missing, and one that is another file", async () => {
  const missing = policy("missing", good.replace("a.pub", "c.pub"));
  const { err, code } = await concord(["--json", "verify", home, "--policy", missing]);
  expect([code, JSON.parse(err).path]).toEqual([74, join(home, "c.pub.json")]);
  put(home, "c.pub.json", "{}");
  expect((await concord(["verify", home, "--policy", missing])).code).toBe(65);
});

test("a private key that others may read", async () => {
  const open = join(home, "open.key");
  put(home, "open.key", readFileSync(key));
  chmodSync(open, 0o644);
  await expectRefusal(["release", home, "--policy", policy("open", good), "--key", open], {
    code: "E_IO",
    place: open,
    problem: "others may read",
    expected: "0600",
    got: "0644",
    remedy: "chmod 600",
  });
});

test("keys without a name, over a file that is there, and with an expiry that is past", async () => {
  expect((await concord(["keys", join(home, "n")])).code).toBe(64);
  expect((await concord(["keys", join(home, "a"), "--name", "a"])).code).toBe(74);
  expect((await concord(["keys", join(home, "n"), "--name", "n", "--expires", "2001-01-01"])).code).toBe(64);
  expect((await concord(["keys", join(home, "n"), "--name", "n", "--expires", "soon"])).code).toBe(64);
});

test("a release without a policy, a reason without an override and the other way round, a folder that is no run", async () => {
  const path = policy("good", good);
  for (const [args, option] of [
    [["release", home], "--policy"],
    [["release", home, "--policy", path, "--reason", "x"], "--reason"],
    [["release", home, "--policy", path, "--override", "metrics.accuracy"], "--reason"],
    [["verify", home], "--policy"],
    [["verify", home, "--policy", path, "--key", key], "--key"],
    [["sign", join(home, "passport.json")], "--key"],
  ] as const) {
    const { code, err } = await concord(["--json", ...args]);
    expect([code, JSON.parse(err).path], args.join(" ")).toEqual([64, option]);
  }
  expect((await concord(["release", home, "--policy", path, "--key", key])).code).toBe(74);
  expect((await concord(["sign", join(home, "passport.json"), "--key", key])).code).toBe(74);
});

test("an empty log, an entry that is not there, a head that is none", async () => {
  const empty = join(home, "log");
  mkdirSync(empty);
  const log = async () => await concord(["--json", "log", empty, "--policy", policy("good", good)]);
  const { code, err } = await log();
  expect([code, JSON.parse(err).problem]).toEqual([65, "there is no log here, or it is empty"]);
  put(empty, "log.jsonl", '{"entry":{},"head":{}}\n');
  expect((await log()).code).toBe(65);
});

test("what a signer is told is in Chinese too", async () => {
  const { out } = await concord(["--lang", "zh", "keys", join(home, "zh"), "--name", "市医院"]);
  expect(out).toMatch(/已创建签署方 市医院/);
});
