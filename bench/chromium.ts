// Debian's Chromium without a window, asking nobody but the server of a bench.
import type { Browser } from "playwright-core";

export const chromium = process.env.CONCORD_CHROMIUM ?? "/usr/bin/chromium";

/** Starts it. @throws when it is not installed: tools/install-browser.sh */
export async function launchChromium(): Promise<Browser> {
  const { chromium: driver } = await import("playwright-core");
  const args = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
  ];
  return driver.launch({ executablePath: chromium, headless: true, args });
}
