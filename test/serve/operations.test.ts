// What operators need: keys and tokens with roles and limits, TLS, metrics, logs without content, settings by file, environment and flags.
import { EventEmitter } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { join } from "node:path";
import { type TracerProvider, trace } from "@opentelemetry/api";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  issueCertificate,
  makeAuthority,
  requestCertificate,
  serverCredentials,
  serverName,
} from "../../src/network/transport/certificates.ts";
import { rateLimit } from "../../src/serve/access/rate.ts";
import { addKey, configuredServer, type RequestFacts, type RunningServer, startServer } from "../../src/serve/index.ts";
import { concord } from "../command-line.ts";
import { faultLater } from "../fault.ts";
import { type SmallModel, smallModel } from "./small-model.ts";

let model: SmallModel;
let server: RunningServer;
let sign: (claims: object, expires?: string, by?: string) => Promise<string>;
const key: Record<string, string> = {};
const replies: RequestFacts[] = [];
const [issuer, audience] = ["https://id.example.org", "concord"];

beforeAll(async () => {
  model = await smallModel();
  const keys = join(model.home, "keys.json");
  const now = new Date();
  key.predict = await addKey(keys, { name: "clinic", roles: ["predict"] }, now);
  key.read = await addKey(keys, { name: "reader", roles: ["read"] }, now);
  key.old = await addKey(keys, { name: "old", roles: ["predict"], expires: "2020-01-01T00:00:00Z" }, now);
  key.slow = await addKey(keys, { name: "slow", roles: ["predict"], perMinute: 2 }, now);
  const pair = await generateKeyPair("ES256", { extractable: true });
  const jwks = join(model.home, "jwks.json");
  writeFileSync(jwks, JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), alg: "ES256", kid: "a" }] }));
  sign = (claims, expires = "5m", by = issuer) =>
    new SignJWT({ roles: ["predict"], ...claims })
      .setProtectedHeader({ alg: "ES256", kid: "a" })
      .setSubject("ann")
      .setIssuer(by)
      .setAudience(audience)
      .setExpirationTime(expires)
      .sign(pair.privateKey);
  server = await startServer({
    ...{ models: [{ path: model.path }], unsigned: true, port: 0, threads: 1 },
    ...{ keys, tokens: { issuer, audience, jwks }, cors: ["https://page.example.org"] },
    onReply: (facts) => replies.push(facts),
  });
});
afterAll(async () => {
  await server.stop();
  model.remove();
});

const ask = async (secret: string | undefined, path = "/predict", headers: Record<string, string> = {}) => {
  const reply = await fetch(`${server.url}${path}`, {
    ...(path === "/predict" && { method: "POST", body: JSON.stringify({ text: "fever" }) }),
    headers: { "content-type": "application/json", ...(secret && { authorization: `Bearer ${secret}` }), ...headers },
  });
  return { status: reply.status, text: await reply.text(), headers: reply.headers };
};

