// From a run to a release that others check: gates, roles, overrides, what is written, and that any changed byte is found.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { openRunFolder } from "../../src/artifacts/run-folder.ts";
import { passportType } from "../../src/passport/index.ts";
import { recomputeRelease } from "../../src/release/recompute.ts";
import { releaseRun } from "../../src/release/release-run.ts";
import { expectedRenderings, renderingDigests } from "../../src/release/renderings.ts";
import { signPassport } from "../../src/release/sign-passport.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import { notEvidenced } from "../../src/report/index.ts";
import { auditRun } from "../../src/runs/audit-run.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { type Envelope, envelopeText, openReleaseLog, parseEnvelope } from "../../src/store/index.ts";
import { concord } from "../command-line.ts";
import { now, type ReleaseSetting, releaseSetting } from "./run.ts";

let setting: ReleaseSetting;
let lenient: string;
let released: string;
beforeAll(async () => {
  setting = await releaseSetting("audit: { explanation: false, robustness: false }");
  lenient = setting.policy("policy.yaml", "[{ value: metrics.accuracy, atLeast: 0.5 }]", "override: [auditor]\n");
  released = join(setting.home, "released");
  await releaseRun(setting.run, {
    policy: lenient,
    keys: [setting.key("builder"), setting.key("owner")],
    out: released,
    now,
  });
});
afterAll(() => setting.remove());

const at = (...path: string[]) => join(setting.home, ...path);
const verify = (folder = released, policy = lenient) => verifyRelease(folder, { policy, log: at("releases"), now });
const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(folder, name)).isFile());

/** A copy of the release, changed. */
function changed(name: string, change: (folder: string) => void): string {
  const folder = at(name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(released, folder, { recursive: true });
  change(folder);
  return folder;
}

function changeEnvelope(folder: string, change: (envelope: Envelope) => Envelope): void {
  const path = join(folder, "passport.json");
  writeFileSync(path, envelopeText(change(parseEnvelope(readFileSync(path), passportType, path))));
}

const bundleNames = async () => {
  const { envelope } = await verify();
  return envelope.signatures.map(({ keyid }) => `sigstore/${keyid.slice(0, 16)}.sigstore.json`);
};

test("each signature lies beside the passport as a Sigstore bundle; one that was changed, lost or added is found", async () => {
  const [name = ""] = await bundleNames();
  const bundle = JSON.parse(readFileSync(join(released, name), "utf8"));
  const passport = JSON.parse(readFileSync(join(released, "passport.json"), "utf8"));
  expect(bundle).toMatchObject({
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: passport.signatures[0].keyid }, tlogEntries: [] },
    dsseEnvelope: { ...passport, signatures: [passport.signatures[0]] },
  });
  const change = (edit: (path: string) => void) => verify(changed("bundles", (folder) => edit(join(folder, name))));
  await expect(change((path) => writeFileSync(path, `${JSON.stringify(bundle)} \n`))).rejects.toThrow(
    /E_CHECKSUM.*changed/,
  );
  await expect(change((path) => rmSync(path))).rejects.toThrow(/E_CHECKSUM.*missing/);
  await expect(change((path) => writeFileSync(`${path}.x`, ""))).rejects.toThrow(/E_CHECKSUM.*not in the record/);
  await change((path) => rmSync(dirname(path), { recursive: true })); // as in releases made before
});

test("a release holds the model, its evidence and its renderings, and is verified", async () => {
  expect(files(released).sort()).toEqual(
    [
      "ai-rmf.md",
      "annex-iv.md",
      "bom.cdx.json",
      "evidence/audit/fairness.json",
      "evidence/audit/privacy.json",
      "evidence/metrics.json",
      "evidence/profile.json",
      "log-proof.json",
      "model.sig",
      "model/README.md",
      "model/config.json",
      "model/model.safetensors",
      "model/tokenizer.json",
      "model/tokenizer_config.json",
      "onnx/model.onnx",
      "passport.json",
      "plain.html",
      "provenance.sigstore.json",
      "report.html",
      "recipe.yaml",
      ...(await bundleNames()),
    ].sort(),
  );
  const { signers, gates, passport } = await verify();
  expect(signers.map((s) => s.role)).toEqual(["builder", "data-owner"]);
  expect(gates).toMatchObject([{ value: "metrics.accuracy", passed: true }]);
  expect(passport.values["metrics.groups.region.north.accuracy"]).toBeDefined();
  expect(passport.privacy).toBeNull();
});

