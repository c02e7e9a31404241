// Members and strangers that ask for more than their part of the coordinator's memory, disk and connections, over real sockets.
import { readdirSync } from "node:fs";
import { Agent, request as httpsRequest } from "node:https";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openBlobs, sha256 } from "../../../src/network/blobs.ts";
import { issueCertificate, makeAuthority, requestCertificate, serverCredentials } from "../../../src/network/index.ts";
import { serverName } from "../../../src/network/transport/certificates.ts";
import { networkOf, openPool } from "../../../src/network/transport/pool.ts";
import { type Exchange, openServer, type RoundServer } from "../../../src/network/transport/server.ts";
import { quick, temporary } from "./loopback.ts";

const chunkBytes = 1000;
const limits = { ...quick, chunkBytes, transcriptBytes: 4 * chunkBytes, connections: 12 };
const { folder, remove } = temporary();
const names = ["clinic", "hospital"] as const;
type Name = (typeof names)[number];
const certificates = new Map<Name, { cert: string; key: string }>();
const fingerprints = new Map<string, Name>();
let authority: Awaited<ReturnType<typeof makeAuthority>>;
let server: RoundServer;
const agents: Agent[] = [];
const got: (Uint8Array | undefined)[] = [];
let [joining, joiningMost] = [0, 0];

const exchange: { -readonly [P in keyof Exchange]: Exchange[P] } = {
  isOpen: true,
  uploadBytes: 8 * chunkBytes,
  memberOf: (fingerprint) => {
    const name = fingerprints.get(fingerprint);
    return name ? { name } : { refused: "this certificate is of no participant" };
  },
  outbox: async () => [],
  deliver: async (_member, _message, payload) => {
    joiningMost = Math.max(joiningMost, ++joining);
    await new Promise((resolve) => setTimeout(resolve, 20));
    joining--;
    got.push(payload);
  },
  transcript: async (_member, bytes) => void got.push(bytes),
  content: () => undefined,
  uploads: (member) => openBlobs(`${folder}/${member}`),
  enrol: async () => ({ welcome: true }),
};

beforeAll(async () => {
  const now = new Date();
  authority = await makeAuthority("study", now);
  const { X509Certificate } = await import("node:crypto");
  for (const name of names) {
    const { request, key } = await requestCertificate(name);
    const cert = (await issueCertificate(authority, request, { name, use: "client", now }))!;
    certificates.set(name, { cert, key });
    fingerprints.set(sha256(new X509Certificate(cert).raw), name);
  }
  const credentials = await serverCredentials(authority, now);
  server = await openServer({
    credentials,
    authority: authority.certificate,
    host: "127.0.0.1",
    port: 0,
    limits,
    exchange,
  });
});
beforeEach(() => {
  got.length = 0;
});
afterAll(async () => {
  for (const agent of agents) agent.destroy();
  await server.close();
  remove();
});

/** Connections that are kept, of a member or a stranger. */
function dial(name?: Name): Agent {
  const agent = new Agent({
    ca: authority.certificate,
    servername: serverName,
    keepAlive: true,
    maxSockets: 3,
    ...(name && certificates.get(name)),
  });
  agents.push(agent);
  return agent;
}

/** @returns the status, or the code of a connection that was closed */
const ask = (agent: Agent, method = "GET", path = "/v1/outbox?after=0&wait=0", body: string | Uint8Array = "") =>
  new Promise<{ status: number | string; text: string }>((resolve) => {
    const headers = { "concord-protocol": 1, "content-length": Buffer.byteLength(body) };
    const at = { host: "127.0.0.1", port: server.port };
    const sent = httpsRequest({ agent, ...at, method, path, headers }, (response) => {
      let text = "";
      response.on("data", (part) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode!, text }));
    });
    sent.on("error", (e: NodeJS.ErrnoException) => resolve({ status: String(e.code), text: "" }));
    sent.end(body);
  });
const put = (agent: Agent, bytes: Uint8Array) => ask(agent, "PUT", `/v1/chunks/${sha256(bytes)}`, bytes);
const post = (agent: Agent, from: Name, chunks: readonly string[], path = "/v1/messages") =>
  ask(agent, "POST", path, JSON.stringify({ message: { from }, chunks }));
const kept = (name: Name) => readdirSync(`${folder}/${name}`).length;

