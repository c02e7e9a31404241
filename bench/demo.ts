// The demo's wall time, whole and by stage, and what installing the package for its users takes. Needs the registry for the second.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs in a folder of its own, which goes away. @throws Error with the output of a process that fails */
export function inFolder<T>(
  work: (folder: string, run: (command: string, args: readonly string[], cwd?: string) => number) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "concord-bench-"));
  try {
    return work(folder, (command, args, cwd) => {
      const start = performance.now();
      const { status, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
      if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}\n${stderr.slice(-2000)}`);
      return (performance.now() - start) / 1000;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One row a stage, then the whole. */
export async function demoBench(): Promise<Record<string, unknown>[]> {
  return inFolder((folder, run) => {
    const seconds = run(process.execPath, [join(import.meta.dirname, "../examples/disease/demo.js"), folder]);
    const records = readdirSync(join(folder, ".stages")).filter((name) => name.endsWith(".json"));
    const stages = records
      .map((name) => JSON.parse(readFileSync(join(folder, ".stages", name), "utf8")))
      .sort((a, b) => (a.finished < b.finished ? -1 : 1));
    const rows = stages.map(({ stage, seconds: s }) => ({ what: stage, seconds: Number(s.toFixed(2)) }));
    return [...rows, { what: "the whole demo, after the build", seconds: Number(seconds.toFixed(1)) }];
  });
}

/** `npm ci` as a user's: without development packages, then without the native ones. */
export async function installBench(): Promise<Record<string, unknown>[]> {
  return [["--omit=dev"], ["--omit=dev", "--omit=optional"]].map((omit) =>
    inFolder((folder, run) => {
      for (const name of ["package.json", "package-lock.json", ".npmrc"]) copyFileSync(name, join(folder, name));
      const seconds = run("npm", ["ci", ...omit], folder);
      const names = readdirSync(join(folder, "node_modules"), { recursive: true, encoding: "utf8" });
      const sizes = names.map((name) => statSync(join(folder, "node_modules", name), { throwIfNoEntry: false }));
      const bytes = sizes.reduce((sum, about) => sum + (about?.isFile() ? about.size : 0), 0);
      return { what: `npm ci ${omit.join(" ")}`, seconds: Number(seconds.toFixed(1)), MB: Math.round(bytes / 1e6) };
    }),
  );
}