describe("a key", () => {
  test("lets in by its role: none, unknown and expired ones are 401, another role is 403", async () => {
    expect((await ask(key.predict)).status).toBe(200);
    expect((await ask(undefined, "/predict", { "x-api-key": key.predict! })).status).toBe(200);
    expect((await ask(undefined)).status).toBe(401);
    expect((await ask("ck_unknown")).status).toBe(401);
    expect((await ask(key.old)).text).toMatch(/expired/);
    expect((await ask(key.read)).status).toBe(403);
    expect((await ask(key.read, "/models")).status).toBe(200);
    expect((await ask(undefined, "/models")).status).toBe(401);
    expect((await ask(undefined, "/health")).status).toBe(200);
  });

  test("has its own limit, after which the client is told when to come back", async () => {
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push(await ask(key.slow));
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(statuses[2]!.headers.get("retry-after"))).toBeGreaterThan(20);
  });

  test("is nowhere in the file, which only its owner reads", () => {
    const path = join(model.home, "keys.json");
    for (const secret of Object.values(key)) expect(readFileSync(path, "utf8")).not.toContain(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("is added, listed and removed by the command line; an unreadable file stops the start", async () => {
    const path = join(model.home, "own.json");
    const added = await concord(["--lang", "en", "api-keys", "add", path, "lab", "--role", "admin", "--days", "3"]);
    expect([added.code, added.out]).toEqual([0, expect.stringMatching(/^ck_[\w-]{43}\n$/)]);
    expect((await concord(["api-keys", "list", path])).out).toMatch(/lab +admin +20/);
    expect((await concord(["api-keys", "add", path, "lab"])).err).toMatch(/E_ARGUMENT/);
    expect((await concord(["--lang", "en", "api-keys", "add", path, "x", "--role", "predikt"])).err).toMatch(
      /did you mean predict/,
    );
    expect((await concord(["api-keys", "remove", path, "lab"])).code).toBe(0);
    expect((await concord(["api-keys", "remove", path, "lab"])).err).toMatch(/E_ARGUMENT/);
    const start = (keys: string) => startServer({ models: [{ path: model.path }], unsigned: true, port: 0, keys });
    await faultLater("E_IO", () => start(join(model.home, "none.json")));
    writeFileSync(path, '{"keys": 3}');
    await faultLater("E_CONFIG", () => start(path));
  });
});

describe("a token", () => {
  test("lets in where the provider signed it for this server, with its roles", async () => {
    expect((await ask(await sign({}))).status).toBe(200);
    expect((await ask(await sign({ roles: "read" }))).status).toBe(403);
    expect((await ask(await sign({ roles: ["boss"] }))).status).toBe(403);
  });

  test("is refused when it has expired, is forged, unsigned, or meant for others", async () => {
    expect((await ask(await sign({}, "-1m"))).text).toMatch(/has expired/);
    const stranger = await generateKeyPair("ES256");
    const claims = () =>
      new SignJWT({ roles: ["admin"] }).setProtectedHeader({ alg: "ES256", kid: "a" }).setSubject("eve");
    const forged = await claims()
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime("5m")
      .sign(stranger.privateKey);
    const unsigned = new UnsecuredJWT({ roles: ["admin"] })
      .setSubject("eve")
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime("5m")
      .encode();
    const secret = await new SignJWT({ roles: ["admin"] })
      .setProtectedHeader({ alg: "HS256", kid: "a" })
      .setSubject("eve")
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime("5m")
      .sign(new TextEncoder().encode(readFileSync(join(model.home, "jwks.json"), "utf8")));
    for (const token of [forged, unsigned, secret, await sign({}, "5m", "https://other.example.org"), "a.b.c"])
      expect((await ask(token)).status, token.slice(0, 40)).toBe(401);
  });
});

test("the limit fills evenly, for each client by itself", () => {
  const limit = rateLimit();
  expect([0, 1, 2].map((at) => limit("ann", 2, at))).toEqual([undefined, undefined, expect.closeTo(29_998, -1)]);
  expect(limit("bob", 2, 2)).toBe(undefined);
  expect(limit("ann", 2, 30_010)).toBe(undefined);
});

test("metrics count requests by route and status, batches and models; logs hold nothing of the content", async () => {
  await ask(key.predict);
  const { text } = await ask(key.read, "/metrics");
  expect(text).toMatch(/concord_requests_total\{route="\/predict",method="POST",status="200"\} \d+/);
  expect(text).toMatch(/concord_model_info\{model="small",version="[0-9a-f]{12}",passport="unsigned"\} 1/);
  expect(text).toMatch(/concord_batch_rows_count\{model="small",version="[0-9a-f]{12}"\} [1-9]/);
  expect(text).toMatch(/concord_queue_seconds_bucket/);
  await fetch(`${server.url}/secret-path?text=private`);
  await expect.poll(() => replies.at(-1)?.route).toBe("unknown");
  expect(JSON.stringify(replies)).not.toMatch(/fever|private|ck_/);
  expect(replies.find(({ route, status }) => route === "/predict" && status === 200)).toMatchObject({
    method: "POST",
    client: "clinic",
  });
});

test("a request is a span where an SDK is there to receive it, and none where it is not", async () => {
  const spans: string[] = [];
  const span = { end: () => spans.push("end"), setStatus: () => {} };
  const tracer = {
    startActiveSpan: (name: string, _options: object, _parent: object, work: (own: object) => unknown) => {
      spans.push(name);
      return work(span);
    },
  };
  await ask(key.predict);
  expect(trace.setGlobalTracerProvider({ getTracer: () => tracer } as unknown as TracerProvider)).toBe(true);
  try {
    expect((await ask(key.predict)).status).toBe(200);
  } finally {
    trace.disable();
  }
  await ask(key.predict);
  expect(spans).toEqual(["POST /predict", "end"]);
});

test("pages of a named origin may ask, others may not", async () => {
  const preflight = async (origin: string) =>
    (
      await fetch(`${server.url}/predict`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
      })
    ).headers.get("access-control-allow-origin");
  expect(await preflight("https://page.example.org")).toBe("https://page.example.org");
  expect(await preflight("https://evil.example.org")).toBe(null);
});

test("over TLS with an authority of clients, only a client with its certificate is answered", async () => {
  const now = new Date();
  const authority = await makeAuthority("test", now);
  const own = await serverCredentials(authority, now);
  const { request, key: clientKey } = await requestCertificate("ann");
  const certificate = await issueCertificate(authority, request, { name: "ann", use: "client", now });
  const files = { "cert.pem": own.certificate, "key.pem": own.key, "ca.pem": authority.certificate };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(model.home, name), text);
  const config = await configuredServer({
    ...{ version: 1, models: [{ path: model.path }], unsigned: true, port: 0, threads: 1 },
    tls: { cert: join(model.home, "cert.pem"), key: join(model.home, "key.pem"), clientCa: join(model.home, "ca.pem") },
  });
  const secure = await startServer(config);
  const reach = (more: object) =>
    new Promise<number | undefined>((resolve, reject) => {
      const trusted = { ca: authority.certificate, servername: serverName, agent: false, ...more };
      get(`${secure.url}/health/live`, trusted, (reply) => resolve(reply.resume().statusCode)).on("error", reject);
    });
  expect(secure.url).toMatch(/^https:/);
  expect(await reach({ cert: certificate, key: clientKey })).toBe(200);
  await expect(reach({})).rejects.toThrow();
  await secure.stop();
  await faultLater("E_CONFIG", () =>
    configuredServer({ version: 1, tls: { cert: join(model.home, "keys.json"), key: join(model.home, "key.pem") } }),
  );
});

