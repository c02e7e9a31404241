// examples/vite and examples/next, built from the packed package as users have it: in Chromium they answer as Node does, in English and Chinese, ask
// nobody else, and refuse a model that was changed on its way. Needs `npm run build`, a registry and Chromium. CONCORD_SCREENSHOTS keeps pictures.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { pipeline } from "../../src/runs/answer-pipeline.ts";
import { exportRun } from "../../src/runs/export-run.ts";
import { fineTune } from "../../src/runs/fine-tune.ts";
import { launch } from "../web/browser/chromium.ts";
import { serveStatic } from "../web/browser/static.ts";

const home = mkdtempSync(join(tmpdir(), "concord-pages-"));
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^VITEST|^NODE_ENV$/i.test(name)),
  ),
  NEXT_TELEMETRY_DISABLED: "1",
};

function succeeds(cwd: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: environment,
  });
  expect(status, `${command} ${args.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

const parts = {
  hardware: ["printer", "screen", "键盘"],
  access: ["password", "login", "账号"],
  invoice: ["invoice", "refund", "发票"],
};
const texts = ["the printer is on fire", "我忘了账号", "where is my refund <b>?"];
const repository = join(home, "repository");
let wanted: { label: string; score: number }[][] = [];
let browser: Browser;
beforeAll(async () => {
  const rng = random(4);
  const names = Object.keys(parts) as (keyof typeof parts)[];
  const rows = Array.from({ length: 360 }, (_, i) => {
    const team = names[i % 3]!;
    return `${parts[team][rng.int(3)]} problem number ${i},${rng.int(9) ? team : "access"}`;
  });
  writeFileSync(join(home, "tickets.csv"), `text,label\n${rows.join("\n")}\n`);
  const run = join(home, "run");
  const model = { scratch: { vocabulary: 300, width: 64, layers: 1, heads: 2, inner: 64 }, maxLength: 32 };
  const adapt = { epochs: 6, learningRate: 3e-3, threads: 1 };
  await fineTune({ data: join(home, "tickets.csv"), out: run, recipe: { model, adapt, data: { similarity: 1 } } });
  await exportRun(run, { to: "web", out: join(home, "model") });
  const own = await pipeline("text-classification", run);
  wanted = await own(texts, { top_k: null });
  await own.dispose();
  const [packed] = JSON.parse(succeeds(".", "npm", "pack", "--json", "--pack-destination", home)) as [
    { filename: string },
  ];
  mkdirSync(repository);
  succeeds(home, "tar", "-xzf", packed.filename, "-C", repository, "--strip-components=1");
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  rmSync(home, { recursive: true, force: true });
});

/** The example as its README says, in a folder that holds the packed package in the place of the repository: installed from its lock, and built. */
function built(name: string): string {
  const folder = join(repository, "examples", name);
  cpSync(join("examples", name), folder, {
    recursive: true,
    filter: (path) => !/node_modules|\.next$|dist$|public\/model/.test(path),
  });
  cpSync(join(home, "model"), join(folder, "public/model"), { recursive: true });
  succeeds(folder, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
  succeeds(folder, "npm", "run", "build");
  return folder;
}

/** Starts a server, and waits until it answers. */
async function started(folder: string, command: readonly string[]): Promise<{ url: string; child: ChildProcess }> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  const args = command.map((part) => part.replace("PORT", String(port)));
  const child = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: "ignore" });
  const url = `http://127.0.0.1:${port}/`;
  for (let tries = 0; tries < 300; tries++) {
    if (
      await fetch(url).then(
        (r) => r.ok,
        () => false,
      )
    )
      return { url, child };
    await new Promise((done) => setTimeout(done, 100));
  }
  child.kill();
  throw new Error(`${command.join(" ")} does not answer`);
}

/** A page, and what it says and asks for. */
async function opened(url: string, options: BrowserContextOptions, change?: (page: Page) => Promise<unknown>) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const [said, requested]: [string[], string[]] = [[], []];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => requested.push(request.url()));
  await change?.(page);
  await page.goto(url);
  return { page, said, requested, close: () => context.close() };
}

