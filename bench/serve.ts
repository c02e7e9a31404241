// concord serve: time from start to ready, cost of the whole path over the bare session, and goodput against Python servers of the same file,
// precision and threads under Poisson arrivals of mixed lengths. All run side by side and are asked in turn. npm run bench serve (ten minutes)
// CONCORD_BENCH_RUN: a finished run; default MiniLM in 8 bits (needs ../shared). CONCORD_PEER_PYTHON has fastapi, uvicorn and onnxruntime.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { hostArray } from "../src/base/index.ts";
import { openOnnx } from "../src/runtime/node/ort.ts";
import { rustTokenizer } from "../src/tokenizers/node/index.ts";
import { median, peer } from "./peers.ts";
import { connections, type Load, type LoadReport, mixedTexts, predictRequest } from "./serve-client.ts";
import { baseModel, serveModel } from "./serve-model.ts";

const [deadlineMs, rungSeconds, overloadSeconds] = [250, 8, 60];
const rates = [50, 100, 150, 200, 300, 400, 600, 900, 1350, 2000, 3000];
const [program, client] = ["../bundle/cli/main.js", "serve-client.js"].map((name) => join(import.meta.dirname, name));

interface Contestant {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
}
interface Started extends Contestant {
  readonly child: ChildProcess;
  readonly readySeconds: number;
}

/** Starts a server and waits until it is ready. */
async function started(one: Contestant): Promise<Started> {
  const from = performance.now();
  const child = spawn(one.command, one.args, { stdio: "ignore" });
  while (child.exitCode === null) {
    const ready = await fetch(`http://127.0.0.1:${one.port}/health/ready`).catch(() => undefined);
    if (ready?.ok) return { ...one, child, readySeconds: (performance.now() - from) / 1000 };
    await setTimeout(5);
  }
  throw new Error(`${one.command} ${one.args.join(" ")} ended with ${child.exitCode}`);
}

const stop = ({ child }: Started) =>
  new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill("SIGTERM");
  });

/** Waits until servers rest: one that was asked too much works on for seconds, and would take the next one's cores. At most a minute. */
async function atRest(servers: readonly Started[]): Promise<void> {
  const ticks = () =>
    servers.reduce((sum, { child }) => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
      return sum + Number(fields[11]) + Number(fields[12]); // user and system time of all threads
    }, 0);
  for (let round = 0, before = ticks(); round < 120; round++) {
    await setTimeout(500);
    const now = ticks();
    if (now - before <= 2) return; // hundredths of a second
    before = now;
  }
}

/** One load from a process of its own. */
async function load(asked: Omit<Load, "deadlineMs">): Promise<LoadReport> {
  const { stdout } = await promisify(execFile)(process.execPath, [client!, JSON.stringify({ ...asked, deadlineMs })]);
  return JSON.parse(stdout) as LoadReport;
}

/** Where a run or the bench's model has what is served. */
function onnxOf(run: string): string {
  const small = join(run, "compressed", "onnx", "model_quantized.onnx");
  return existsSync(small) ? small : join(run, "onnx", "model.onnx");
}

/**
 * Medians of one request at a time, in turn: over HTTP with its tokens, batches and answer; the bare session on the same ids; Python's server.
 * Servers have answered thousands before, as a server has that ran for a minute: the engine compiles what runs often.
 */
