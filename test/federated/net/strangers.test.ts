// Who is let in: certificates, codes, versions, sizes and times, over real sockets.
import { request as httpsRequest } from "node:https";
import { connect as tcp } from "node:net";
import { type ConnectionOptions, connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedMessage } from "../../../src/federated/index.ts";
import { enrolmentRequest } from "../../../src/network/hosts/enrolment.ts";
import {
  type Enrolment,
  enrol,
  issueCertificate,
  makeAuthority,
  openLink,
  readInvitation,
  requestCertificate,
} from "../../../src/network/index.ts";
import { partyOf, smallProposal } from "../study.ts";
import { coordinatorOf, type Loopback, loopback, quick, temporary } from "./loopback.ts";

const { folder, remove } = temporary();
const limits = { ...quick, idleMs: 150, headMs: 400, jsonBytes: 20_000, pollMs: 100 };
const proposal = smallProposal({ size: 50 });
let place: Loopback;
let host: Awaited<ReturnType<typeof coordinatorOf>>;
const enrolled = new Map<string, Enrolment>();

beforeAll(async () => {
  place = await loopback(folder, { limits });
  for (const { name } of proposal.members) enrolled.set(name, await place.enrol(name));
  host = await coordinatorOf(folder, proposal, 50);
  await place.server.serve(host, proposal);
});
afterAll(async () => {
  await place.close();
  await host.close();
  remove();
});

interface Ask {
  readonly as?: { certificate: string; key: string };
  readonly method?: string;
  readonly path?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Record<string, string | number>;
  readonly tls?: ConnectionOptions;
}

