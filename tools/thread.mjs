// Starts a thread from TypeScript sources (tests and tools only): bundles what `argv[2]` names, which takes a tenth of a second
// where a loader takes some, and imports it. A bundle whose sources have not changed since is used again.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { threadId } from "node:worker_threads";

const entry = fileURLToPath(process.argv[2]);
/** The repository: a job of a cluster starts elsewhere. */
const root = fileURLToPath(new URL("..", import.meta.url));
// beside the packages, so that their names resolve; under hashes, so that threads share it and a killed one leaves no litter
const cache = join(dirname(dirname(createRequire(import.meta.url).resolve("esbuild/package.json"))), ".cache", "concord");
const named = (text, ending) => join(cache, `thread-${createHash("sha256").update(text).digest("hex").slice(0, 16)}${ending}`);
const list = named(entry, ".json");

function write(path, contents) {
  const whole = `${path}.${process.pid}.${threadId}`;
  writeFileSync(whole, contents);
  renameSync(whole, path);
}

/** The bundle that was made of the same sources: each import names its file, so files that are as they were give what they gave. */
function made() {
  try {
    const { path, sources } = JSON.parse(readFileSync(list, "utf8"));
    return sources.every(([source, time]) => statSync(source).mtimeMs === time) && statSync(path).isFile() ? path : undefined;
  } catch {
    return undefined; // none yet, or a source is gone
  }
}

async function bundle() {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    write: false,
    bundle: true,
    metafile: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
  });
  const [{ contents }] = outputFiles;
  const path = named(contents, ".mjs");
  mkdirSync(cache, { recursive: true });
  write(path, contents);
  // package.json says which files have side effects
  write(list, JSON.stringify({ path, sources: ["package.json", ...Object.keys(metafile.inputs)].map((source) => [resolve(root, source), statSync(resolve(root, source)).mtimeMs]) }));
  return path;
}

await import(pathToFileURL(made() ?? (await bundle())).href);
