// The command line in processes of its own, as users of three organisations would type it; lines of each are marked with who speaks.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const program = join(import.meta.dirname, "../../bundle/cli/main.js");
const running = new Set<ChildProcess>();

/** A command that runs. */
export interface Running {
  /** What it printed. @throws Error where it ends with anything but success */
  readonly done: Promise<string>;
  /** Resolves at the first line that has this text. */
  said(text: string): Promise<void>;
}

/** Starts a command. @param who heads each line that it says; empty keeps it quiet */
export function start(who: string, ...args: string[]): Running {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const waiting = new Map<string, () => void>();
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    lines.push(line);
    if (who) console.log(`${who.padEnd(12)}| ${line}`);
    for (const [text, resolve] of waiting) if (line.includes(text)) resolve();
  });
  const done = new Promise<string>((resolve, reject) => {
    child.on("error", reject).on("close", (code, signal) => {
      running.delete(child);
      if (code === 0) return resolve(out.trim());
      const last = lines.slice(-12).join("\n");
      reject(new Error(`concord ${args.slice(0, 2).join(" ")} ended with ${code ?? signal}\n${last}`));
    });
  });
  done.catch(() => {});
  return {
    done,
    said: (text) =>
      new Promise((resolve, reject) => {
        if (lines.some((line) => line.includes(text))) return resolve();
        waiting.set(text, resolve);
        done.then(() => reject(new Error(`${args[0]} ended without saying ${text}`)), reject);
      }),
  };
}

/** Runs a command to its end. */
export const run = (who: string, ...args: string[]): Promise<string> => start(who, ...args).done;

/** Stops what still runs: nobody's process stays behind when another's ended badly. */
export function stopAll(): void {
  for (const child of running) child.kill("SIGTERM");
}
