// Runs the command line inside the test's own process: arguments and input in, exit code and output out, as a user would see them.
import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
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
}

/** @example const { code, err } = await concord(["run", "none.yaml"]); */
export async function concord(
  args: readonly string[],
  { input = "", env = {}, signals = new EventEmitter(), onOut = () => {} }: CommandSurroundings = {},
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
      },
    },
    stdin: Readable.from(input === "" ? [] : [input]),
    env,
    signals,
  });
  return { code, out, err };
}