test("one chunk named many times is refused by its sum, before anything is joined", async () => {
  const clinic = dial("clinic");
  const [chunk, half] = [new Uint8Array(chunkBytes).fill(7), new Uint8Array(chunkBytes / 2).fill(8)];
  for (const path of ["/v1/messages", "/v1/transcript", "/v1/chunks"]) {
    await put(clinic, chunk);
    expect((await post(clinic, "clinic", Array(300).fill(sha256(chunk)), path)).status).toBe(413);
  }
  exchange.contentBytes = () => 2.5 * chunkBytes; // what the phase expects, not what a member may leave here
  for (const names of [4, 3]) {
    await put(clinic, chunk);
    expect((await post(clinic, "clinic", Array(names).fill(sha256(chunk)))).status).toBe(413);
  }
  expect(got).toEqual([]);
  for (const part of [chunk, half]) await put(clinic, part);
  expect((await post(clinic, "clinic", [sha256(chunk), sha256(chunk), sha256(half)])).status).toBe(200);
  expect(got).toEqual([new Uint8Array([...chunk, ...chunk, ...half])]);
  expect(kept("clinic")).toBe(0);
});

test("beside a message that wants no content nothing is read, and what was sent for it is removed", async () => {
  const clinic = dial("clinic");
  exchange.contentBytes = () => 0;
  const chunk = new Uint8Array(chunkBytes).fill(9);
  await put(clinic, chunk);
  expect((await post(clinic, "clinic", [sha256(chunk), "0".repeat(64)])).status).toBe(200);
  expect(got).toEqual([undefined]);
  expect(kept("clinic")).toBe(0);
});

test("small chunks are limited by their number, also where they come at once", async () => {
  const clinic = dial("clinic");
  const statuses = await Promise.all(Array.from({ length: 7 }, (_, i) => put(clinic, new Uint8Array([i]))));
  expect(statuses.map((s) => s.status)).toEqual(Array(7).fill(200));
  const more = await Promise.all(Array.from({ length: 6 }, (_, i) => put(clinic, new Uint8Array([1, i]))));
  expect(more.map((s) => s.status)).toContain(413);
  expect(kept("clinic")).toBeLessThanOrEqual(8);
});

test("contents of all members are joined one at a time", async () => {
  exchange.contentBytes = () => chunkBytes;
  joiningMost = 0;
  const chunk = new Uint8Array(chunkBytes).fill(5);
  const all = names.map(async (name) => {
    const agent = dial(name);
    await put(agent, chunk);
    return await post(agent, name, [sha256(chunk)]);
  });
  expect((await Promise.all(all)).map((a) => a.status)).toEqual([200, 200]);
  expect([got.length, joiningMost]).toEqual([2, 1]);
});

test("strangers that keep all connections they can get keep no member out", async () => {
  const strangers = Array.from({ length: 30 }, () => dial());
  for (const stranger of strangers) expect((await ask(stranger)).status).toBe(403);
  await Promise.all(strangers.map((stranger) => ask(stranger)));
  const silent = strangers.map((s) => s.createConnection({ host: "127.0.0.1", port: server.port } as never));
  for (const socket of silent) socket?.on("error", () => {});
  expect((await ask(dial("hospital"))).status).toBe(200);
  expect((await ask(dial(), "POST", "/v1/enrol", "{}")).text).toMatch(/welcome/);
  for (const socket of silent) socket?.destroy();
});

test("a member that keeps all connections it can get keeps no other member out, nor their open ones", async () => {
  const hospital = dial("hospital");
  expect((await ask(hospital)).status).toBe(200);
  for (let i = 0; i < 20; i++) expect((await ask(dial("clinic"))).status).toBe(200);
  expect((await ask(hospital)).status).toBe(200);
  expect((await ask(dial("hospital"))).status).toBe(200);
});

test("a pool closes the oldest of whoever holds most", () => {
  const closed: string[] = [];
  const pool = openPool(3);
  const connection = (id: string) => ({ destroy: () => closed.push(id) });
  const first = connection("a1");
  pool.add("a", first);
  for (const id of ["b1", "b2", "b3"]) pool.add("b", connection(id));
  expect(closed).toEqual(["b1"]);
  pool.remove(first);
  pool.remove(first);
  for (const id of ["c1", "d1"]) pool.add(id[0]!, connection(id));
  expect(closed).toEqual(["b1", "b2"]);
  expect(["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1", "2001:db8:0:0:5::2", "fe80::1%eth0"].map(networkOf)).toEqual([
    "192.0.2.7",
    "192.0.2.7",
    "2001:db8:0:0",
    "2001:db8:0:0",
    "fe80:0:0:0",
  ]);
});