async function pathCost(
  what: string,
  { run, onnx }: { readonly run: string; readonly onnx: string },
  [own, python]: readonly Started[],
): Promise<Record<string, unknown>[]> {
  const tokens = await rustTokenizer(readFileSync(join(run, "model", "tokenizer.json")));
  const session = await openOnnx(onnx, { threads: 2 });
  const ask = [own, python].map((one) => one && connections(one.port));
  for (const one of ask) for (const text of mixedTexts(3, 3000)) await one?.ask(predictRequest(text));
  const times: Record<"bare" | "own" | "python", number[]> = { bare: [], own: [], python: [] };
  const timed = async (name: keyof typeof times, work: () => Promise<unknown> | undefined, keep: boolean) => {
    const from = performance.now();
    await work();
    if (keep) times[name].push(performance.now() - from);
  };
  for (const [i, text] of mixedTexts(18, 400).entries()) {
    const [encoding] = await tokens.encodeBatch([text], { truncation: { maxLength: 512 } });
    const { ids } = encoding!;
    const filled = (of: (at: number) => number) =>
      hostArray(
        "int64",
        [1, ids.length],
        BigInt64Array.from(ids, (_, at) => BigInt(of(at))),
      );
    const feeds = {
      input_ids: filled((at) => ids[at]!),
      attention_mask: filled(() => 1),
      token_type_ids: filled(() => 0),
    };
    const request = predictRequest(text);
    await timed("own", () => ask[0]!.ask(request), i >= 50);
    await timed("bare", () => session.run(feeds), i >= 50);
    if (python) await timed("python", () => ask[1]?.ask(request), i >= 50);
  }
  await session.dispose();
  for (const one of ask) one?.close();
  const ratio = median(times.own) / median(times.bare);
  const row = (ours: number, theirs: number) => ({
    ours: rounded(ours),
    theirs: rounded(theirs),
    ratio: rounded(ours / theirs),
  });
  return [
    {
      what: `whole path over the bare session, one request at a time, ${what}, p50 ms`,
      ...row(median(times.own), median(times.bare)),
      target: "≤ 1.15",
      met: ratio <= 1.15 ? "yes" : "no",
    },
    ...(python ? [{ what: `the same against ${python.name}`, ...row(median(times.own), median(times.python)) }] : []),
  ];
}

const rounded = (x: number): number => Number(x.toFixed(x < 100 ? 2 : 0));

/** The best goodput of each server at rising rates; who does not follow twice is not asked more. */
async function peaks(servers: readonly Started[]): Promise<Map<Started, number>> {
  const best = new Map(servers.map((one) => [one, 0]));
  const missed = new Map(servers.map((one) => [one, 0]));
  for (const [i, perSecond] of rates.entries())
    for (const one of servers) {
      if (missed.get(one)! >= 2) continue;
      await atRest(servers);
      const { good, lagP99 } = await load({ port: one.port, perSecond, seconds: rungSeconds, seed: i });
      best.set(one, Math.max(best.get(one)!, good));
      console.log(
        `  ${one.name} at ${perSecond}/s: ${good.toFixed(0)} good a second (client late by ${lagP99.toFixed(0)} ms, p99)`,
      );
      missed.set(one, good < perSecond / 2 ? missed.get(one)! + 1 : 0);
    }
  return best;
}

/** Twice the best rate, for a minute. */
async function overload({ name, port, readySeconds }: Started, peak: number): Promise<Record<string, unknown>> {
  const over = await load({ port, perSecond: 2 * peak, seconds: overloadSeconds, seed: 99 });
  const others = Object.keys(over.statuses).filter((status) => !["200", "429", "503"].includes(status));
  const kept = over.good >= 0.9 * peak && over.p99 <= deadlineMs && others.length === 0;
  return {
    what: `${name}, deadline ${deadlineMs} ms`,
    readySeconds: rounded(readySeconds),
    goodPerSecond: Math.round(peak),
    overloadShare: rounded(over.good / peak),
    overloadP99Ms: Math.round(over.p99),
    overloadStatuses: JSON.stringify(over.statuses),
    overloadClientLateMs: Math.round(over.lagP99),
    target: "≥ 0.9, p99 ≤ 250, only 429 and 503",
    met: kept ? "yes" : "no",
  };
}

/** Resident memory of a server's processes, shared pages counted in parts (PSS), after some answers: four replicas over one process. */
async function memory(what: string, served: string): Promise<Record<string, unknown>> {
  const sizes: number[] = [];
  for (const more of [[], ["--replicas", "4"]]) {
    const args = [program!, "serve", served, "--unsigned", "--port", "8139", ...more];
    const one = await started({ name: what, command: process.execPath, args, port: 8139 });
    await load({ port: 8139, perSecond: 20, seconds: 5, seed: 1 });
    sizes.push(pssMiB(one.child.pid!));
    await stop(one);
  }
  const [single, four] = sizes as [number, number];
  return {
    what: `memory of four replicas over one process, ${what}, MiB (PSS)`,
    ours: Math.round(four),
    theirs: Math.round(single),
    ratio: rounded(four / single),
    target: "≤ 1.6",
    met: four / single <= 1.6 ? "yes" : "no",
  };
}

