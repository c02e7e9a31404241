// Starts a thread from TypeScript sources (tests and tools only): bundles what `argv[2]` names, which takes a tenth of a second
// where a loader takes some, and imports it.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { threadId } from "node:worker_threads";
import { build } from "esbuild";

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(process.argv[2])],
  write: false,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "error",
});
const [{ contents }] = outputFiles;
// beside the packages, so that their names resolve; under its hash, so that threads share it and a killed one leaves no litter
const packages = dirname(dirname(createRequire(import.meta.url).resolve("esbuild/package.json")));
const path = join(packages, ".cache", "concord", `thread-${createHash("sha256").update(contents).digest("hex").slice(0, 16)}.mjs`);
if (!existsSync(path)) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}.${threadId}`, contents);
  renameSync(`${path}.${process.pid}.${threadId}`, path);
}
await import(pathToFileURL(path).href);
