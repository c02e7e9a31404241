// Starts a thread from TypeScript sources (tests and tools only): bundles what `argv[2]` names, which takes a tenth of a second
// where a loader takes some, and imports it.
import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { threadId } from "node:worker_threads";
import { build } from "esbuild";

// beside the packages, so that their names resolve
const packages = dirname(dirname(createRequire(import.meta.url).resolve("esbuild/package.json")));
const outfile = join(packages, ".cache", "concord", `thread-${process.pid}-${threadId}.mjs`);
mkdirSync(dirname(outfile), { recursive: true });
await build({
  entryPoints: [fileURLToPath(process.argv[2])],
  outfile,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "error",
});
process.once("exit", () => rmSync(outfile, { force: true }));
await import(pathToFileURL(outfile).href);
