// SLSA provenance of a release: what it names, and that a changed, foreign or lost one is refused; and which packages count as installed.
import { generateKeyPairSync } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installedPackages } from "../../src/release/build-facts.ts";
import { releaseRun } from "../../src/release/release-run.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import { readSigningKey, signStatement } from "../../src/store/index.ts";
import { now, type ReleaseSetting, releaseSetting } from "./run.ts";

let setting: ReleaseSetting;
let policy: string;
let released: string;
beforeAll(async () => {
  setting = await releaseSetting("audit: { explanation: false, robustness: false, privacy: false, fairness: false }");
  policy = setting.policy("policy.yaml", "[{ value: metrics.accuracy, atLeast: 0 }]", "");
  released = join(setting.home, "released");
  const keys = [setting.key("builder"), setting.key("owner")];
  await releaseRun(setting.run, { policy, keys, out: released, now });
});
afterAll(() => setting.remove());

const verify = (folder = released) => verifyRelease(folder, { policy, now });
function changed(name: string, change: (folder: string) => void): string {
  const folder = join(setting.home, name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(released, folder, { recursive: true });
  change(folder);
  return folder;
}

const provenance = "provenance.sigstore.json";
const statementOf = (path: string) =>
  JSON.parse(Buffer.from(JSON.parse(readFileSync(path, "utf8")).dsseEnvelope.payload, "base64").toString("utf8"));

test("SLSA provenance names every released file, the recipe, the data, the code and the packages that ran", async () => {
  const { passport } = await verify();
  const { _type, subject, predicateType, predicate } = statementOf(join(released, provenance));
  expect([_type, predicateType]).toEqual(["https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1"]);
  expect(
    Object.fromEntries(subject.map((s: { name: string; digest: { sha256: string } }) => [s.name, s.digest.sha256])),
  ).toEqual(passport.digests.files);
  const { buildDefinition, runDetails } = predicate;
  expect(buildDefinition.externalParameters.recipe.digest.sha256).toBe(passport.digests.recipe);
  const names = buildDefinition.resolvedDependencies.map(({ name }: { name: string }) => name);
  expect(names).toEqual(
    expect.arrayContaining([...Object.keys(passport.digests.data), "concord code", "installed packages"]),
  );
  expect(runDetails.builder.id).toMatch(/^urn:/);
  const { packages, withIntegrity } = passport.build!.dependencies;
  expect(packages).toBeGreaterThan(20);
  expect(withIntegrity).toBe(packages);
});

test.each<[string, RegExp, (path: string) => void]>([
  ["lost", /E_CHECKSUM.*missing/, (path) => rmSync(path)],
  ["of other bytes", /E_FORMAT|E_CHECKSUM/, (path) => writeFileSync(path, "{}")],
  [
    "signed by a stranger",
    /E_SIGNATURE.*none of these keys/,
    (path) =>
      writeFileSync(
        path,
        signStatement(statementOf(path), generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey),
      ),
  ],
  [
    "that says something else",
    /E_SIGNATURE/,
    (path) => {
      const bundle = JSON.parse(readFileSync(path, "utf8"));
      const statement = { ...statementOf(path), subject: [] };
      bundle.dsseEnvelope.payload = Buffer.from(JSON.stringify(statement, null, 2)).toString("base64");
      writeFileSync(path, JSON.stringify(bundle));
    },
  ],
])("provenance %s is refused", async (_, expected, change) => {
  await expect(verify(changed("provenance", (folder) => change(join(folder, provenance))))).rejects.toThrow(expected);
});

test("provenance of another release, signed by the same key, is refused", async () => {
  const { modelKey } = await readSigningKey(setting.key("builder"));
  const other = { ...statementOf(join(released, provenance)), subject: [] };
  const folder = changed("provenance", (to) => writeFileSync(join(to, provenance), signStatement(other, modelKey)));
  await expect(verify(folder)).rejects.toThrow(/E_CHECKSUM.*changed/);
});

test("installed packages are those of the dependencies, theirs too, each once, with npm's digests", () => {
  const root = mkdtempSync(join(tmpdir(), "concord-packages-"));
  const put = (path: string, content: object) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(content));
  };
  try {
    put("package.json", {
      name: "own",
      dependencies: { a: "1" },
      optionalDependencies: { gone: "1" },
      devDependencies: { tool: "1" },
    });
    put("node_modules/a/package.json", { name: "a", version: "1.2.0", dependencies: { b: "2" } });
    put("node_modules/a/node_modules/b/package.json", { name: "b", version: "2.0.0", dependencies: { a: "1" } });
    put("node_modules/b/package.json", { name: "b", version: "9.0.0" });
    put("node_modules/tool/package.json", { name: "tool", version: "1.0.0" });
    put("node_modules/.package-lock.json", { packages: { "node_modules/a": { integrity: "sha512-x" } } });
    expect(installedPackages(`${root}/`)).toEqual([
      { name: "a", version: "1.2.0", integrity: "sha512-x" },
      { name: "b", version: "2.0.0" },
    ]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
