// Runs before other packages' install scripts, on Linux x64 only. There the script of onnxruntime-node asks another host for CUDA files,
// and npm removes that package without a word where the host cannot be reached. This keeps what the package itself brought: hard links to
// its library for the CPU, in this package's own folder (src/runtime/node/native.ts finds them). Nothing is downloaded. A failure is
// no failure of the installation: commands say what is missing.
"use strict";
const { copyFileSync, linkSync, mkdirSync, readdirSync, rmSync } = require("node:fs");
const { dirname, join, sep } = require("node:path");

const installed = __dirname.split(sep).includes("node_modules"); // not in a clone
if (installed && process.platform === "linux" && process.arch === "x64")
  try {
    keep();
  } catch (error) {
    console.warn(`concord: onnxruntime-node was not kept: ${error.message}`);
  }

function keep() {
  const runtime = dirname(require.resolve("onnxruntime-node/package.json"));
  const common = dirname(dirname(dirname(require.resolve("onnxruntime-common", { paths: [runtime] })))); // from dist/cjs/index.js
  const kept = join(__dirname, "..", "dist", "native", "node_modules");
  rmSync(kept, { recursive: true, force: true });
  link(runtime, join(kept, "onnxruntime-node"), ["package.json", "dist", "bin/napi-v6/linux/x64"]);
  link(common, join(kept, "onnxruntime-common"), ["package.json", "dist/cjs"]);
}

/** Links files and folders, and copies a file where its file system has no links. */
function link(from, to, paths) {
  for (const path of paths) {
    const files = path.endsWith(".json") ? [path] : readdirSync(join(from, path)).map((name) => join(path, name));
    for (const file of files) {
      if (/\.(map|d\.ts)$/.test(file)) continue;
      mkdirSync(dirname(join(to, file)), { recursive: true });
      try {
        linkSync(join(from, file), join(to, file));
      } catch {
        copyFileSync(join(from, file), join(to, file));
      }
    }
  }
}
