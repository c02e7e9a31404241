// Real servers for slow suites: PostgreSQL and HAProxy of Debian, and concord serve as a process of its own.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
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
  options: { cwd?: string; uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {},
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

/** Debian's Slurm on this machine: a controller, a node and munge, without systemd. Needs root. */
export interface Slurm {
  /** Of its programs, in the environment. */
  readonly config: string;
  readonly controller: { stop(): Promise<unknown>; start(): Promise<void> };
  stop(): Promise<void>;
}

export const hasSlurm = process.getuid?.() === 0 && existsSync("/usr/sbin/slurmctld") && existsSync("/usr/sbin/munged");

/** @param cpus that the node offers, whatever the machine has @throws when a part does not start */
export async function slurm(folder: string, cpus: number): Promise<Slurm> {
  const at = (name: string) => join(folder, name);
  const user = (what: "-u" | "-g") => Number(execFileSync("id", [what, "munge"], { encoding: "utf8" }));
  for (const name of ["munge", "state", "spool"]) mkdirSync(at(name), { recursive: true });
  writeFileSync(at("munge/key"), randomBytes(128), { mode: 0o400 });
  execFileSync("chown", ["-R", "munge", at("munge")]);
  chmodSync(folder, 0o755); // munge is a user of its own
  const name = hostname();
  const config = at("slurm.conf");
  writeFileSync(
    config,
    `ClusterName=concord
SlurmctldHost=${name}(127.0.0.1)
SlurmctldPort=${await freePort()}
SlurmdPort=${await freePort()}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${at("munge/socket")}
StateSaveLocation=${at("state")}
SlurmdSpoolDir=${at("spool")}
SlurmctldPidFile=${at("controller.pid")}
SlurmdPidFile=${at("node.pid")}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
KillWait=20
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=${name} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=1000
PartitionName=main Nodes=${name} Default=YES State=UP
`,
  );
  const env = { ...process.env, SLURM_CONF: config };
  const munge = started(
    "/usr/sbin/munged",
    // biome-ignore format: one argument after the other
    ["--foreground", `--key-file=${at("munge/key")}`, `--socket=${at("munge/socket")}`, `--pid-file=${at("munge/pid")}`, `--log-file=${at("munge/log")}`, `--seed-file=${at("munge/seed")}`],
    { uid: user("-u"), gid: user("-g"), cwd: "/" },
  );
  await until(`munge: ${munge.output()}`, async () => existsSync(at("munge/socket")));
  const isUp = async () =>
    /\bidle|mix|alloc/.test(execFileSync("sinfo", ["--noheader"], { env, encoding: "utf8", stdio: "pipe" }));
  let controller = started("/usr/sbin/slurmctld", ["-D"], { env });
  const node = started("/usr/sbin/slurmd", ["-D", "-N", name], { env });
  await until("Slurm", isUp, 120_000);
  return {
    config,
    controller: {
      stop: () => controller.stop("SIGKILL"),
      start: async () => {
        controller = started("/usr/sbin/slurmctld", ["-D"], { env });
        await until("Slurm's controller", isUp, 120_000);
      },
    },
    stop: async () => {
      for (const one of [controller, node, munge]) await one.stop();
    },
  };
}
