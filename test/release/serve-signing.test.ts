// concord sign --page over HTTP, as a browser and as others on the same machine: only who has the address, once, can read and sign.
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { expect, test } from "vitest";
import { passportType } from "../../src/passport/index.ts";
import { serveSigning } from "../../src/release/serve-signing.ts";
import { parseEnvelope } from "../../src/store/index.ts";
import { concord } from "../command-line.ts";
import { waitingPassport } from "./waiting-passport.ts";

interface Answer {
  readonly status: number;
  readonly cookie: string;
  readonly text: string;
}

function ask(url: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const { method = "GET", headers = {}, body } = options;
  return new Promise<Answer>((done, fail) => {
    const sent = request(url, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => {
        const [cookie = ""] = response.headers["set-cookie"]?.[0]?.split(";") ?? [];
        done({ status: response.statusCode ?? 0, cookie, text });
      });
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

type Waiting = Awaited<ReturnType<typeof waitingPassport>>;

async function served(waiting: Waiting, signal?: AbortSignal) {
  const { path, keyFile, previous } = waiting;
  let outcome: Promise<boolean> = Promise.resolve(false);
  const url = await new Promise<string>((onReady, fail) => {
    outcome = serveSigning({ path, keyFile, previous, language: "en", onReady, signal });
    outcome.catch(fail);
  });
  return { outcome, url, base: new URL("/", url).href };
}

/** Opens the page as its signer. */
async function opened({ url, base }: { url: string; base: string }) {
  const { cookie } = await ask(url);
  const page = (await ask(base, { headers: { cookie } })).text;
  const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const post = (action: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    ask(`${base}${action}`, {
      method: "POST",
      headers: { cookie, "content-type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams({ token, lang: "en", ...fields }).toString(),
    });
  return { cookie, page, post };
}

const signatures = ({ path }: Waiting) => parseEnvelope(readFileSync(path), passportType, path).signatures.length;

test("the signer reads gates, exceptions and what changed, and signs; the server then ends", async () => {
  const waiting = await waitingPassport();
  const server = await served(waiting);
  const { page, post } = await opened(server);
  for (const part of [
    "FAILED, approved as an exception",
    "largest gap between groups of region, accuracy",
    "upper end of the 95 % interval",
    "University (auditor)",
    "a pilot",
    "To sort messages for a nurse.",
    "Compared with the release made on 2026-10-01",
    "0.6 (≥ 0.7",
  ])
    expect(page).toContain(part);
  expect(page).toMatch(/form-action (?:'|&#39;|&#x27;|&apos;)self/);
  expect(page).not.toContain("<script");
  expect((await post("sign", {})).text).toContain("I have read this page"); // not confirmed: asked again
  expect(signatures(waiting)).toBe(1);
  expect((await post("sign", { read: "yes" })).text).toContain("Signed: triage");
  expect(await server.outcome).toBe(true);
  expect(signatures(waiting)).toBe(2);
  await expect(ask(server.base)).rejects.toThrow(/ECONNREFUSED/);
});

test("without the address, its cookie, the form's secret, or from elsewhere, nothing is shown and nothing signed", async () => {
  const waiting = await waitingPassport();
  const server = await served(waiting);
  expect((await ask(server.base)).status).toBe(403);
  expect((await ask(`${server.base}open?token=guess`)).status).toBe(403);
  const { cookie, post } = await opened(server);
  expect((await ask(server.url)).status).toBe(403); // the address works once
  expect((await ask(server.base, { headers: { cookie, host: "attacker.example" } })).status).toBe(403); // DNS rebinding
  expect((await ask(server.base, { headers: { cookie: "concord=guess" } })).status).toBe(403);
  expect((await post("sign", { read: "yes", token: "guess" })).status).toBe(403);
  expect((await post("sign", { read: "yes" }, { origin: "https://attacker.example" })).status).toBe(403);
  expect((await post("sign", { read: "yes", more: "x".repeat(5000) })).status).toBe(403);
  expect((await post("elsewhere", {})).status).toBe(404);
  expect(signatures(waiting)).toBe(1);
  expect((await post("refuse", { lang: "zh" })).text).toContain("未签署：triage");
  expect(await server.outcome).toBe(false);
});

test("a wrong passphrase is said and counted; the right one signs", async () => {
  const waiting = await waitingPassport("open sesame");
  const server = await served(waiting);
  const { post } = await opened(server);
  expect((await post("sign", { read: "yes", passphrase: "wrong" })).text).toContain("Tries left: 4");
  expect((await post("sign", { read: "yes", passphrase: "open sesame" })).text).toContain("Signed: triage");
  expect(await server.outcome).toBe(true);
});

test("a passport that changed after it was shown is not signed; Ctrl-C leaves it as it is", async () => {
  const waiting = await waitingPassport();
  const server = await served(waiting);
  const { post } = await opened(server);
  waiting.write(waiting.path, { ...waiting.passport, name: "another" });
  expect((await post("sign", { read: "yes" })).status).toBe(500);
  await expect(server.outcome).rejects.toThrow(/E_CHECKSUM[\s\S]*changed after it was shown/);
  const stop = new AbortController();
  const second = await served(waiting, stop.signal);
  stop.abort();
  await expect(second.outcome).rejects.toThrow("E_INTERRUPTED");
  expect(signatures(waiting)).toBe(1);
});

test("an earlier release without a page is refused, and nothing is signed", async () => {
  const waiting = await waitingPassport();
  const { path, keyFile, previous } = waiting;
  const { code, err } = await concord(["--lang", "en", "sign", path, "--key", keyFile, "--previous", previous]);
  expect([code, err]).toEqual([64, expect.stringContaining("only a page compares with an earlier release")]);
  expect(signatures(waiting)).toBe(1);
});
