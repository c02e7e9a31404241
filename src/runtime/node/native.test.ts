import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { missingRuntime, nativeRuntime } from "./native.ts";

const home = mkdtempSync(join(tmpdir(), "concord-native-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A folder with an onnxruntime-node without a library, as on a system that has none. */
function placed(name: string): string {
  const folder = join(home, name, "node_modules/onnxruntime-node");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ version: "1.2.3", main: "main.js" }));
  writeFileSync(join(folder, "main.js"), "");
  return pathToFileURL(join(home, name, "start.js")).href;
}
const nothing = pathToFileURL(join(home, "empty/start.js")).href;

test("this machine's runtime is found with its version and library", () => {
  expect(nativeRuntime()).toMatchObject({ version: expect.stringMatching(/^1\.\d+/), hasLibrary: true, kept: false });
});

test("a kept copy is found where the package is gone; a missing library and nothing at all are told apart", () => {
  expect(nativeRuntime([nothing, placed("copy")])).toMatchObject({ version: "1.2.3", kept: true, hasLibrary: false });
  expect(nativeRuntime([placed("own"), placed("copy")])).toMatchObject({ kept: false });
  expect(nativeRuntime([nothing, nothing])).toBeUndefined();
});

test("the error says which it is, and the line that installs it without asking another host", () => {
  const { code, facts } = missingRuntime(undefined, new Error("Cannot find package"), "");
  expect([code, facts.hint]).toEqual(["E_DEPENDENCY", "npm install onnxruntime-node --ignore-scripts"]);
  const line = (agent: string) => missingRuntime(undefined, undefined, agent).facts.hint;
  expect(line("pnpm/10.1.0")).toBe("pnpm add onnxruntime-node --ignore-scripts");
  expect(line("yarn/1.22.0")).toBe("yarn add onnxruntime-node --ignore-scripts");
  expect(line("yarn/4.9.0")).toBe("yarn add onnxruntime-node --mode=skip-build");
  expect(missingRuntime({ hasLibrary: false }, undefined).facts.got).toBe(`${process.platform}/${process.arch}`);
  expect(missingRuntime({ hasLibrary: true }, new Error("GLIBC_2.28 not found")).facts).toMatchObject({
    problem: "the library of onnxruntime-node cannot be loaded",
    got: "GLIBC_2.28 not found",
  });
});
