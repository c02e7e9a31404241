// A lean HTTP client for load: raw keep-alive connections, one request at a time on each, and open-loop Poisson arrivals. As a program it is a
// process of its own, so that it takes no time of a server's: node serve-client.js '{"port":8131,"perSecond":100,…}' prints one line of JSON.
import { connect, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { random } from "../src/base/index.ts";

/** What a load is. */
export interface Load {
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly deadlineMs: number;
  readonly seed: number;
}

/** What came of it. Times are from a request's sending to the last byte of its reply. */
export interface LoadReport {
  /** Requests that were answered with 200 within the deadline, a second. */
  readonly good: number;
  readonly asked: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Of replies with 200, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** How late the client itself sent, in milliseconds, 99th percentile: above some tens the arrivals were no longer Poisson's. */
  readonly lagP99: number;
}

const words = "fever cough throat sore burning meals months night knee stairs blisters since monday very much".split(
  " ",
);

/** Texts of 4 to 63 words. */
export function mixedTexts(seed: number, count = 500): string[] {
  const rng = random(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: 4 + rng.int(60) }, () => words[rng.int(words.length)]!).join(" "),
  );
}

/** Bytes of a request for one text. @param deadlineMs default the server's own */
export function predictRequest(text: string, deadlineMs?: number): Buffer {
  const body = Buffer.from(JSON.stringify({ text }));
  const deadline = deadlineMs === undefined ? "" : `x-deadline-ms: ${deadlineMs}\r\n`;
  const head = `POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${deadline}content-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** Connections that are kept; a further one is opened whenever all are busy. */
export function connections(port: number) {
  const idle: Socket[] = [];
  const take = (): Socket => {
    const kept = idle.pop();
    if (kept) return kept;
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.on("error", () => {}); // `close` follows
    socket.on("close", () => {
      const at = idle.indexOf(socket);
      if (at >= 0) idle.splice(at, 1);
    });
    return socket;
  };
  return {
    /** Sends a request. @returns the status of its reply; 0 for none within `timeoutMs` */
    ask: (request: Buffer, timeoutMs = 10_000): Promise<number> =>
      new Promise((resolve) => {
        const socket = take();
        let [seen, needed, status, keep] = [Buffer.alloc(0) as Buffer, -1, 0, true];
        const end = (found: number) => {
          clearTimeout(timer);
          socket.off("data", read).off("close", closed);
          if (found && keep) idle.push(socket);
          else socket.destroy();
          resolve(found);
        };
        const read = (bytes: Buffer) => {
          seen = seen.length ? Buffer.concat([seen, bytes]) : bytes;
          if (needed < 0) {
            const head = seen.indexOf("\r\n\r\n");
            if (head < 0) return;
            const text = seen.toString("latin1", 0, head);
            status = Number(text.slice(9, 12));
            keep = !/connection: close/i.test(text);
            needed = head + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
          }
          if (seen.length >= needed) end(status);
        };
        const closed = () => end(0);
        const timer = globalThis.setTimeout(closed, timeoutMs);
        socket.on("data", read).on("close", closed);
        socket.write(request);
      }),
    close: () => {
      for (const socket of idle) socket.destroy();
    },
  };
}

/** Sends requests at random moments, as many a second as asked, whether earlier ones were answered or not. */
export async function loaded({ port, perSecond, seconds, deadlineMs, seed }: Load): Promise<LoadReport> {
  const rng = random(seed);
  const requests = mixedTexts(seed).map((text) => predictRequest(text, deadlineMs));
  const { ask, close } = connections(port);
  const asked: Promise<{ readonly status: number; readonly ms: number }>[] = [];
  const lags: number[] = [];
  const from = performance.now();
  let next = from;
  for (;;) {
    next += (-Math.log(1 - rng.float()) * 1000) / perSecond;
    if (next > from + seconds * 1000) break;
    if (next > performance.now() + 1) await setTimeout(next - performance.now()); // a timer takes a millisecond at least
    const sent = performance.now();
    lags.push(sent - next);
    const reply = ask(requests[rng.int(requests.length)]!, 4 * deadlineMs); // who is this late helps nobody
    asked.push(reply.then((status) => ({ status, ms: performance.now() - sent })));
  }
  const found = await Promise.all(asked);
  close();
  const took = found.flatMap(({ status, ms }) => (status === 200 ? [ms] : [])).sort((a, b) => a - b);
  const statuses: Record<string, number> = {};
  for (const { status } of found) statuses[status] = (statuses[status] ?? 0) + 1;
  lags.sort((a, b) => a - b);
  const at = (list: readonly number[], share: number) => list[Math.floor(share * list.length)] ?? Number.NaN;
  return {
    good: took.filter((ms) => ms <= deadlineMs).length / seconds,
    asked: found.length,
    statuses,
    p50: at(took, 0.5),
    p99: at(took, 0.99),
    lagP99: at(lags, 0.99),
  };
}

if (/serve-client\.[jt]s$/.test(process.argv[1] ?? "")) {
  const found = await loaded(JSON.parse(process.argv[2]!) as Load);
  console.log(JSON.stringify(found));
  process.exit(0);
}