const isReady = (page: Page) =>
  page.waitForFunction(() => document.querySelector<HTMLButtonElement>("button[type=submit]")?.disabled === false);

/** What the page shows of a text. */
async function asked(page: Page, text: string) {
  await page.fill("#text", text);
  const before = await page.textContent("#answer");
  await page.click("button[type=submit]");
  await page.waitForFunction((old) => document.querySelector("#answer")!.textContent !== old, before);
  return page.$$eval("#answer li", (items) =>
    items.map((item) => ({
      label: item.querySelector("span")!.textContent,
      score: item.querySelector("meter")!.value,
    })),
  );
}

async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.CONCORD_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

describe.each([
  ["vite", ["node_modules/vite/bin/vite.js", "preview", "--host", "127.0.0.1", "--port", "PORT", "--strictPort"]],
  ["next", ["node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", "PORT"]],
] as const)("examples/%s", (name, command) => {
  let url = "";
  let child: ChildProcess | undefined;
  beforeAll(async () => {
    ({ url, child } = await started(built(name), command));
  });
  afterAll(() => void child?.kill());

  test.each([
    ["en-US", "light", { width: 1280, height: 800 }, "Ready", "Ask the model"],
    ["zh-CN", "dark", { width: 390, height: 760 }, "就绪", "询问模型"],
  ] as const)("answers as Node does (%s, %s)", async (locale, colorScheme, viewport, ready, title) => {
    const { page, said, requested, close } = await opened(url, { locale, colorScheme, viewport });
    await isReady(page);
    expect((await page.textContent("#state"))!.trim()).toBe(ready);
    expect(await page.textContent("h1")).toBe(title);
    expect(await page.getAttribute("html", "lang")).toBe(locale.slice(0, 2));
    for (const [i, text] of texts.entries()) {
      const shown = await asked(page, text);
      expect(shown.map(({ label }) => label)).toEqual(wanted[i]!.map(({ label }) => label));
      for (const [k, { score }] of shown.entries()) expect(score).toBeCloseTo(wanted[i]![k]!.score, 4);
    }
    await screenshot(page, `${name}-${locale.slice(0, 2)}-${colorScheme}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBeLessThanOrEqual(0); // nothing is cut off
    await page.click("#language");
    expect(await page.textContent("h1")).toBe(title === "询问模型" ? "Ask the model" : "询问模型");
    expect(said).toEqual([]);
    expect(requested.filter((address) => !address.startsWith(url) && !/^(data|blob):/.test(address))).toEqual([]);
    await close();
  });

  test("a model that was changed on its way is refused, in words", async () => {
    const { page, close } = await opened(url, { locale: "en-US" }, (page) =>
      page.route("**/model/onnx/model.onnx", async (route) => {
        const response = await route.fetch();
        const body = await response.body();
        body[body.length >> 1]! ^= 1;
        await route.fulfill({ response, body });
      }),
    );
    await page.waitForFunction(() => /could not/.test(document.querySelector("#state")!.textContent ?? ""));
    expect(await page.textContent("#state")).toMatch(/E_CHECKSUM[\s\S]*not the one that the manifest names/);
    expect(await page.isDisabled("button[type=submit]")).toBe(true);
    await screenshot(page, `${name}-refused`);
    await close();
  });
});

test("the page that Vite built answers from any static server, under a policy that lets it reach nobody else", async () => {
  const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' data:";
  const { url, server } = await serveStatic(
    { "": join(repository, "examples/vite/dist") },
    {},
    { "Content-Security-Policy": policy },
  );
  const { page, said, close } = await opened(url, { locale: "en-US" });
  await isReady(page);
  expect((await asked(page, texts[0]!))[0]!.label).toBe(wanted[0]![0]!.label);
  expect(said).toEqual([]);
  await close();
  server.close();
});