function ask({ as, method = "GET", path = "/v1/outbox?after=0&wait=0", body, headers, tls }: Ask) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = httpsRequest(
      {
        host: "127.0.0.1",
        port: place.port,
        ca: place.authority.certificate,
        servername: "coordinator.concord.internal",
        cert: as?.certificate,
        key: as?.key,
        method,
        path,
        headers: { "concord-protocol": 1, ...headers },
        agent: false,
        ...tls,
      },
      (response) => {
        let text = "";
        response.on("data", (d) => (text += d));
        response.on("end", () => resolve({ status: response.statusCode!, text }));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

const hospital = () => enrolled.get("hospital")!;

test("a member is answered; a stranger, another authority's certificate and a revoked one are not", async () => {
  expect((await ask({ as: hospital() })).status).toBe(200);
  expect(await ask({})).toMatchObject({ status: 403, text: expect.stringMatching(/no certificate of this study/) });
  const other = await makeAuthority("other", new Date());
  const { request, key } = await requestCertificate("hospital");
  const certificate = (await issueCertificate(other, request, { name: "hospital", use: "client", now: new Date() }))!;
  expect((await ask({ as: { certificate, key } })).status).toBe(403);
  const ours = (await issueCertificate(place.authority, request, {
    name: "hospital",
    use: "client",
    now: new Date(),
  }))!;
  expect((await ask({ as: { certificate: ours, key } })).text).toMatch(/of no participant/); // the authority's, but not enrolled
  await place.members.revoke("university", "left the study");
  await expect
    .poll(async () => (await ask({ as: enrolled.get("university")! })).text)
    .toMatch(/revoked: left the study/);
});

test("TLS 1.2 is refused, and a member refuses another coordinator than its own", async () => {
  await expect(ask({ as: hospital(), tls: { maxVersion: "TLSv1.2", minVersion: "TLSv1.2" } })).rejects.toThrow(
    /protocol version|alert/i,
  );
  const stranger = await makeAuthority("stranger", new Date());
  const link = openLink({ address: `127.0.0.1:${place.port}`, authority: stranger.certificate, limits });
  await expect(link.outbox(0)).rejects.toThrow(/E_SIGNATURE[\s\S]*not this study's coordinator/);
  link.close();
  const member = await new Promise<string>((resolve) => {
    // a member's certificate cannot play the coordinator: it is for clients, and has no server's name
    const socket = connect({
      port: place.port,
      host: "127.0.0.1",
      ca: place.authority.certificate,
      servername: "hospital",
    });
    socket.on("error", (e: NodeJS.ErrnoException) => resolve(e.code ?? ""));
  });
  expect(member).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
});

test("clocks an hour apart, either way, do not matter", async () => {
  for (const hours of [-1, 1]) {
    const there = await loopback(`${folder}/clock${hours}`, { limits, now: new Date(Date.now() + hours * 3_600_000) });
    const { certificate } = await there.enrol("hospital");
    expect(certificate).toMatch(/BEGIN CERTIFICATE/);
    await there.close();
  }
});

test("a newer protocol is refused in words; so are oversized, garbled and foreign bodies", async () => {
  const newer = await ask({ as: hospital(), headers: { "concord-protocol": 2 } });
  expect(newer).toMatchObject({ status: 426, text: expect.stringMatching(/newer protocol/) });
  const large = await ask({
    as: hospital(),
    method: "POST",
    path: "/v1/messages",
    body: "x".repeat(limits.jsonBytes + 1),
  }).catch(
    () => ({ status: 413 }), // the connection may close before all was sent
  );
  expect(large.status).toBe(413);
  const endless = await ask({
    as: hospital(),
    method: "POST",
    path: "/v1/messages",
    body: "x".repeat(limits.jsonBytes + 1),
    headers: { "transfer-encoding": "chunked" }, // its length is not said before
  }).catch(() => ({ status: 413 }));
  expect(endless.status).toBe(413);
  expect((await ask({ as: hospital(), method: "POST", path: "/v1/messages", body: "{" })).status).toBe(400);
  const { identity } = partyOf("ministry");
  const theirs = signedMessage(identity, { run: proposal.run, round: 0, to: "coordinator" }, "consent", {
    proposal: "0".repeat(64),
    siteValues: false,
  });
  const forged = await ask({
    as: hospital(),
    method: "POST",
    path: "/v1/messages",
    body: JSON.stringify({ message: theirs }),
  });
  expect(forged).toMatchObject({ status: 403, text: expect.stringMatching(/somebody else/) });
  const chunk = await ask({ as: hospital(), method: "PUT", path: `/v1/chunks/${"0".repeat(64)}`, body: "abc" });
  expect(chunk).toMatchObject({ status: 400, text: expect.stringMatching(/E_CHECKSUM/) });
  expect((await ask({ as: hospital(), path: `/v1/contents/${"0".repeat(64)}` })).status).toBe(404);
  expect((await ask({ as: hospital(), path: "/v1/contents/../../authority.key" })).status).toBe(404);
});

test("whoever sends a body or a head too slowly is given up", async () => {
  const slow = await ask({
    as: hospital(),
    method: "POST",
    path: "/v1/messages",
    headers: { "content-length": 100 },
  }).catch((e: Error) => ({ status: 0, text: e.message }));
  expect([0, 408]).toContain(slow.status);
  const closed = await new Promise<number>((resolve) => {
    const started = performance.now();
    const socket = tcp(place.port, "127.0.0.1");
    socket.on("close", () => resolve(performance.now() - started));
    socket.on("error", () => {});
  });
  expect(closed).toBeLessThan(5000); // no TLS came
});

test("a body that trickles below the slowest rate is given up too, though it never stops", async () => {
  const { certificate, key } = hospital();
  const started = performance.now();
  const answer = await new Promise<string>((resolve) => {
    const socket = connect({
      port: place.port,
      host: "127.0.0.1",
      ca: place.authority.certificate,
      servername: "coordinator.concord.internal",
      cert: certificate,
      key,
    });
    let text = "";
    let timer: NodeJS.Timeout | undefined;
    socket.on("secureConnect", () => {
      socket.write(
        "POST /v1/messages HTTP/1.1\r\nhost: coordinator\r\nconcord-protocol: 1\r\ncontent-length: 10000\r\n\r\n",
      );
      timer = setInterval(() => socket.write("x"), 30); // not before the head
    });
    socket.on("data", (d) => (text += d));
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(timer);
      resolve(text);
    });
  });
  expect(answer).toMatch(/^HTTP\/1\.1 408[\s\S]*too slowly/);
  expect(performance.now() - started).toBeLessThan(5000); // 10,000 bytes would take five minutes
});

test("a code works once, in its time, for its coordinator, however many wrong ones came before", async () => {
  const { identity, key } = partyOf("clinic");
  const me = { key, sign: identity.sign };
  const soon = new Date(Date.now() + 60_000);
  const code = readInvitation(await place.members.invite("clinic", soon));
  const wrong = { ...code, secret: "A".repeat(43) };
  await expect(enrol(wrong, me, { limits })).rejects.toThrow(/E_SIGNATURE[\s\S]*not valid/);
  await expect(enrol({ ...code, authority: "0".repeat(64) }, me, { limits })).rejects.toThrow(
    /another coordinator answers/,
  );
  await expect(enrol(code, { ...me, key: partyOf("agency").key }, { limits })).rejects.toThrow(
    /not signed by the identity/,
  );
  const { request } = await requestCertificate("clinic");
  const asked = enrolmentRequest(code, me, request);
  const first = await place.members.enrol(asked, new Date());
  const again = [0, 1].map(() => place.members.enrol(asked, new Date(Date.now() + 1000))); // its answer was lost on the way
  expect(await Promise.all(again)).toEqual([first, first]);
  const { request: other } = await requestCertificate("clinic");
  await expect(place.members.enrol(enrolmentRequest(code, me, other), new Date())).rejects.toThrow(/not valid/);
  await expect(enrol(code, me, { limits })).rejects.toThrow(/not valid/); // used
  const late = readInvitation(await place.members.invite("agency", new Date(Date.now() - 1)));
  await expect(
    enrol(late, { key: partyOf("agency").key, sign: partyOf("agency").identity.sign }, { limits }),
  ).rejects.toThrow(/not valid/);
  await expect(place.members.invite("clinic", soon)).rejects.toThrow(/enrolled already/);
  expect(() => readInvitation("hello")).toThrow(/E_ARGUMENT/);
  const open = readInvitation(await place.members.invite("agency", soon));
  const guess = enrolmentRequest({ ...open, secret: "B".repeat(43) }, me, other);
  for (const body of ["{}", "no JSON", JSON.stringify(guess)])
    for (let i = 0; i < 40; i++)
      expect([400, 422]).toContain((await ask({ method: "POST", path: "/v1/enrol", body })).status);
  const agency = partyOf("agency");
  const taken = await enrol(open, { key: agency.key, sign: agency.identity.sign }, { limits });
  expect(taken.certificate).toMatch(/BEGIN CERTIFICATE/);
});
