// A seeded mix of requests for a long time: every one is answered as it should be, and memory does not grow. A planted leak shows that growth
// would be found. CONCORD_SERVE_SOAK_SECONDS: how long (default 900); the leak needs a third of it.
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { smallModel, words } from "../serve/small-model.ts";
import { freePort, residentBytes, serveProcess } from "./servers.ts";

const seconds = Number(process.env.CONCORD_SERVE_SOAK_SECONDS ?? 900);
const clients = 6;

/** Bytes of memory after some time, and how many requests were answered until then. */
interface Sample {
  readonly requests: number;
  readonly bytes: number;
}
interface Soaked {
  readonly statuses: Readonly<Record<string, number>>;
  readonly bytesPerRequest: number;
  readonly samples: readonly Sample[];
}

/** Median of the slopes of all pairs (Theil 1950, Sen 1968): one pause of the collector does not move it. */
function slope(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((a, i) =>
    samples.slice(i + 1).map((b) => (b.bytes - a.bytes) / Math.max(b.requests - a.requests, 1)),
  );
  slopes.sort((a, b) => a - b);
  return slopes[slopes.length >> 1]!;
}

/** V8 collects late where it has room, which looks like growth: it gets little. */
const smallHeap = ["--max-old-space-size=160", "--max-semi-space-size=4"];

/** Asks a server for so long. @param nodeArgs of its process */
async function soaked(duration: number, nodeArgs: readonly string[] = []): Promise<Soaked> {
  const model = await smallModel();
  const port = await freePort();
  const args = [model.path, "--unsigned", "--threads", "1", "--watch", join(model.home, "watch.sqlite")];
  const server = await serveProcess(args, port, [...smallHeap, ...nodeArgs]);
  try {
    const url = `http://127.0.0.1:${port}`;
    const end = Date.now() + duration * 1000;
    const statuses: Record<string, number> = {};
    const samples: Sample[] = [];
    let requests = 0;
    const client = async (number: number) => {
      const rng = random(`soak ${number}`);
      while (Date.now() < end) {
        const [path, init] = requestOf(rng);
        const reply = await fetch(`${url}${path}`, init);
        await reply.arrayBuffer();
        requests++;
        const key = `${path} ${reply.status}`;
        statuses[key] = (statuses[key] ?? 0) + 1;
      }
    };
    const sampling = async () => {
      while (Date.now() < end) {
        await setTimeout(duration * 10);
        samples.push({ requests, bytes: residentBytes(server.process.pid!) });
      }
    };
    await Promise.all([sampling(), ...Array.from({ length: clients }, (_, i) => client(i))]);
    const settled = samples.slice(Math.floor(samples.length / 3)); // caches fill first
    expect(await server.stop("SIGTERM")).toBe(0);
    return { statuses, samples, bytesPerRequest: slope(settled) };
  } finally {
    await server.stop("SIGKILL");
    model.remove();
  }
}

/** What clients ask: mostly answers, now and then something wrong, an explanation, a label, numbers. */
function requestOf(rng: ReturnType<typeof random>): [path: string, init?: RequestInit] {
  const text = () => Array.from({ length: 1 + rng.int(30) }, () => words[rng.int(words.length)]!).join(" ");
  const post = (path: string, body: unknown): [string, RequestInit] => [
    path,
    { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
  ];
  const draw = rng.int(100);
  if (draw < 60) return post("/predict", { text: text() });
  if (draw < 75) return post("/predict", { texts: Array.from({ length: 8 }, text), abstain: 0.5 });
  if (draw < 82) return post("/v1/embeddings", { model: "small", input: text() });
  if (draw < 88) {
    const data = [text(), text()];
    return post("/v2/models/small/infer", { inputs: [{ name: "text", datatype: "BYTES", shape: [2], data }] });
  }
  if (draw < 92) return post("/predict", { text: 7 });
  if (draw < 95) return post("/feedback", { requestId: `nobody-${rng.int(1000)}`, truth: "flu" });
  if (draw < 97) return ["/metrics"];
  if (draw < 98) return post("/predict", { text: "fever and shivers", explain: true });
  return ["/models/nobody"];
}

/** Growth that is taken for a leak, in bytes a request: half of the planted one. */
const limit = 500;

test(`for ${seconds} s every request has its reply, and memory does not grow`, async () => {
  const { statuses, bytesPerRequest, samples } = await soaked(seconds);
  const sizes = samples.filter((_, i) => i % 10 === 9).map(({ bytes }) => Math.round(bytes / 2 ** 20));
  console.log(
    statuses,
    `${samples.at(-1)!.requests} requests, ${bytesPerRequest.toFixed(1)} bytes each; MiB: ${sizes}`,
  );
  const wanted = { "/predict": ["200", "400"], "/feedback": ["404"], "/models/nobody": ["404"] } as Record<
    string,
    string[]
  >;
  for (const key of Object.keys(statuses)) {
    const [path, status] = key.split(" ") as [string, string];
    expect(wanted[path] ?? ["200"], key).toContain(status);
  }
  expect(bytesPerRequest).toBeLessThan(limit);
});

test("a planted leak of a kilobyte a request is found", async () => {
  const { bytesPerRequest } = await soaked(seconds / 3, ["--import", "./test/slow/clients/leak.mjs"]);
  console.log(`${bytesPerRequest.toFixed(1)} bytes a request`);
  expect(bytesPerRequest).toBeGreaterThan(limit);
});
