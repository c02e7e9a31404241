// A private run whose charges are signed into a log before its steps run: released and verified so; whoever deletes the ledger is found.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { releaseRun } from "../../src/release/release-run.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { makeKey, openReleaseLog } from "../../src/store/index.ts";
import { concord } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-ledger-log-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const at = (...parts: string[]) => join(home, ...parts);
const log = at("releases");
const words = ["rain", "snow", "wind", "sun", "fog", "hail"];
const recipe = (epsilon: number, seed = 42) =>
  readRecipe(
    `version: 1
name: private
seed: ${seed}
data: { file: rows.csv, similarity: 1 }
model: { scratch: { vocabulary: 120, width: 16, layers: 1, heads: 2, inner: 16 }, maxLength: 16 }
adapt: { epochs: 2, batchSize: 16, threads: 1, privacy: { epsilon: ${epsilon}, delta: 1e-3 } }
evaluate: { resamples: 20 }
export: { onnx: false }
`,
    "recipe.yaml",
  );
const train = (place: string, name: string, which = recipe(8), logs = true) =>
  runRecipe(which, {
    home: at(place),
    folder: at("runs", name),
    ...(logs && { chargeLog: { folder: log, key: at("builder.key") } }),
  });
const release = (name: string, policy = "logged.yaml") =>
  releaseRun(at("runs", name), { policy: at(policy), keys: [at("builder.key")], log });
const verify = (name: string, policy = "logged.yaml", more: object = { log }) =>
  verifyRelease(at("runs", name, "release"), { policy: at(policy), ...more });

beforeAll(async () => {
  mkdirSync(at("data"));
  const rows = Array.from(
    { length: 200 },
    (_, i) => `${words[i % 6]} ${words[(i * 5) % 6]} number ${i * 7919},${i % 2 ? "yes" : "no"}`,
  );
  writeFileSync(at("data", "rows.csv"), `text,label\n${rows.join("\n")}\n`);
  await makeKey({ path: at("builder"), name: "builder", now: new Date() });
  for (const ledger of ["logged", "stated"])
    writeFileSync(
      at(`${ledger}.yaml`),
      `version: 1\nsigners: { builder: [builder.pub.json] }\nrequire: [builder]\nledger: ${ledger}\ngates: [{ value: metrics.accuracy, atLeast: 0 }]\n`,
    );
  await train("data", "first");
});

test("each charge is in the log before its steps, and the release rests on it", async () => {
  const { entries } = await openReleaseLog(log);
  expect(entries.map(({ kind, through }) => [kind, through])).toEqual([
    ["ledger", 9],
    ["ledger", 18],
  ]);
  await release("first");
  expect((await verify("first")).ledger).toBe("logged");
  expect((await verify("first", "stated.yaml", {})).ledger).toBe("stated");
  await expect(verify("first", "logged.yaml", {})).rejects.toThrow(
    /asks for a ledger that was signed into the log[\s\S]*--log/,
  );
  const told = await concord(["verify", at("runs", "first", "release"), "--policy", at("logged.yaml"), "--log", log]);
  expect(told.out).toContain("privacy ledger: signed into the log");
});

test("who deletes every ledger and begins anew is refused by the log, before any step runs", async () => {
  cpSync(at("data"), at("kept"), { recursive: true });
  rmSync(at("data", ".concord"), { recursive: true });
  await expect(train("data", "second", recipe(9, 43))).rejects.toThrow(
    /log shows a private run on these rows that the ledger lacks/,
  );
  await train("data", "third", recipe(9, 43), false); // without the log nobody is asked
  await expect(release("third")).rejects.toThrow(/asks for a ledger that was signed/);
  await release("third", "stated.yaml");
  expect((await verify("third", "stated.yaml")).ledger).toBe("stated");
});

test("with the ledger restored the next run goes on, is logged, and is verified with all that was spent", async () => {
  rmSync(at("data"), { recursive: true });
  cpSync(at("kept"), at("data"), { recursive: true });
  await train("data", "fourth", recipe(12, 44));
  const { passport } = await release("fourth");
  expect((await verify("fourth")).ledger).toBe("logged");
  const { epsilon } = passport.privacy as { epsilon: number };
  expect(epsilon).toBeGreaterThan(11.8);
  expect(JSON.parse(readFileSync(at("runs", "fourth", "privacy.json"), "utf8")).ledger.entries[0].kind).toBe("earlier");
});

test("a log is refused where nothing is private, and a log that cannot be written stops the run before its steps", async () => {
  const open = { ...recipe(8), adapt: { ...recipe(8).adapt, privacy: undefined } };
  await expect(train("data", "open", open)).rejects.toThrow(/no private training/);
  writeFileSync(at("a-file"), "");
  const run = runRecipe(recipe(30, 45), {
    home: at("data"),
    folder: at("runs", "fifth"),
    chargeLog: { folder: at("a-file"), key: at("builder.key") },
  });
  await expect(run).rejects.toThrow(/E_IO/);
  const alone = await concord(["run", "recipe.yaml", "--log", "x"]);
  expect(alone.err).toMatch(/--key/);
});
