// A release with a compressed model: it goes along with its audit, gates ask for what it changed, and any changed byte is found.
import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { releaseRun } from "../../src/release/release-run.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import { compressedScores, runScores } from "../../src/runs/answer-sets.ts";
import { compressRun } from "../../src/runs/compress-run.ts";
import { openAnyModel } from "../../src/stages/open-model.ts";
import { type StageRecord, stageRecordName } from "../../src/store/index.ts";
import { concord } from "../command-line.ts";
import { now, type ReleaseSetting, releaseSetting } from "./run.ts";

let setting: ReleaseSetting;
let released: string;
let policy: string;
beforeAll(async () => {
  setting = await releaseSetting("");
  await compressRun(setting.run, { settings: { steps: [{ quantise: "int8" }], resamples: 20, explained: 0 } });
  policy = setting.policy(
    "policy.yaml",
    `[{ value: metrics.accuracy, atLeast: 0.3 }, { value: compression.accuracy.change, atLeast: -0.3 },
      { value: compression.size.bytes.after, atMost: 1000000 }]`,
  );
  released = join(setting.home, "released");
  await releaseRun(setting.run, { policy, keys: [setting.key("builder"), setting.key("owner")], out: released, now });
}, 60_000);
afterAll(() => setting.remove());

const verify = (folder: string) => verifyRelease(folder, { policy, now });

test("the release holds the compressed model, its audit, and what was done; it is verified and answers", async () => {
  const { passport, gates } = await verify(released);
  expect(passport.compression).toMatchObject({
    steps: [{ step: "quantise", settings: { to: "int8" } }],
    onnx: "model_quantized.onnx",
    temperatureApplied: true,
  });
  expect(passport.compression!.size.after).toBe(passport.values["size.compressed.bytes"]!.value);
  expect(Object.keys(passport.digests.files)).toContain("compressed/onnx/model_quantized.onnx");
  expect(Object.keys(passport.digests.evidence)).toContain("audit/compression.json");
  expect(gates.map(({ value }) => value)).toContain("compression.accuracy.change");
  const card = readFileSync(join(released, "model/README.md"), "utf8");
  expect(card).toContain("## Compressed model");
  expect(card).toContain("accuracy, change by compression");
  const { predictor } = await openAnyModel(join(released, "compressed"));
  expect(await predictor.answers(["fever"])).toMatchObject([{ kind: "label" }]);
  await predictor.dispose();
  const sets = await compressedScores(join(released, "evidence"));
  expect(sets).toEqual(await runScores(join(setting.run, "compressed")));
  expect(sets.all.length).toBeGreaterThan(10);
});

test.each(["compressed/onnx/model_quantized.onnx", "compressed/compression.json", "evidence/audit/compression.json"])(
  "a byte more in %s is found",
  async (name) => {
    const folder = join(setting.home, "changed");
    rmSync(folder, { recursive: true, force: true });
    cpSync(released, folder, { recursive: true });
    appendFileSync(join(folder, name), " ");
    await expect(verify(folder)).rejects.toThrow(`${name} has changed`);
  },
);

test("a compressed model of an earlier model is left out, which the command says, and its gates have no value", async () => {
  const path = join(setting.run, stageRecordName("compress"));
  const kept = readFileSync(path, "utf8");
  const record = JSON.parse(kept) as StageRecord;
  const after = { ...(record.inputs.after as Record<string, string>), adapt: "an earlier one" };
  writeFileSync(path, JSON.stringify({ ...record, inputs: { ...record.inputs, after } }));
  const own = setting.policy("own.yaml", "[{ value: metrics.accuracy, atLeast: 0.3 }]");
  const out = join(setting.home, "own");
  const keys = ["--key", setting.key("builder"), "--key", setting.key("owner")];
  const said = await concord(["release", setting.run, "--policy", own, ...keys, "--out", out]);
  expect(said.out, said.err).toContain("left out: the compressed model was made from an earlier model");
  expect(existsSync(join(out, "compressed"))).toBe(false);
  expect((await verifyRelease(out, { policy: own, now: new Date() })).passport.compression).toBeUndefined();
  const asking = releaseRun(setting.run, {
    policy,
    keys: [setting.key("builder")],
    out: join(setting.home, "no"),
    now: new Date(), // the command above used this machine's clock
  });
  await expect(asking).rejects.toThrow(/E_CONFIG[\s\S]*compression\.accuracy\.change/);
  writeFileSync(path, kept);
});

test("a policy that forbids the change stops the release", async () => {
  const strict = setting.policy("strict.yaml", "[{ value: compression.size.bytes.change, atLeast: 0 }]");
  const out = join(setting.home, "strict");
  const refused = releaseRun(setting.run, {
    policy: strict,
    keys: [setting.key("builder"), setting.key("owner")],
    out,
    now: new Date(),
  });
  await expect(refused).rejects.toThrow(/E_GATE[\s\S]*compression\.size\.bytes\.change/);
  expect(existsSync(out)).toBe(false);
});
