// The built command line as a process that can be killed or starved.
import { type SpawnOptions, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/bundle/cli/main.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Starts it and waits for its end.
 * @param onOut told each piece of standard output, with a way to kill it at once
 * @param shell a shell command to start it under, `$@` being the command: `ulimit -f 64; exec "$@"`
 */
export function built(
  args: readonly string[],
  {
    onOut,
    shell,
    ...options
  }: SpawnOptions & { onOut?: (text: string, kill: () => void) => void; shell?: string } = {},
): Promise<Ended> {
  const command = [process.execPath, main, ...args];
  const child = shell
    ? spawn("sh", ["-c", shell, "sh", ...command], options)
    : spawn(command[0]!, command.slice(1), options);
  let [out, err] = ["", ""];
  child.stdout!.on("data", (data: Buffer) => {
    out += data;
    onOut?.(String(data), () => child.kill("SIGKILL"));
  });
  child.stderr!.on("data", (data: Buffer) => (err += data));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

/** SHA-256 of every result of a run folder by its path; what holds times (records and other hidden files, the report, the log) is left out. */
export function resultsOf(run: string): Record<string, string> {
  const files = readdirSync(run, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => join(f.parentPath, f.name).slice(run.length + 1))
    .filter(
      (name) => !["report.html", "log.jsonl"].includes(name) && !name.split("/").some((part) => part.startsWith(".")),
    );
  return Object.fromEntries(
    files.sort().map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(run, name)))
        .digest("hex"),
    ]),
  );
}
