// One passport for a study: every member signs, the evidence is checked again by whoever verifies, and what differs first is named.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import {
  defaultThreshold,
  type Message,
  readProposal,
  type SpentPrivacy,
  type Study,
  simulate,
} from "../../src/federated/index.ts";
import { nodePrimitives } from "../../src/federated/node/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, type Model, modelOf } from "../../src/models/index.ts";
import { saveModel } from "../../src/models/node/index.ts";
import { type ReleaseOptions, releaseRun } from "../../src/release/release-run.ts";
import { signPassport } from "../../src/release/sign-passport.ts";
import { checkStudy } from "../../src/release/study-release.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import {
  makeKey,
  openReleaseLog,
  publicHalf,
  readSigningKey,
  type SigningKey,
  signBytes,
} from "../../src/store/index.ts";
import { transcriptFolder } from "../../src/studies/index.ts";
import { openTranscript } from "../../src/studies/transcript.ts";
import { privatePlan } from "../../src/train/index.ts";
import { now } from "./run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-study-"));
const study = join(home, "study");
const names = ["hospital", "ministry", "university"];
const policy = join(home, "policy.yaml");
const key = (name: string) => join(home, `${name}.key`);
let released = "";
afterAll(() => rmSync(home, { recursive: true, force: true }));

const config = {
  model_type: "bert",
  architectures: ["BertForSequenceClassification"],
  vocab_size: 30,
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 8,
  max_position_embeddings: 16,
  type_vocab_size: 2,
  id2label: { 0: "cold", 1: "flu" },
  label2id: { cold: 0, flu: 1 },
};

/** What `finishStudy` leaves of a vector: the model's folder, its scores and the record. */
async function writeResults(study: string, model: Model, vector: Float32Array): Promise<void> {
  let at = 0;
  const weights = new Map<string, HostArray<"float32">>();
  for (const { name, shape } of model.parameters) {
    const size = shape.reduce((a, b) => a * b, 1);
    weights.set(name, { dtype: "float32", shape: [...shape], data: vector.slice(at, at + size) });
    at += size;
  }
  mkdirSync(join(study, "model"), { recursive: true });
  await saveModel(join(study, "model"), model, weights);
  const json = (name: string, value: unknown) => writeFileSync(join(study, name), JSON.stringify(value));
  json("metrics.json", {
    version: 1,
    rows: 163, // more than the rounds count, of which each member has maxExamples at most
    accuracy: { value: 48 / 63, low: 0.65, high: 0.85 },
    gaps: { region: { accuracy: { value: 0.1, low: 0.02, high: 0.2 } } },
  });
  json("together.json", { format: "concord-together", version: 1, run: "study-of-a-test" });
}

/** What a member's ledger shows of the test's study: a run a round. */
function memberLedger(
  examples: number,
  change: { rounds?: number; noise?: number; through?: number } = {},
): SpentPrivacy["ledger"] {
  const [batchSize, steps] = [4, Math.ceil(examples / 4)];
  const asked = { epsilon: 3, delta: 1e-5, noiseMultiplier: change.noise ?? 20 };
  const { mechanism, budget } = privatePlan(asked, { examples, batchSize, steps: 2 * steps });
  return Array.from({ length: change.rounds ?? 2 }, (_, i) => `run ${i}`).flatMap((run) => [
    { kind: "open", run, mechanism: { ...mechanism }, budget: { ...budget } } as const,
    { kind: "charge", run, through: change.through ?? steps } as const,
  ]);
}