test("no file of a release holds a text of the data", () => {
  const texts = ["train", "dev", "test"].flatMap((part) =>
    readFileSync(join(setting.run, "data", `${part}.jsonl`), "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { text: string }).text),
  );
  expect(texts.length).toBeGreaterThan(200);
  expect(texts.some((text) => readFileSync(join(setting.run, "report.html"), "utf8").includes(text))).toBe(true);
  for (const name of files(released)) {
    const content = readFileSync(join(released, name), "utf8");
    expect(
      texts.filter((text) => content.includes(text)),
      name,
    ).toEqual([]);
  }
});

test("one changed byte in any file is found, and the file is named", async () => {
  for (const name of files(released)) {
    const folder = changed("byte", (copy) => {
      const path = join(copy, name);
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(path, bytes);
    });
    const refused = await verify(folder).then(
      () => undefined,
      (error: { code: string; facts: { path?: string } }) => error,
    );
    expect(refused?.code, name).toMatch(/^E_(CHECKSUM|FORMAT|SIGNATURE|VERSION)$/);
    const place = name === "model.sig" || name.startsWith("model/") ? /model/ : new RegExp(name.split("/").at(-1)!);
    expect(refused!.facts.path, name).toMatch(place);
  }
});

test("links, pipes and names that differ by case alone are refused anywhere in a release, before a file is opened", async () => {
  for (const name of [...files(released), "attestations"]) {
    const folder = changed("link", (copy) => {
      if (existsSync(join(copy, name))) renameSync(join(copy, name), at("link-elsewhere"));
      else mkdirSync(at("link-elsewhere"), { recursive: true });
      symlinkSync(at("link-elsewhere"), join(copy, name));
    });
    await expect(verify(folder), name).rejects.toThrow(/E_FORMAT[\s\S]*a symbolic link/);
    rmSync(at("link-elsewhere"), { recursive: true });
  }
  const pipe = changed("pipe", (copy) => {
    rmSync(join(copy, "passport.json"));
    execFileSync("mkfifo", [join(copy, "passport.json")]);
  });
  await expect(verify(pipe)).rejects.toThrow(/E_FORMAT[\s\S]*a special file/);
  for (const name of ["Report.html", "Model", "ATTESTATIONS/x", "attestations/x", "MODEL.SIG"]) {
    const folder = changed("case", (copy) => {
      mkdirSync(join(copy, dirname(name)), { recursive: true });
      writeFileSync(join(copy, name), "");
      if (name.endsWith("/x")) writeFileSync(join(copy, dirname(name), "X"), "");
    });
    await expect(verify(folder), name).rejects.toThrow(/E_FORMAT[\s\S]*differ only by upper and lower case/);
  }
});

test("sign and release show gates and overrides before a key is used", async () => {
  const path = join(released, "passport.json");
  const { err } = await concord(["sign", path, "--key", at("no-such.key")]);
  expect(err).toMatch(/About to sign[\s\S]*accuracy/i);
  expect(err).toMatch(/E_IO/);
});

test("a proof or a statement of another shape is refused in words", async () => {
  const proof = changed("proof", (f) => {
    const path = join(f, "log-proof.json");
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), path: [5] }));
  });
  await expect(verify(proof)).rejects.toThrow(/E_CHECKSUM[\s\S]*not the proof/);
  const statement = changed("statement", (f) => {
    mkdirSync(join(f, "attestations"), { recursive: true });
    const payloadType = "application/vnd.concord.recompute+json";
    writeFileSync(
      join(f, "attestations/x.json"),
      envelopeText({ payloadType, payload: Buffer.from("null"), signatures: [] }),
    );
  });
  await expect(verify(statement)).rejects.toThrow(/E_CHECKSUM[\s\S]*another passport/);
});

test("a file that is missing or added is named", async () => {
  const less = changed("less", (f) => rmSync(join(f, "onnx/model.onnx")));
  await expect(verify(less)).rejects.toThrow(/E_CHECKSUM[\s\S]*onnx\/model\.onnx is missing/);
  const more = changed("more", (f) => writeFileSync(join(f, "model/pytorch_model.bin"), "x"));
  await expect(verify(more)).rejects.toThrow(/pytorch_model\.bin is not in the record/);
});

