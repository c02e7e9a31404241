// The two ends of a connection where the other one is wrong, slow or full: what is not what its hash says is not taken, what was lost is sent again.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Blobs, sha256 } from "../../../src/network/blobs.ts";
import {
  issueCertificate,
  type Link,
  makeAuthority,
  openBlobs,
  openLink,
  requestCertificate,
  serverCredentials,
} from "../../../src/network/index.ts";
import { publishedBytes } from "../../../src/network/transport/published.ts";
import { type Exchange, openServer, type RoundServer } from "../../../src/network/transport/server.ts";
import { quick, temporary } from "./loopback.ts";

const chunkBytes = 1000;
const limits = { ...quick, chunkBytes, transcriptBytes: 2 * chunkBytes, requests: 1 };
const bytes = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * i) >> 3);
const { folder, remove } = temporary();
const name = "hospital";
let [kept, uploads]: Blobs[] = [];
let server: RoundServer;
let link: Link;
const retries: string[] = [];

/** What the coordinator of a test does; each test sets what it needs. */
const coordinator: { -readonly [P in keyof Exchange]: Exchange[P] } = {
  isOpen: true,
  uploadBytes: 1e6,
  memberOf: () => ({ name }),
  outbox: async () => [],
  deliver: async () => {},
  transcript: async () => {},
  content: () => undefined,
  uploads: async () => uploads!,
  enrol: async () => ({}),
};

beforeAll(async () => {
  const now = new Date();
  const authority = await makeAuthority("study", now);
  const { request, key } = await requestCertificate(name);
  const certificate = (await issueCertificate(authority, request, { name, use: "client", now }))!;
  [kept, uploads] = [await openBlobs(`${folder}/kept`), await openBlobs(`${folder}/uploads`)];
  const at = { authority: authority.certificate, host: "127.0.0.1", port: 0 };
  server = await openServer({
    ...at,
    credentials: await serverCredentials(authority, now),
    limits,
    exchange: coordinator,
  });
  const address = `127.0.0.1:${server.port}`;
  const onRetry = (problem: string) => void retries.push(problem);
  const credentials = { certificate, key };
  link = openLink({ address, authority: authority.certificate, credentials, limits, onRetry });
});
afterAll(async () => {
  link.close();
  await server.close();
  remove();
});

test("a content or a chunk that is not what its hash says is refused, and nothing of it is kept", async () => {
  const whole = bytes(2500);
  const hash = sha256(whole);
  coordinator.content = () => publishedBytes(whole, chunkBytes);
  expect(await link.fetch(hash, kept!)).toEqual(whole);
  coordinator.content = () => publishedBytes(bytes(2400), chunkBytes);
  await expect(link.fetch(hash, kept!)).rejects.toThrow(/E_CHECKSUM[\s\S]*a content is not what its hash says/);
  expect(await kept!.size()).toEqual({ files: 0, bytes: 0 });
  const { manifest } = publishedBytes(whole, chunkBytes);
  coordinator.content = () => ({ manifest, chunk: async () => new Uint8Array(chunkBytes) });
  await expect(link.fetch(hash, kept!)).rejects.toThrow(/E_CHECKSUM[\s\S]*a chunk is not what its hash says/);
  expect(await kept!.size()).toEqual({ files: 0, bytes: 0 });
});

test("chunks that the coordinator lost are sent again, and its refusals of too many are said", async () => {
  const payload = bytes(1500);
  const got: unknown[] = [];
  let asked = 0;
  coordinator.deliver = async (_, message, content) => void got.push(message, content);
  coordinator.uploads = async () => {
    if (++asked === 4) await uploads!.keep(new Set()); // after a list of hashes and two chunks, at the message
    return uploads!;
  };
  await link.deliver({ from: name, n: 1 }, payload);
  expect(got).toEqual([{ from: name, n: 1 }, payload]);
  expect(asked).toBe(8);
  coordinator.uploadBytes = chunkBytes;
  await expect(link.deliver({ from: name, n: 2 }, bytes(2500))).rejects.toThrow(/more chunks than a message/);
  expect(await uploads!.size()).toEqual({ files: 0, bytes: 0 });
  coordinator.uploadBytes = 1e6;
  await link.transcript(bytes(2 * chunkBytes));
  await expect(link.transcript(bytes(2 * chunkBytes + 1))).rejects.toThrow(/more chunks than a message/);
  expect(got).toHaveLength(2);
});

test("more requests at once than a member may make, or rounds that are not open yet, are asked again", async () => {
  let waiting = () => {};
  const isWaiting = new Promise<void>((resolve) => (waiting = resolve));
  coordinator.outbox = async (_, after, signal) => {
    if (after > 0) return [];
    waiting();
    return await new Promise((resolve) => signal.addEventListener("abort", () => resolve([])));
  };
  const long = link.outbox(0, 300);
  await isWaiting;
  retries.length = 0;
  expect(await link.outbox(1, 0)).toEqual([]);
  expect(new Set(retries)).toEqual(new Set(["status 429"]));
  await long;
  coordinator.isOpen = false;
  retries.length = 0;
  const delivered = link.deliver({ from: name });
  await expect.poll(() => retries[0]).toBe("status 503");
  coordinator.isOpen = true;
  await delivered;
});