describe("settings", () => {
  const run = async (args: readonly string[], env: Record<string, string> = {}) => {
    const signals = new EventEmitter();
    let url = "";
    const onOut = (text: string) => {
      url = (JSON.parse(text) as { url: string }).url;
      signals.emit("SIGTERM");
    };
    return { ...(await concord(["--json", "serve", ...args], { signals, onOut, env })), url };
  };

  test("come from the file, before it from the environment, before that from flags", async () => {
    const path = join(model.home, "serve.yaml");
    writeFileSync(
      path,
      "version: 1\nmodels: [{ path: small, name: mine }]\nunsigned: true\nhost: 127.0.0.2\nport: 0\nthreads: 1\n",
    );
    const plain = await run(["--config", path]);
    expect([plain.code, plain.url, plain.out]).toEqual([
      0,
      expect.stringContaining("127.0.0.2"),
      expect.stringContaining('"mine"'),
    ]);
    const environment = { CONCORD_SERVE_HOST: "127.0.0.3" };
    expect((await run(["--config", path], environment)).url).toContain("127.0.0.3");
    expect((await run(["--config", path, "--host", "127.0.0.4"], environment)).url).toContain("127.0.0.4");
  });

  test("of watching come from the file too; options go before it", async () => {
    const path = join(model.home, "watched.yaml");
    const own = (watch: string) =>
      writeFileSync(
        path,
        `version: 1\nmodels: [{ path: small }]\nunsigned: true\nport: 0\nthreads: 1\nwatch: ${watch}\n`,
      );
    own("{ store: from-file.sqlite }");
    await run(["--config", path]);
    expect(existsSync(join(model.home, "from-file.sqlite"))).toBe(true);
    own("{ store: other.sqlite }");
    await run(["--config", path, "--watch", join(model.home, "from-option.sqlite")]);
    expect(["from-option.sqlite", "other.sqlite"].map((name) => existsSync(join(model.home, name)))).toEqual([
      true,
      false,
    ]);
    own('{ store: other.sqlite, alerts: ["accuracy>2"] }');
    expect((await run(["--config", path])).err).toMatch(/no such rule/);
  });

  test("that are wrong name their key", async () => {
    const path = join(model.home, "bad.yaml");
    writeFileSync(path, "version: 1\nport: high\n");
    expect((await run(["--config", path])).err).toMatch(/port: the value is wrong/);
    writeFileSync(path, "version: 1\nprot: 1\n");
    expect((await run(["--config", path])).err).toMatch(/prot/);
    expect((await run([])).err).toMatch(/E_ARGUMENT/);
    expect((await run([model.path, "--replicas", "0"])).err).toMatch(/out of range/);
    expect((await run([model.path, "--tls-cert", path])).err).toMatch(/certificate and its key/);
  });
});
