// A temporary copy of the sources, into which guards put additions: what was touched, whether it compiles, and what it runs.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

export interface SourceCopy {
  readonly folder: string;
  read(path: string): string;
  /** Replaces a text that stands in a file once. @throws where it does not */
  edit(path: string, from: string, to: string): void;
  /** Puts a fixture of test/additions where its kind lies; its imports of src are those of the new place. */
  put(fixture: string, to: string): void;
  /** Files of src that are not as in the repository, in order. */
  changed(): string[];
  /** Compiles src into dist. @param also further folders of the copy @returns what tsc said: nothing where all is well */
  compile(also?: readonly string[]): string;
  /** Runs the compiled command line. @returns standard output @throws where it fails */
  concord(args: readonly string[], cwd?: string): string;
  remove(): void;
}

/** @param name of the temporary folder */
export function sourceCopy(name: string): SourceCopy {
  const folder = mkdtempSync(join(tmpdir(), `concord-${name}-`));
  cpSync(join(root, "src"), join(folder, "src"), { recursive: true });
  for (const path of ["package.json", "schema", "node_modules"]) symlinkSync(join(root, path), join(folder, path));
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  const exclude = ["src/**/*.test.ts", "src/*/kernels/assembly"];
  const read = (path: string) => readFileSync(join(folder, path), "utf8");
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const original = (path: string) => {
    try {
      return readFileSync(join(root, path));
    } catch {
      return undefined;
    }
  };
  return {
    folder,
    read,
    edit(path, from, to) {
      const text = read(path);
      if (text.split(from).length !== 2) throw new Error(`${path} does not hold once: ${from}`);
      write(
        path,
        text.replace(from, () => to),
      );
    },
    put(fixture, to) {
      const up = "../".repeat(dirname(to).split("/").length - 1);
      const text = readFileSync(join(root, "test/additions", fixture), "utf8");
      const depth = "../".repeat(fixture.split("/").length + 1);
      write(to, text.replaceAll(`"${depth}src/`, `"${up || "./"}`));
    },
    changed: () =>
      readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .filter((path) => !original(path)?.equals(readFileSync(join(folder, path))))
        .sort(),
    compile(also = []) {
      const include = ["src", ...also];
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include, exclude }));
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      const { stdout, stderr, status } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
      return stdout + stderr + (status === 0 ? "" : `tsc ended with ${status}`);
    },
    concord: (args, cwd = folder) =>
      execFileSync(process.execPath, [join(folder, "dist/src/cli/main.js"), ...args], { cwd, encoding: "utf8" }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
