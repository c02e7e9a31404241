// A passport that waits for a signature, as a release leaves it in a run folder, with a key and an earlier release to compare with.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalBytes } from "../../src/base/index.ts";
import { type Passport, passportType } from "../../src/passport/index.ts";
import { addSignature, envelopeText, makeKey, readSigningKey } from "../../src/store/index.ts";

const passport: Passport = {
  format: "concord-passport",
  version: 1,
  name: "triage",
  task: "single-label",
  made: "2026-11-29T10:00:00.000Z",
  about: {
    purpose: { en: "To sort messages for a nurse.", zh: "为护士整理消息。" },
    misuse: "No diagnosis.",
    limits: [],
    languages: ["en", "zh"],
  },
  model: { architecture: "bert", parameters: 1000, maxLength: 64, labels: ["a", "b"], method: "full" },
  digests: { model: "1", files: {}, recipe: "2", data: { "data/test.jsonl": "3" }, evidence: {}, code: "4" },
  recipe: "",
  versions: {},
  machine: "linux-x64",
  rows: { train: 100, test: 60 },
  values: {
    "metrics.macroF1": { value: 0.8, low: 0.77, high: 0.83 },
    "fairness.region.gap.accuracy": { value: 0.12, low: 0.04, high: 0.2, extreme: true },
  },
  stages: [],
  privacy: null,
  policy: {
    digest: "5",
    gates: [
      { value: "metrics.macroF1", measured: 0.77, atLeast: 0.7, use: "interval", passed: true },
      { value: "fairness.region.gap.accuracy", measured: 0.2, atMost: 0.1, use: "interval", passed: false },
    ],
    overrides: [
      { value: "fairness.region.gap.accuracy", reason: "a pilot", keyid: "k", at: "2026-11-29T10:00:00.000Z" },
    ],
    signers: [{ role: "auditor", name: "University", keyid: "k" }],
  },
};

/** @param passphrase of the key that is to sign. Default it is not encrypted */
export async function waitingPassport(passphrase?: string) {
  const home = mkdtempSync(join(tmpdir(), "concord-sign-"));
  const now = new Date();
  await makeKey({ path: join(home, "builder"), name: "Builder", now });
  await makeKey({ path: join(home, "auditor"), name: "Auditor", now, passphrase });
  const { key, keyId } = await readSigningKey(join(home, "builder.key"));
  const write = (path: string, of: Passport) => {
    const envelope = addSignature(
      { payloadType: passportType, payload: canonicalBytes(of), signatures: [] },
      keyId,
      key,
    );
    writeFileSync(path, envelopeText(envelope));
  };
  const path = join(home, "passport.json");
  write(path, passport);
  mkdirSync(join(home, "last"));
  const values = { ...passport.values, "metrics.macroF1": { value: 0.6, low: 0.55, high: 0.65 } };
  write(join(home, "last/passport.json"), { ...passport, values, made: "2026-10-01T10:00:00.000Z" });
  return { home, path, keyFile: join(home, "auditor.key"), previous: join(home, "last"), write, passport };
}
