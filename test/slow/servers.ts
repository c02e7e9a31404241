// Real servers for slow suites: PostgreSQL and HAProxy of Debian, and concord serve as a process of its own.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** A port that is free now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Waits until a question is answered with true. @param mostMs default a minute @throws after that time */
export async function until(what: string, ask: () => Promise<boolean>, mostMs = 60_000): Promise<void> {
  const end = Date.now() + mostMs;
  while (Date.now() < end) {
    if (await ask().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come`);
}

export interface StartedProcess {
  readonly process: ChildProcess;
  /** What it has written so far. */
  output(): string;
  /** Ends it and waits. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export function started(
  command: string,
  args: readonly string[],
  options: { cwd?: string; uid?: number } = {},
): StartedProcess {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    process: child,
    output: () => text,
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return await ended;
    },
  };
}

/** Memory of a process that is resident, in bytes. Linux only. */
export const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024;

/** `concord serve` from the sources. @param nodeArgs of Node, before the program */
export async function serveProcess(
  args: readonly string[],
  port: number,
  nodeArgs: readonly string[] = [],
): Promise<StartedProcess> {
  const one = started(process.execPath, [
    ...nodeArgs,
    "--import",
    "tsx",
    "src/cli/main.ts",
    "--lang",
    "en",
    "serve",
    ...args,
    "--port",
    String(port),
  ]);
  await until(
    `server on ${port}: ${one.output()}`,
    async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok,
  );
  return one;
}

/** Debian's PostgreSQL in a folder, as a user without rights where we are root. */
export async function postgres(folder: string): Promise<{ url: string; stop(): Promise<unknown> }> {
  const versions = readdirSync("/usr/lib/postgresql").sort((a, b) => Number(a) - Number(b));
  const bin = join("/usr/lib/postgresql", versions.at(-1)!, "bin");
  const data = join(folder, "postgres");
  const root = process.getuid?.() === 0;
  const uid = root ? Number(execFileSync("id", ["-u", "postgres"], { encoding: "utf8" })) : undefined;
  mkdirSync(data, { recursive: true });
  if (root) execFileSync("chown", ["postgres", data]);
  const own = uid === undefined ? {} : { uid };
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "concord", "--auth=trust", "-E", "UTF8"], {
    ...own,
    cwd: "/",
    stdio: "pipe",
  });
  const port = await freePort();
  const settings = ["-c", `port=${port}`, "-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${data}`];
  const server = started(join(bin, "postgres"), ["-D", data, ...settings], { ...own, cwd: "/" });
  await until(`PostgreSQL: ${server.output()}`, async () => server.output().includes("ready to accept connections"));
  return { url: `postgres://concord@127.0.0.1:${port}/postgres`, stop: () => server.stop("SIGINT") };
}

/** Debian's HAProxy with a configuration. */
export async function haproxy(folder: string, config: string, port: number): Promise<StartedProcess> {
  const path = join(folder, "haproxy.cfg");
  writeFileSync(path, config);
  const program = ["/usr/sbin/haproxy", "/usr/bin/haproxy"].find((one) => existsSync(one)) ?? "haproxy";
  const one = started(program, ["-db", "-f", path]);
  await until(`HAProxy: ${one.output()}`, async () => (await fetch(`http://127.0.0.1:${port}/health/live`)).ok);
  return one;
}
