// concord serve: time from start to ready, cost of the server path over the model's own thread, and goodput against Python servers under
// Poisson arrivals. npm run bench serve. CONCORD_BENCH_RUN: a finished run, default the demo's. CONCORD_PEER_PYTHON has fastapi and uvicorn.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { random } from "../src/base/index.ts";
import { startServer } from "../src/serve/index.ts";
import { peer } from "./peers.ts";

const run = process.env.CONCORD_BENCH_RUN ?? "runs/disease";
const { python } = peer;
const [deadlineMs, seconds] = [250, 10];
const rng = random(18);
const words = "fever cough throat sore burning meals months night knee stairs blisters since monday very much".split(
  " ",
);
const texts = Array.from({ length: 500 }, () =>
  Array.from({ length: 4 + rng.int(60) }, () => words[rng.int(words.length)]!).join(" "),
);

const program = join(import.meta.dirname, "../src/cli/main.js");

/** Starts a server and waits until it is ready. @returns milliseconds that it took */
async function started(
  command: string,
  args: readonly string[],
  url: string,
): Promise<{ child: ChildProcess; ms: number }> {
  const from = performance.now();
  const child = spawn(command, args, { stdio: "ignore" });
  while (child.exitCode === null) {
    const ready = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (ready?.ok) return { child, ms: performance.now() - from };
    await setTimeout(5);
  }
  throw new Error(`${command} ${args.join(" ")} ended with ${child.exitCode}`);
}

const stop = (child: ChildProcess) =>
  new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill("SIGTERM");
  });

async function ask(url: string, text: string): Promise<{ ok: boolean; status: number; ms: number }> {
  const from = performance.now();
  const reply = await fetch(`${url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-deadline-ms": String(deadlineMs) },
    body: JSON.stringify({ text }),
    signal: AbortSignal.timeout(4 * deadlineMs), // who is this late helps nobody
  }).catch(() => undefined);
  await reply?.arrayBuffer().catch(() => undefined);
  const ms = performance.now() - from;
  return { ok: reply?.status === 200 && ms <= deadlineMs, status: reply?.status ?? 0, ms };
}

/** Requests a second that were answered within the deadline, when so many a second arrive. */
async function goodput(url: string, perSecond: number) {
  const asked: ReturnType<typeof ask>[] = [];
  const from = performance.now();
  let next = from;
  while (next < from + seconds * 1000) {
    next += (-Math.log(1 - rng.float()) * 1000) / perSecond;
    if (next > performance.now() + 1) await setTimeout(next - performance.now()); // a timer takes a millisecond at least
    asked.push(ask(url, texts[rng.int(texts.length)]!));
  }
  const found = await Promise.all(asked);
  const took = found.filter(({ status }) => status === 200).map(({ ms }) => ms);
  took.sort((a, b) => a - b);
  const statuses: Record<string, number> = {};
  for (const { status } of found) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    good: found.filter(({ ok }) => ok).length / seconds,
    p99: took[Math.floor(0.99 * took.length)] ?? Number.NaN,
    statuses,
  };
}

/** The whole path over the model's own thread, one request at a time, alternating: the median of ratios in one run. */
async function overhead(): Promise<number> {
  const server = await startServer({ models: [{ path: run }], unsigned: true, port: 0 });
  const { host } = server.models[0]!;
  const [path, bare]: [number[], number[]] = [[], []];
  for (let i = 0; i < 400; i++) {
    const text = texts[i % texts.length]!;
    const from = performance.now();
    await ask(server.url, text);
    path.push(performance.now() - from);
    bare.push((await host.ask({ ask: "answers", items: [{ input: { parts: [text] } }] })).ms);
  }
  const ratios = path.map((ms, i) => ms / bare[i]!).sort((a, b) => a - b);
  await server.stop();
  return ratios[200]!;
}

const servers: readonly {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
}[] = [
  {
    name: "concord serve",
    command: process.execPath,
    args: [program, "serve", run, "--unsigned", "--port", "8131"],
    port: 8131,
  },
  ...(python === undefined
    ? []
    : (["onnxruntime", "transformers"] as const).map((kind, i) => ({
        name: `FastAPI + ${kind}`,
        command: python,
        args: ["bench/serve_fastapi.py", kind, run, String(8132 + i)],
        port: 8132 + i,
      }))),
];

/** One server: start to ready, goodput at doubling rates until it no longer follows, and twice the best for as long. */
async function measured({ name, command, args, port }: (typeof servers)[number]): Promise<Record<string, unknown>> {
  const url = `http://127.0.0.1:${port}`;
  const { child, ms } = await started(command, args, url);
  let peak = 0;
  for (let rate = 50; rate <= 3200; rate *= 2) {
    const { good } = await goodput(url, rate);
    peak = Math.max(peak, good);
    console.log(`  ${name} at ${rate}/s: ${good.toFixed(0)} good a second`);
    if (good < rate / 3) break;
  }
  const over = await goodput(url, 2 * peak);
  await stop(child);
  return {
    server: name,
    readySeconds: Number((ms / 1000).toFixed(2)),
    goodPerSecond: Math.round(peak),
    overloadShare: Number((over.good / peak).toFixed(2)),
    overloadP99Ms: Math.round(over.p99),
    overloadStatuses: JSON.stringify(over.statuses),
  };
}

/** Rows of the table. @throws Error where there is no run */
export async function serveBench(): Promise<Record<string, unknown>[]> {
  if (!existsSync(run)) throw new Error(`there is no run ${run}: npm run demo makes it`);
  const rows: Record<string, unknown>[] = [
    { server: "path over the model's thread", ratio: Number((await overhead()).toFixed(2)) },
  ];
  for (const server of servers) rows.push(await measured(server));
  return rows;
}
