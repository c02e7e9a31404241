// What users install with the package: listed whole in its bill of materials, and no script of an installed package that docs/install.md does not name.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { expect, test } from "vitest";
import { packageSbom } from "../tools/sbom.ts";

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");
interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}
const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, Locked> };
/** Packages that an install for users brings, by name; the package itself is "". */
const installed = Object.entries(packages).filter(([, { dev }]) => !dev);
const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

test("the bill of materials is valid CycloneDX 1.6, and lists each installed package with its version, digest and address", async () => {
  const sbom = packageSbom();
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify(sbom))).toBeNull();
  expect(sbom.metadata.component.name).toBe("@concord-ai/concord");
  const listed = new Map(sbom.components.map((one) => [`${one.name}@${one.version}`, one]));
  const wanted = installed.filter(([path]) => path !== "").map(([path, { version }]) => `${nameOf(path)}@${version}`);
  expect(wanted.length).toBeGreaterThan(100);
  expect(wanted.filter((one) => !listed.has(one))).toEqual([]);
  const lacking = wanted.filter((one) => !listed.get(one)?.hashes?.length || !listed.get(one)?.purl);
  expect(lacking).toEqual([]);
  const { dependencies } = JSON.parse(read("package.json")) as { dependencies: Record<string, string> };
  const names = new Set(sbom.components.map(({ name }) => name));
  expect(Object.keys(dependencies).filter((name) => !names.has(name))).toEqual([]);
  expect([...names].filter((name) => name === "vitest" || name === "typescript")).toEqual([]);
});

test("no installed package runs a script when it is installed, but those that the page on installing names", () => {
  const scripts = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path && nameOf(path));
  expect(scripts).toEqual(["", "onnxruntime-node", "protobufjs"]);
  for (const page of ["docs/install.md", "docs/zh/install.md"]) {
    const named = [...read(page).matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
    expect(named, page).toEqual(["@concord-ai/concord", ...scripts.slice(1)]);
  }
});