test("signatures by strangers, with expired keys, swapped or taken away are refused", async () => {
  const swapped = changed("swapped", (f) =>
    changeEnvelope(f, (e) => {
      const [a, b] = e.signatures;
      return {
        ...e,
        signatures: [
          { keyid: a!.keyid, sig: b!.sig },
          { keyid: b!.keyid, sig: a!.sig },
        ],
      };
    }),
  );
  await expect(verify(swapped)).rejects.toThrow(/E_SIGNATURE[\s\S]*not theirs/);
  const bare = changed("bare", (f) => changeEnvelope(f, (e) => ({ ...e, signatures: [] })));
  await expect(verify(bare)).rejects.toThrow(/E_SIGNATURE[\s\S]*builder/);
  for (const [name, words] of [
    ["stranger", /E_SIGNATURE[\s\S]*no such signer/],
    ["late", /E_SIGNATURE[\s\S]*expired[\s\S]*2026-06-01/],
  ] as const) {
    const folder = changed(name, () => {});
    await signPassport(join(folder, "passport.json"), [setting.key(name)]);
    await expect(verify(folder)).rejects.toThrow(words);
  }
});

test("the verifier's own policy counts: stricter gates fail, other signers are unknown", async () => {
  const strict = setting.policy("strict.yaml", "[{ value: metrics.accuracy, atLeast: 1.01 }]");
  await expect(verify(released, strict)).rejects.toThrow(/E_GATE[\s\S]*metrics\.accuracy/);
  const others = at("others.yaml");
  writeFileSync(others, readFileSync(lenient, "utf8").replace("[owner.pub.json]", "[stranger.pub.json]"));
  await expect(verify(released, others)).rejects.toThrow("E_SIGNATURE");
});

test("a model that fails a gate is not released, and nothing is left behind", async () => {
  const policy = setting.policy(
    "high.yaml",
    "[{ value: metrics.accuracy, atLeast: 1.01, why: no errors }, { value: metrics.macroF1, atLeast: 0 }]",
    "override: [auditor]\n",
  );
  const out = at("never");
  const release = (keys: string[], more = {}) =>
    releaseRun(setting.run, { policy, keys: keys.map(setting.key), out, now, ...more });
  await expect(release(["builder"])).rejects.toThrow(/E_GATE[\s\S]*1 of 2 gates[\s\S]*≥ 1\.01 \(no errors\)/);
  const override = { values: ["metrics.accuracy"], reason: "a pilot" };
  await expect(release(["builder"], { override })).rejects.toThrow(/E_GATE[\s\S]*none of the keys may override/);
  await expect(release(["builder", "auditor"], { override: { ...override, reason: " " } })).rejects.toThrow(
    "E_ARGUMENT",
  );
  const idle = { override: { values: ["metrics.macroF1"], reason: "why not" } };
  await expect(release(["builder", "auditor"], idle)).rejects.toThrow(/E_ARGUMENT[\s\S]*no failing gate/);
  await expect(release(["stranger"])).rejects.toThrow("E_SIGNATURE");
  expect(existsSync(out)).toBe(false);
  expect(existsSync(`${out}.partial`)).toBe(false);
  const before = (await openReleaseLog(at("releases"))).entries.length;
  await release(["builder", "auditor"], { override });
  const { entries } = await openReleaseLog(at("releases"));
  expect(entries.slice(before).map((e) => [e.kind, e.reason])).toEqual([
    ["override", "a pilot"],
    ["release", undefined],
  ]);
  const { passport } = await verify(out, policy);
  expect(passport.policy.overrides).toMatchObject([{ value: "metrics.accuracy", reason: "a pilot" }]);
  const plainHtml = readFileSync(join(out, "plain.html"), "utf8");
  expect(plainHtml).toMatch(/with exceptions[\s\S]*accuracy on the test set[\s\S]*“a pilot”[\s\S]*Signed by: /);
  expect(plainHtml).not.toContain("metrics.");
  expect(readFileSync(join(out, "model/README.md"), "utf8")).toContain("FAILED, approved as an exception");
});

test("an override in the run folder counts only under the signature of whom it names", async () => {
  const policy = setting.policy("forged.yaml", "[{ value: metrics.accuracy, atLeast: 1.5 }]", "override: [auditor]\n");
  const out = at("forged");
  const release = (keys: string[], more = {}) =>
    releaseRun(setting.run, { policy, keys: keys.map(setting.key), out, now, ...more });
  const path = join(setting.run, "passport.json");
  const kept = existsSync(path) ? readFileSync(path) : undefined;
  const signed = release(["builder", "auditor"], { override: { values: ["metrics.accuracy"], reason: "a pilot" } });
  await signed.catch(() => undefined);
  const own = parseEnvelope(readFileSync(path), passportType, path);
  expect(own.signatures).toHaveLength(2);
  rmSync(out, { recursive: true, force: true });
  writeFileSync(path, envelopeText({ ...own, signatures: [] }));
  await expect(release(["builder"])).rejects.toThrow("E_GATE");
  expect(existsSync(out)).toBe(false);
  writeFileSync(
    path,
    envelopeText({ ...own, signatures: own.signatures.map((s) => ({ ...s, sig: own.signatures[0]!.sig })) }),
  );
  await expect(release(["builder"])).rejects.toThrow("E_SIGNATURE");
  writeFileSync(path, envelopeText(own));
  expect((await release(["builder"])).passport.policy.overrides).toMatchObject([{ reason: "a pilot" }]);
  if (kept) writeFileSync(path, kept);
});

