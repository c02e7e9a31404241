// `npm run concord -- …` in a clone: builds what is missing or older than the sources, then starts the command line.
// Paths in the arguments are read from the folder where npm was called.
"use strict";
const { readdirSync, statSync, utimesSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { spawnSync } = require("node:child_process");

const root = join(__dirname, "..");
const stamp = join(root, "dist", ".built");
const built = timeOf(stamp);
const inputs = ["package.json", "tsconfig.json", "tsconfig.build.json", "tools/bundle.ts"].map((name) => join(root, name));
if (built === 0 || [...inputs, ...files(join(root, "src"))].some((path) => timeOf(path) > built)) build();
process.chdir(process.env.INIT_CWD || process.cwd());
process.argv[1] = join(root, "dist", "bundle", "cli", "start.cjs");
require(process.argv[1]);

/** Time of the last change in ms; 0 where there is no such file. */
function timeOf(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? found.mtimeMs : 0;
}

/** Paths of all files below a folder, and of its folders: a removed file changes the time of its folder. */
function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...files(path)] : [path];
  });
}

function build() {
  const started = new Date();
  process.stderr.write("concord: building dist, once after a change …\n");
  const tsc = join(root, "node_modules", "typescript-native", "bin", "tsc");
  if (timeOf(tsc) === 0) {
    process.stderr.write("concord: the packages are not installed; run: npm ci\n");
    process.exit(69);
  }
  for (const step of [
    [tsc, "-p", "tsconfig.build.json"],
    ["--import", "tsx", "tools/bundle.ts"],
  ]) {
    const { status } = spawnSync(process.execPath, step, { cwd: root, stdio: ["ignore", 2, 2] });
    if (status !== 0) process.exit(status === null ? 1 : status);
  }
  writeFileSync(stamp, "");
  utimesSync(stamp, started, started); // a file that changed during the build is newer
}
