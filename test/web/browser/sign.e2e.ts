// concord sign --page in Chromium: a signer opens the address, reads in both languages, types the passphrase and signs; the page fits a phone.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitingPassport } from "../../release/waiting-passport.ts";
import { launch } from "./chromium.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

test("a signer reads the page and signs with the key's passphrase", async () => {
  const { path, keyFile, previous } = await waitingPassport("open sesame");
  const command = ["--import", "tsx", join("src", "cli", "main.ts"), "--lang", "en", "sign", path, "--key", keyFile];
  const child = spawn(process.execPath, [...command, "--page", "--previous", previous]);
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  const url = await new Promise<string>((done) => {
    let text = "";
    child.stderr.on("data", (chunk: Buffer) => {
      text += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+\/open\?token=[\w-]+/.exec(text);
      if (found) done(found[0]);
    });
  });
  const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
  const page = await context.newPage();
  await page.goto(url);
  expect(await page.title()).toBe("Sign the release of triage");
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  await page.click("text=中文");
  expect(await page.title()).toBe("签署 triage 的发布");
  expect(await page.textContent("main")).toContain("为护士整理消息。");
  await page.click("text=English");
  await page.check("input[name=read]");
  await page.fill("input[name=passphrase]", "open sesame");
  await page.click("button:has-text('Sign') >> nth=0");
  await page.waitForSelector("h1:has-text('Signed: triage')");
  expect(await ended).toBe(0);
  expect(JSON.parse(readFileSync(path, "utf8")).signatures).toHaveLength(2);
  await context.close();
});