test("signatures are collected in the run folder until every role has signed", async () => {
  const policy = setting.policy("both.yaml", "[{ value: metrics.accuracy, atLeast: 0 }]");
  writeFileSync(policy, readFileSync(policy, "utf8").replace("require: [builder]", "require: [builder, auditor]"));
  const out = at("both");
  const release = () => releaseRun(setting.run, { policy, keys: [setting.key("builder")], out, now });
  await expect(release()).rejects.toThrow(/E_SIGNATURE[\s\S]*auditor[\s\S]*concord sign/);
  const kept = join(setting.run, "passport.json");
  await signPassport(kept, [setting.key("auditor")]);
  await expect(signPassport(kept, [setting.key("auditor")])).rejects.toThrow("E_SIGNATURE");
  const { signers } = await release();
  expect(signers.map((s) => s.role).sort()).toEqual(["auditor", "builder"]);
  await expect(release()).rejects.toThrow(/E_IO[\s\S]*there already/);
});

test("the same override given again keeps the signatures that others have made meanwhile; another reason is another decision", async () => {
  const policy = setting.policy("again.yaml", "[{ value: metrics.accuracy, atLeast: 1.2 }]", "override: [auditor]\n");
  const out = at("again");
  const approve = (reason: string, later: Date) =>
    releaseRun(setting.run, {
      policy,
      keys: [setting.key("auditor")],
      out,
      log: at("releases of another day"),
      now: later,
      override: { values: ["metrics.accuracy"], reason },
    });
  const kept = join(setting.run, "passport.json");
  await expect(approve("a pilot", now)).rejects.toThrow(/E_SIGNATURE[\s\S]*builder/);
  await signPassport(kept, [setting.key("builder")]);
  const later = new Date(now.getTime() + 60_000);
  await expect(approve("a longer pilot", later)).rejects.toThrow(/E_SIGNATURE[\s\S]*builder/);
  await signPassport(kept, [setting.key("builder")]);
  const { signers, passport } = await approve("a longer pilot", new Date(later.getTime() + 60_000));
  expect(signers.map((s) => s.role).sort()).toEqual(["auditor", "builder"]);
  expect(passport.policy.overrides).toMatchObject([{ reason: "a longer pilot", at: later.toISOString() }]);
});

test("who holds the data recomputes every number and counter-signs; other data is refused", async () => {
  const found = await verify();
  mkdirSync(at("auditor")); // whose copy lies somewhere else
  const data = join(at("auditor"), basename(setting.table));
  copyFileSync(setting.table, data);
  const facts = await recomputeRelease(released, found, {
    data,
    key: setting.key("auditor"),
    log: at("releases"),
    now,
  });
  expect(facts.largestDifference).toBe(0);
  expect(facts.compared).toBeGreaterThan(10);
  expect(facts.sameData).toContain("data/test.jsonl");
  expect((await verify()).attestations).toMatchObject([{ compared: facts.compared, signer: { role: "auditor" } }]);
  const other = at("other.csv");
  writeFileSync(other, readFileSync(data, "utf8").replaceAll("sneezing", "coughing"));
  await expect(recomputeRelease(released, found, { data: other, now })).rejects.toThrow(/E_DATA[\s\S]*test part/);
  const lying = {
    ...found,
    passport: { ...found.passport, values: { ...found.passport.values, "metrics.accuracy": { value: 0.123 } } },
  };
  await expect(recomputeRelease(released, lying, { data, now })).rejects.toThrow(/E_CHECKSUM[\s\S]*metrics\.accuracy/);
});

test("the bill of materials fits the schema of CycloneDX 1.6", async () => {
  const text = readFileSync(join(released, "bom.cdx.json"), "utf8");
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(text)).toBeNull();
  expect(await validator.validate(text.replace('"machine-learning-model"', '"something"'))).not.toBeNull();
});

test("the model card has the hub's front matter, and names cannot become Markdown", () => {
  const card = readFileSync(join(released, "model/README.md"), "utf8");
  const { "model-index": index, ...front } = parse(card.split("---\n")[1]!);
  expect(front).toMatchObject({ language: ["en"], license: "apache-2.0", pipeline_tag: "text-classification" });
  expect(index[0].results[0].metrics[0]).toMatchObject({ type: "accuracy", value: expect.any(Number) });
  expect(card).toContain("Tests \\| of &lt;releases\\>");
});