/** A finished study of three members with real keys, masks and logs; what they learn is invented. */
async function makeStudy(
  study: string,
  spent: readonly (number | undefined)[],
  leaves: Partial<Pick<Study, "afterRound">> & {
    readonly threshold?: number;
    readonly ledger?: (examples: number) => SpentPrivacy["ledger"];
  } = {},
): Promise<void> {
  const keys = new Map<string, SigningKey>();
  for (const name of ["coordinator", ...names, "stranger"]) {
    if (!existsSync(key(name))) await makeKey({ path: join(home, name), name, now });
    keys.set(name, await readSigningKey(key(name)));
  }
  const identity = (name: string) => ({
    name,
    sign: (b: Uint8Array) => new Uint8Array(signBytes(keys.get(name)!.key, b)),
  });
  const spki = (name: string) =>
    publicHalf(keys.get(name)!.key).export({ type: "spki", format: "der" }).toString("base64");
  const model = modelOf(configOf(config, "test"));
  const start = initialise(model, random(1));
  const sizes = model.parameters.map(({ name, shape }) => ({ name, size: shape.reduce((a, b) => a * b, 1) }));
  const proposal = readProposal({
    format: "concord-proposal",
    version: 1,
    run: "study-of-a-test",
    recipe: {
      version: 1,
      name: "together",
      data: { file: "mine.csv" },
      model: { from: "start" },
      together: { rounds: 2, ledgers: "shown" },
      adapt: { epochs: 1, batchSize: 4, privacy: { epsilon: 3, delta: 1e-5, noise: 20 } },
    },
    files: [],
    coordinator: { name: "coordinator", key: spki("coordinator") },
    members: names.map((name) => ({ name, key: spki(name) })),
    threshold: leaves.threshold ?? defaultThreshold(3),
    rounds: 2,
    maxExamples: 100,
    update: sizes.map((part) => ({ ...part, kind: "real", bound: 1 })),
    counts: [],
    tests: [{ name: "right", size: 1, kind: "count", bound: 100 }],
    siteValues: true,
  });
  const flat = new Float32Array(sizes.reduce((n, { size }) => n + size, 0));
  let at = 0;
  for (const { name, size } of sizes) {
    flat.set(start.get(name)!.data, at);
    at += size;
  }
  const entries: [string, Message][] = [];
  const { coordinator, refused } = await simulate({
    primitives: nodePrimitives,
    proposal,
    coordinator: identity("coordinator"),
    model: flat,
    entropy: random(2),
    afterRound: leaves.afterRound,
    members: names.map((name, i) => ({
      identity: identity(name),
      privacy: async () =>
        spent[i] === undefined
          ? undefined
          : { epsilon: spent[i], delta: 1e-5, ledger: leaves.ledger?.(20 + i) ?? memberLedger(20 + i) },
      work: (task) => ({
        examples: 20 + i,
        values:
          task === "train"
            ? Object.fromEntries(sizes.map((p) => [p.name, new Float32Array(p.size).fill(0.01 * (i + 1))]))
            : { right: [15 + i] },
      }),
    })),
    onEffect: (who, e) => e.kind === "record" && entries.push([who, e.entry]),
  });
  if (!leaves.afterRound) expect(refused.map((r) => r.error.message)).toEqual([]);
  for (const [who, message] of entries) {
    const transcript = await openTranscript(transcriptFolder(study, who), keys.get(who)!.key);
    await transcript.add(message, now);
  }
  await writeResults(study, model, coordinator.model);
}

beforeAll(async () => {
  await makeStudy(study, [2.5, 2.75, 3]);
  const signers =
    "{ coordinator: [coordinator.pub.json], member: [hospital.pub.json, ministry.pub.json, university.pub.json] }";
  writeFileSync(
    policy,
    `version: 1\nsigners: ${signers}\nrequire: [coordinator, member]\ngates:\n  - { value: metrics.accuracy, atLeast: 0.6, use: interval }\n  - { value: fairness.region.gap.accuracy, atMost: 0.5, use: interval }\n  - { value: "together.*.epsilon", needs: [hospital], atMost: 4 }\n  - { value: together.survivors.least, atLeast: 3 }\n`,
  );
});

const verify = (folder = released) => verifyRelease(folder, { policy, now });

test("a study is released when all members have signed its one passport, and not before", async () => {
  const release = (keys: string[]) => releaseRun(study, { policy, keys: keys.map(key), now });
  await expect(release(["coordinator", "hospital"])).rejects.toThrow(/E_SIGNATURE[\s\S]*ministry, university/);
  await signPassport(join(study, "passport.json"), [key("ministry")]);
  const done = await release(["coordinator", "hospital", "university"]);
  released = done.folder;
  const { passport, signers } = await verify();
  expect(signers.map((s) => s.name).sort()).toEqual(["coordinator", ...names]);
  expect(passport.together).toMatchObject({
    run: "study-of-a-test",
    strategy: "fedavg",
    members: names.map((name, i) => {
      const spent = { epsilon: [2.5, 2.75, 3][i], delta: 1e-5 };
      return { name, consented: true, rounds: 2, budget: 3, spent };
    }),
    rounds: [{ examples: 63 }, { examples: 63 }, { examples: 63 }],
  });
  expect(Object.keys(passport.together!.transcripts).sort()).toEqual(["coordinator", ...names]);
  expect(passport.rows).toEqual({ train: 63, test: 163 });
  expect(readFileSync(join(released, "report.html"), "utf8")).toContain("university");
  for (const [file, text] of [
    ["plain.html", "hospital: 2.5 of 3"],
    ["model/README.md", "ministry | 2.75 of 3"],
  ] as const) {
    const written = readFileSync(join(released, file), "utf8");
    expect(written).toContain(text);
    expect(written).not.toMatch(/without a mathematical guarantee|no differential-privacy guarantee/);
  }
});

