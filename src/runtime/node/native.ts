// Where the native runtime lies: onnxruntime-node, or what tools/keep-native.cjs kept of it while this package was installed.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ConcordError } from "../../base/index.ts";

/** `dist/native` of the installed package. */
const keptBeside = fileURLToPath(new URL("../../../native/", import.meta.url));

/** The native runtime that is installed. */
export interface NativeRuntime {
  /** @example "1.30.0" */
  readonly version: string;
  /** Its file to import. */
  readonly url: string;
  /** Whether it has a library for this system and processor. */
  readonly hasLibrary: boolean;
  /** Whether it is the copy of this package, because npm removed onnxruntime-node. */
  readonly kept: boolean;
}

/**
 * The native runtime, without loading it; undefined where none is installed.
 * @param from where it is looked for: as modules of this file's folder, then in `dist/native`
 */
export function nativeRuntime(
  from: readonly string[] = [import.meta.url, pathToFileURL(join(keptBeside, "start.js")).href],
): NativeRuntime | undefined {
  for (const start of from) {
    const locate = createRequire(start);
    try {
      const folder = dirname(locate.resolve("onnxruntime-node/package.json"));
      const { version } = locate("onnxruntime-node/package.json") as { version: string };
      const library = join(folder, "bin/napi-v6", process.platform, process.arch, "onnxruntime_binding.node");
      const url = pathToFileURL(locate.resolve("onnxruntime-node")).href;
      return { version, url, hasLibrary: existsSync(library), kept: start !== from[0] };
    } catch {
      // not from here
    }
  }
  return undefined;
}

/** Systems that the package has a library for, as its list of files says (1.30). */
const systems = "linux/x64, linux/arm64, darwin/arm64, win32/x64, win32/arm64";

/**
 * The error of a native runtime that cannot be loaded, with the line that mends it.
 * @param found what {@link nativeRuntime} found
 * @param cause what loading it said
 */
export function missingRuntime(
  found: Pick<NativeRuntime, "hasLibrary"> | undefined,
  cause: unknown,
  agent: string = process.env.npm_config_user_agent ?? "",
): ConcordError {
  const got = cause instanceof Error ? cause.message.split("\n")[0]!.slice(0, 200) : undefined;
  const facts = { operation: "cpu runtime", got, cause };
  if (!found)
    return new ConcordError("E_DEPENDENCY", {
      ...facts,
      problem: "onnxruntime-node is not installed",
      got: undefined,
      hint: installLine(agent),
    });
  if (!found.hasLibrary)
    return new ConcordError("E_DEPENDENCY", {
      ...facts,
      problem: "onnxruntime-node has no library for this system",
      expected: systems,
      got: `${process.platform}/${process.arch}`,
      hint: "use another machine, or predict in a browser: docs/install.md",
    });
  return new ConcordError("E_DEPENDENCY", {
    ...facts,
    problem: "the library of onnxruntime-node cannot be loaded",
    expected: "a system with glibc 2.28 or newer on Linux, and a complete installation",
    hint: installLine(agent),
  });
}

/** Installs the native runtime without its script, which asks another host for CUDA files. */
function installLine(agent: string): string {
  if (agent.startsWith("pnpm/")) return "pnpm add onnxruntime-node --ignore-scripts";
  if (/^yarn\/1\./.test(agent)) return "yarn add onnxruntime-node --ignore-scripts";
  if (agent.startsWith("yarn/")) return "yarn add onnxruntime-node --mode=skip-build";
  return "npm install onnxruntime-node --ignore-scripts";
}
