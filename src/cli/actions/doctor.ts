// concord doctor: whether this machine has what Concord needs, and how much of it. Every check does what it says.

import { mkdtemp, rm, statfs } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism, freemem, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { ConcordError, isConcordError } from "../../base/index.ts";
import { ioError, ownVersion } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { nativeRuntime } from "../../runtime/node/native.ts";
import { runtimeProviders } from "../../runtime/node/ort.ts";
import { inLanguage } from "../../translations/index.ts";
import { type CommandContext, writeResult } from "../context.ts";
import { bytes, table } from "../sizes.ts";

/** What one check found; a fault stops some work of Concord. */
interface Finding {
  readonly check: "node" | "runtime" | "kernels" | "threads" | "memory" | "disk" | "folder" | "optional";
  readonly found: string;
  readonly fault?: ConcordError;
}

/** Packages that some work can do without. */
const optionalPackages = ["onnxruntime-web", "tokenizers", "hyparquet", "csv-parse"];

/** @throws what the first failed check found, after all are shown */
export async function doctor(context: CommandContext): Promise<void> {
  const { language } = context;
  const findings = await Promise.all([
    nodeVersion(),
    runtime(),
    kernels(language),
    threads(),
    memory(language),
    disk(language),
    folder(language),
    optional(language),
  ]);
  const fault = findings.find((f) => f.fault)?.fault;
  const report = Object.fromEntries(findings.map(({ check, found }) => [check, found]));
  writeResult(context, { concord: ownVersion(), ...report, ok: !fault }, () =>
    table([
      ["concord", ownVersion()],
      ...findings.map(
        (f) =>
          [say(language, `doctor.${f.check}`), `${f.fault ? "✗" : "✓"} ${inLanguage(language, f.found)}`] as [
            string,
            string,
          ],
      ),
    ]),
  );
  if (fault) throw fault;
  if (!context.json && !context.quiet) context.stdout.write(`${say(language, "doctor.ok")}\n`);
}

/** The version is new enough, or `start.cts` would have ended the process. */
const nodeVersion = async (): Promise<Finding> => ({ check: "node", found: process.version });

async function runtime(): Promise<Finding> {
  try {
    return { check: "runtime", found: `${nativeRuntime()?.version} (${(await runtimeProviders()).join(", ")})` };
  } catch (error) {
    if (!isConcordError(error)) throw error;
    return { check: "runtime", found: error.facts.problem, fault: error };
  }
}

/** A module of one function that uses a SIMD instruction, as the training kernels do. */
const simd = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

async function kernels(language: CommandContext["language"]): Promise<Finding> {
  const works = WebAssembly.validate(simd);
  return {
    check: "kernels",
    found: works ? "128 bit" : say(language, "inspect.none"),
    fault: works
      ? undefined
      : new ConcordError("E_RUNTIME", {
          operation: "doctor",
          problem: "WebAssembly has no SIMD here: training cannot run",
          hint: "use a processor with SSE4.1 or NEON",
        }),
  };
}

const threads = async (): Promise<Finding> => ({ check: "threads", found: String(availableParallelism()) });

async function memory(language: CommandContext["language"]): Promise<Finding> {
  const total = Math.min(process.constrainedMemory?.() || Number.POSITIVE_INFINITY, totalmem());
  const free = bytes(Math.min(freemem(), total));
  return { check: "memory", found: say(language, "doctor.free", { free, total: bytes(total) }) };
}

async function disk(language: CommandContext["language"]): Promise<Finding> {
  const { bavail, blocks, bsize } = await statfs(".");
  const found = say(language, "doctor.free", { free: bytes(bavail * bsize), total: bytes(blocks * bsize) });
  return { check: "disk", found };
}

/** Writes and removes a folder: permissions alone do not tell. */
async function folder(language: CommandContext["language"]): Promise<Finding> {
  const here = resolve(".");
  try {
    await rm(await mkdtemp(join(here, ".concord-doctor-")), { recursive: true });
    return { check: "folder", found: `${here} ${say(language, "doctor.writable")}` };
  } catch (cause) {
    return { check: "folder", found: here, fault: ioError(cause, "doctor", here) };
  }
}

async function optional(language: CommandContext["language"]): Promise<Finding> {
  const found = optionalPackages.map((name) => `${name} ${versionOf(name) ?? say(language, "doctor.absent")}`);
  return { check: "optional", found: found.join(", ") };
}

const require = createRequire(import.meta.url);

/** Version of an installed package, from its package.json; nothing of it is loaded. */
function versionOf(name: string): string | undefined {
  for (const folder of require.resolve.paths(name) ?? [])
    try {
      return (require(join(folder, name, "package.json")) as { version: string }).version;
    } catch {
      // not in this node_modules
    }
  return undefined;
}
