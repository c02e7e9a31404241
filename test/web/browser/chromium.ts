// Debian's Chromium without a window, driven by playwright-core. No browser is downloaded.
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import type { TaskOptions, Tasks } from "./worker.ts";

const executablePath = process.env.CONCORD_CHROMIUM ?? "/usr/bin/chromium";

const flags = [
  "--no-sandbox", // containers run as root
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // a WebGPU device computed on the CPU, from the SwiftShader that Chromium carries
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
];

/** Starts the browser. @throws when it is not installed */
export function launch(): Promise<Browser> {
  if (!existsSync(executablePath)) throw new Error(`${executablePath} is missing: run tools/install-browser.sh`);
  return chromium.launch({ executablePath, headless: true, args: flags });
}

/** Opens the test page. */
export async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForFunction(() => document.title === "ready");
  return page;
}

/** Runs a task in a worker of the page; a worker of a new name is started. */
export const ask = <K extends keyof Tasks>(
  page: Page,
  worker: string,
  task: K,
  options: TaskOptions = {},
): Promise<Tasks[K]> =>
  page.evaluate(
    (request) =>
      (window as unknown as { ask(...request: unknown[]): Promise<never> }).ask(...(request as unknown as unknown[])),
    [worker, task, options] as const,
  );