test("gates of a policy see the study: its gaps, each member's ε, the fewest survivors", async () => {
  const { gates } = await verify();
  expect(gates.map((g) => [g.value, g.passed])).toEqual([
    ["metrics.accuracy", true],
    ["fairness.region.gap.accuracy", true],
    ["together.hospital.epsilon", true],
    ["together.ministry.epsilon", true],
    ["together.university.epsilon", true],
    ["together.survivors.least", true],
  ]);
  const strict = join(home, "strict.yaml");
  writeFileSync(strict, readFileSync(policy, "utf8").replace("atMost: 4", "atMost: 2"));
  await expect(verifyRelease(released, { policy: strict, now })).rejects.toThrow(
    /E_GATE[\s\S]*together\.hospital\.epsilon/,
  );
});

test("what was spent beyond the budget is no release; what is not stated is said and passes no gate on it", async () => {
  await makeStudy(join(home, "over"), [2, 3.5, 3]);
  const release = (name: string, policy: string) =>
    releaseRun(join(home, name), { policy, keys: ["coordinator", ...names].map(key), now });
  await expect(release("over", policy)).rejects.toThrow(/E_CHECKSUM[\s\S]*ministry states more privacy spent/);
  await makeStudy(join(home, "silent"), [2, undefined, 3]);
  const named = join(home, "named.yaml");
  writeFileSync(named, readFileSync(policy, "utf8").replace("together.*.epsilon", "together.ministry.epsilon"));
  await expect(release("silent", named)).rejects.toThrow(/together\.ministry\.epsilon/);
  const { folder } = await release("silent", policy);
  expect(readFileSync(join(folder, "model/README.md"), "utf8")).toContain("do not state the ε they spent: ministry");
});

test.each([
  ["a round", { rounds: 1 }, /2 rounds with all their steps[\s\S]*1/],
  ["steps", { through: 2 }, /rounds/],
  ["noise: more than the recipe says", { noise: 40 }, /noiseMultiplier/],
  ["rows: more than all members have together", { examples: 640 }, /examples[\s\S]*at most 63 rows/],
] as const)("a member whose ledger lies about %s is refused with its name", async (what, change, words) => {
  const folder = `ledger ${what.split(":")[0]}`;
  const { examples, ...rest } = { examples: undefined, ...change };
  await makeStudy(join(home, folder), [2.5, 2.75, 3], { ledger: (n) => memberLedger(examples ?? n, rest) });
  const release = releaseRun(join(home, folder), { policy, keys: ["coordinator", ...names].map(key), now });
  await expect(release).rejects.toThrow(
    /E_CHECKSUM[\s\S]*what hospital states of its privacy is not what its ledger comes to/,
  );
  await expect(release).rejects.toThrow(words);
});

test("a member that was left out does not sign: who may override decides, with a reason, and the passport says so", async () => {
  const folder = join(home, "left");
  const reason = "its certificate was stolen";
  await makeStudy(folder, [2.5, 2.75, undefined], {
    threshold: 2,
    afterRound: ({ round }) => (round === 1 ? { kind: "revoke", member: "university", reason } : undefined),
  });
  rmSync(transcriptFolder(folder, "university"), { recursive: true }); // nobody can make it give this
  const loose = join(home, "loose.yaml");
  writeFileSync(
    loose,
    readFileSync(policy, "utf8").replace(
      "{ value: together.survivors.least, atLeast: 3 }",
      "{ value: together.members, atLeast: 3 }",
    ),
  );
  const open = join(home, "open.yaml");
  writeFileSync(open, readFileSync(loose, "utf8").replace("gates:", "override: [coordinator]\ngates:"));
  const release = (policy: string, override?: ReleaseOptions["override"]) =>
    releaseRun(folder, { policy, keys: ["coordinator", "hospital", "ministry"].map(key), now, override });
  const agreed = { values: ["together.university.left"], reason: "its rows were collected under the same consent" };
  await expect(release(open)).rejects.toThrow(/E_GATE[\s\S]*together\.university\.left/);
  await expect(release(loose, agreed)).rejects.toThrow(/E_GATE[\s\S]*none of the keys may override/);
  const done = await release(open, agreed);
  expect(done.passport.together!.members[2]).toMatchObject({ name: "university", rounds: 1, left: reason });
  const { gates, signers } = await verifyRelease(done.folder, { policy: open, now });
  expect(gates.at(-1)).toMatchObject({ value: "together.university.left", passed: false });
  expect(signers).toHaveLength(3);
  await expect(verifyRelease(done.folder, { policy: loose, now })).rejects.toThrow(/overridden by a key that may not/);
  for (const file of ["report.html", "plain.html", "model/README.md"])
    expect(readFileSync(join(done.folder, file), "utf8"), file).toContain(
      file === "report.html" ? reason : agreed.reason,
    );
});

