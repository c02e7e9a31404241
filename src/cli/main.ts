// The process around the command line: its streams and signals, and its exit code.
import { execute } from "./program.ts";

const { stdout, stderr, stdin, env } = process;
for (const stream of [stdout, stderr])
  stream.on("error", (cause: NodeJS.ErrnoException) => {
    if (cause.code === "EPIPE") process.exit(0); // the reader, such as head, has enough
    throw cause;
  });
process.exitCode = await execute(process.argv.slice(2), { stdout, stderr, stdin, env, signals: process });
