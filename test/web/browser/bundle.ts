// Bundles code for a browser. Sources get no help at all: an import of a Node module fails the build. Test files that read
// the reference set get stand-ins for the few Node functions they use.
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const root = path("../../..");

/** Bundles source files as a browser application would, and gives what went in. @throws when Node's modules are needed */
export async function bundleSources(entries: readonly string[]): Promise<{ files: string[]; sizeBytes: number }> {
  const contents = entries.map((entry, i) => `export * as room${i} from ${JSON.stringify(`./${entry}`)};`).join("\n");
  const result = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "browser",
    format: "esm",
    write: false,
    metafile: true,
    minify: true,
    logLevel: "silent",
  });
  return { files: Object.keys(result.metafile.inputs), sizeBytes: result.outputFiles[0]!.contents.length };
}

/** The script of the test page's worker. */
export async function bundleWorker(): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [path("./worker.ts")],
    bundle: true,
    platform: "browser",
    format: "esm",
    write: false,
    define: { "process.env.CONCORD_GOLDEN": "undefined" },
    plugins: [standIns],
    logLevel: "silent",
  });
  return result.outputFiles[0]!.contents;
}

const standIns: Plugin = {
  name: "stand-ins",
  setup: (it) =>
    it.onResolve({ filter: /^node:(fs|path|url)$/ }, ({ importer }) =>
      importer.startsWith(`${root}test/`) ? { path: path("./node-stand-ins.ts") } : undefined,
    ),
};