/** Of a process and its children. Linux only. */
function pssMiB(pid: number): number {
  const own = Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))![1]) / 1024;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  return children.reduce((sum, child) => sum + pssMiB(Number(child)), own);
}

/** Goodput over a Python server's. */
function against(best: ReadonlyMap<Started, number>): Record<string, unknown>[] {
  const [own, ...others] = [...best];
  return others.map(([{ name }, theirs]) => {
    const least = name.endsWith("transformers") ? 3 : 1.3;
    const ratio = own![1] / theirs;
    return {
      what: `goodput against ${name}, a second`,
      ours: Math.round(own![1]),
      theirs: Math.round(theirs),
      ratio: rounded(ratio),
      target: `≥ ${least}`,
      met: ratio >= least ? "yes" : "no",
    };
  });
}

/** Who is asked: ours first. */
function contestants(run: string, served: string): Contestant[] {
  const { python } = peer;
  const own = { name: "concord serve", command: process.execPath, port: 8131 };
  const theirs = python === undefined ? [] : (["onnxruntime", "transformers"] as const);
  return [
    { ...own, args: [program!, "serve", served, "--unsigned", "--port", String(own.port)] },
    ...theirs.map((kind, i) => ({
      name: `FastAPI + ${kind}`,
      command: python!,
      args: ["bench/serve_fastapi.py", kind, run, String(8132 + i)],
      port: 8132 + i,
    })),
  ];
}

/** The path of a model that is served by itself. */
async function pathOf(what: string, run: string, folder: string, file: string): Promise<Record<string, unknown>[]> {
  const args = [program!, "serve", folder, "--unsigned", "--port", "8138"];
  const one = await started({ name: what, command: process.execPath, args, port: 8138 });
  const rows = await pathCost(what, { run, onnx: join(folder, "onnx", file) }, [one]);
  await stop(one);
  return rows;
}

/** The same model before compression: its path, and the memory of replicas. */
async function wholeModel(home: string): Promise<Record<string, unknown>[]> {
  const folder = join(home, "model");
  return [...(await pathOf("in float32", home, folder, "model.onnx")), await memory("in float32", folder)];
}

/** A model of BERT-base's size in 8 bits: what the path costs a model that takes longer. */
const larger = async (home: string): Promise<Record<string, unknown>[]> =>
  await pathOf("BERT-base in 8 bits", home, await baseModel(join(home, "model")), "model_quantized.onnx");

/** Rows of the table. @throws Error where there is no run */
export async function serveBench(): Promise<Record<string, unknown>[]> {
  const chosen = process.env.CONCORD_BENCH_RUN;
  if (chosen !== undefined && !existsSync(chosen)) throw new Error(`there is no run ${chosen}: npm run demo makes one`);
  const home = mkdtempSync(join(tmpdir(), "concord-serve-bench-"));
  const servers: Started[] = [];
  try {
    const run = chosen ?? home;
    const served = chosen ?? (await serveModel(home)).small;
    for (const one of contestants(run, served)) servers.push(await started(one));
    const rows = await pathCost("as served", { run, onnx: onnxOf(run) }, servers);
    const best = await peaks(servers);
    for (const [one, peak] of best) {
      await atRest(servers);
      rows.push(await overload(one, peak));
    }
    rows.push(...against(best));
    await Promise.all(servers.splice(0).map(stop));
    rows.push(await memory("as served", served));
    if (!chosen) rows.push(...(await wholeModel(home)), ...(await larger(join(home, "base"))));
    return rows;
  } finally {
    await Promise.all(servers.map(stop));
    rmSync(home, { recursive: true, force: true });
  }
}
