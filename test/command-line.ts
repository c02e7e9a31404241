// Runs the command line inside the test's own process: arguments and input in, exit code and output out, as a user would see them.
import { EventEmitter } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { execute } from "../src/cli/program.ts";

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandSurroundings {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signals?: EventEmitter;
  /** Told what appears on standard output. */
  readonly onOut?: (text: string) => void;
  /** Told what appears on standard error. */
  readonly onErr?: (text: string) => void;
}

/** @example const { code, err } = await concord(["run", "none.yaml"]); */
export async function concord(
  args: readonly string[],
  { input = "", env = {}, signals = new EventEmitter(), onOut = () => {}, onErr = () => {} }: CommandSurroundings = {},
): Promise<CommandResult> {
  let [out, err] = ["", ""];
  const code = await execute(args, {
    stdout: {
      write: (text) => {
        out += text;
        onOut(text);
      },
    },
    stderr: {
      write: (text) => {
        err += text;
        onErr(text);
      },
    },
    stdin: Readable.from(input === "" ? [] : [input]),
    env,
    signals,
  });
  return { code, out, err };
}

/** Runs a command at a terminal; each question that appears is answered with the next keys. */
export async function atTerminal(
  args: readonly string[],
  keys: readonly string[],
): Promise<{ readonly code: number; readonly shown: string; readonly err: string }> {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 40 });
  let [shown, err, asked] = ["", "", 0];
  stdout.on("data", (data: Buffer) => {
    shown += data;
    const questions = shown.split("◆").length - 1; // each drawn anew until it is answered
    if (questions > asked && asked < keys.length) {
      const key = keys[asked++]!;
      setTimeout(() => stdin.write(key), 5);
    }
  });
  const code = await execute(args, {
    stdout: stdout as never,
    stderr: {
      write: (text) => {
        err += text;
      },
    },
    stdin: stdin as never,
    env: {},
    signals: new EventEmitter(),
  });
  return { code, shown, err };
}