/** The study with something changed, released anew by all: what an insider could do. */
function altered(name: string, change: (folder: string) => void): Promise<unknown> {
  const folder = join(home, name);
  cpSync(study, folder, { recursive: true, filter: (path) => !/passport\.json$|release$/.test(path) });
  change(folder);
  return releaseRun(folder, { policy, keys: ["coordinator", ...names].map(key), now, log: join(home, `${name}-log`) });
}
const edit = (path: string, from: string | RegExp, to: string) => {
  const text = readFileSync(path, "utf8");
  expect(text).toMatch(from);
  writeFileSync(path, text.replace(from, to));
};

test("a study whose transcripts, model or members do not fit is not released, even if all sign", async () => {
  await expect(
    altered("edited", (f) => edit(join(f, "transcripts/ministry/log.jsonl"), '"examples":63', '"examples":99')),
  ).rejects.toThrow(/E_CHECKSUM[\s\S]*ministry\/log\.jsonl:5/);
  await expect(altered("lost", (f) => rmSync(join(f, "transcripts/university"), { recursive: true }))).rejects.toThrow(
    /the transcript of university is missing/,
  );
  await expect(
    altered("weights", (f) => {
      const path = join(f, "model/model.safetensors");
      const bytes = readFileSync(path);
      bytes[bytes.length - 2]! ^= 1;
      writeFileSync(path, bytes);
    }),
  ).rejects.toThrow(/not the one that the last round gave/);
  await expect(
    altered("swapped", (f) => {
      rmSync(join(f, "transcripts/ministry"), { recursive: true });
      cpSync(join(f, "transcripts/hospital"), join(f, "transcripts/ministry"), { recursive: true });
    }),
  ).rejects.toThrow(/E_SIGNATURE[\s\S]*not signed by ministry/);
});

test("a passport that all signed is held against the evidence when it is verified: its record, its values, its weights", async () => {
  const { passport } = await verify();
  await checkStudy(released, passport);
  const together = passport.together!;
  const more = { ...together, members: together.members.map((m) => ({ ...m, rounds: m.rounds + 1 })) };
  await expect(checkStudy(released, { ...passport, together: more })).rejects.toThrow(/together\.members is not what/);
  const values = { ...passport.values, "metrics.accuracy": { value: 0.99 } };
  await expect(checkStudy(released, { ...passport, values })).rejects.toThrow(/values are not what/);
  const folder = join(home, "other-weights");
  cpSync(released, folder, { recursive: true });
  const path = join(folder, "model/model.safetensors");
  const bytes = readFileSync(path);
  bytes[bytes.length - 2]! ^= 1;
  writeFileSync(path, bytes);
  await expect(checkStudy(folder, passport)).rejects.toThrow(/not the one that the last round gave/);
});

test("a study without its end is not released", async () => {
  const folder = join(home, "unfinished");
  cpSync(study, folder, { recursive: true, filter: (path) => !/passport\.json$|release$/.test(path) });
  const place = transcriptFolder(folder, "coordinator");
  const { entries } = await openReleaseLog(place);
  rmSync(place, { recursive: true });
  const { key: secret } = await readSigningKey(key("coordinator"));
  const transcript = await openTranscript(place, secret);
  const messages = entries.map((entry) => entry.message as unknown as Message);
  for (const message of messages.slice(
    0,
    messages.findIndex((m) => m.phase === "finish"),
  ))
    await transcript.add(message, now);
  const keys = ["coordinator", ...names].map(key);
  await expect(releaseRun(folder, { policy, keys, now })).rejects.toThrow(/the study is not finished/);
});

test("one changed byte in any file of a study's release is found, and the file is named", async () => {
  const files = readdirSync(released, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => join(f.parentPath, f.name).slice(released.length + 1));
  expect(files).toContain("evidence/transcripts/ministry/log.jsonl");
  for (const name of files) {
    const folder = join(home, "byte");
    rmSync(folder, { recursive: true, force: true });
    cpSync(released, folder, { recursive: true });
    const bytes = readFileSync(join(folder, name));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(folder, name), bytes);
    const refused = await verify(folder).then(
      () => undefined,
      (error: { code: string; facts: { path?: string } }) => error,
    );
    expect(refused?.code, name).toMatch(/^E_(CHECKSUM|FORMAT|SIGNATURE|VERSION)$/);
  }
});