test("what the passport does not evidence is said so in the technical files", () => {
  for (const name of ["annex-iv.md", "ai-rmf.md"]) {
    const text = readFileSync(join(released, name), "utf8");
    expect(text).toContain(notEvidenced);
    expect(text).toContain("(evidence/metrics.json)");
  }
  expect(readFileSync(join(released, "plain.html"), "utf8")).toMatch(/What is it for\?[\s\S]*它的用途是什么/);
});

test("inspect shows a release's facts in both languages, and says that it verified nothing", async () => {
  const english = await concord(["inspect", released]);
  expect(english.out).toMatch(/passport of tiny[\s\S]*metrics\.accuracy[\s\S]*≥ 0\.5 {2}passed[\s\S]*not verified/);
  expect((await concord(["--lang", "zh", "inspect", join(released, "passport.json")])).out).toMatch(
    /模型档案[\s\S]*未经核实/,
  );
  const { verified, passport } = JSON.parse((await concord(["--json", "inspect", released])).out);
  expect([verified, passport.name]).toEqual([false, "tiny"]);
});

test("audits of an earlier model are no evidence, those made by concord audit are", async () => {
  const run = at("audited");
  cpSync(setting.run, run, { recursive: true });
  const { recipe, home } = await openRunFolder(run);
  const release = async (name: string) =>
    Object.keys(
      (await releaseRun(run, { policy: lenient, keys: [setting.key("builder")], out: at(name), now })).passport.digests
        .evidence,
    );
  const without = { ...recipe, audit: undefined, adapt: { ...recipe.adapt, epochs: 4 } };
  await runRecipe(without, { home, folder: run });
  expect(existsSync(join(run, "audit/fairness.json"))).toBe(true);
  expect(await release("no-audit")).toEqual(["metrics.json", "profile.json"]);
  await auditRun(run, { parts: ["fairness"] });
  expect(await release("own-audit")).toEqual(["audit/fairness.json", "metrics.json", "profile.json"]);
});

test("a run whose stages belong to an earlier model is not released", async () => {
  const stale = at("stale");
  cpSync(setting.run, stale, { recursive: true });
  const path = join(stale, ".stages/adapt.json");
  writeFileSync(path, readFileSync(path, "utf8").replace(/"key": "../, '"key": "00'));
  const release = releaseRun(stale, { policy: lenient, keys: [setting.key("builder")], out: at("no"), now });
  await expect(release).rejects.toThrow(/E_IO[\s\S]*earlier result of adapt[\s\S]*concord resume/);
});

test("readable pages of a release by other code are held to the digests in the log's entry, or told to be unchecked where it has none", async () => {
  const { passport, proof, envelope } = await verify();
  const decision = { signedBy: envelope.signatures.map((s) => s.keyid), at: String(proof.entry.at) };
  const logged = renderingDigests(passport, decision);
  expect(proof.entry.renderings).toEqual(logged);
  expect(await expectedRenderings(passport, decision, logged)).toEqual({ digests: logged, strict: true });
  const other = { ...passport, digests: { ...passport.digests, code: "0".repeat(64) } };
  const worded = { ...logged, "plain.html": "1".repeat(64) };
  expect(await expectedRenderings(other, decision, worded)).toEqual({ digests: worded, strict: true });
  expect((await expectedRenderings(passport, decision, worded)).digests).toEqual(logged); // this code knows better
  expect((await expectedRenderings(other, decision, undefined)).strict).toBe(false);
});

test("concord policy init writes a policy of the run that concord release accepts, and replaces no file", async () => {
  const out = at("proposed.yaml");
  const asked = [
    "--lang",
    "en",
    "policy",
    "init",
    setting.run,
    "--out",
    out,
    "--signer",
    `builder=${at("builder.pub.json")}`,
  ];
  const { code, out: text } = await concord(asked);
  expect([code, text]).toEqual([
    0,
    expect.stringMatching(/wrote .*proposed.yaml with [3-9] gates; every limit is a proposal/),
  ]);
  const released = await concord([
    "--lang",
    "en",
    "release",
    setting.run,
    "--policy",
    out,
    "--key",
    setting.key("builder"),
    "--out",
    at("by-proposal"),
    "--json",
  ]);
  expect(`${released.out}${released.err}`).toMatch(/"folder":|gates fail/); // read and held against the run, whichever way it ends
  expect((await concord(asked)).code).toBe(74);
  expect((await concord([...asked.slice(0, -1), "nobody", "--out", at("other.yaml")])).err).toContain(
    "no role and file",
  );
});
