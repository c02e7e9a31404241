// A process of its own that trains, for tests that kill it: bundled once, as it starts several times.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles a script and the training thread that it starts into a new folder below the packages, so that they are found; the script is
 * `child.js` there.
 * @param entry the script's address
 */
export async function bundledChild(entry: URL): Promise<string> {
  const cache = source("../../node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const home = mkdtempSync(join(cache, "concord-child-"));
  writeFileSync(join(home, "package.json"), '{ "type": "module" }');
  await build({
    entryPoints: { child: fileURLToPath(entry), worker: source("../../src/train/node/worker.ts") },
    outdir: home,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  });
  return home;
}
