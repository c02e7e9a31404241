// report.html of a real run, opened from the disk in Chromium: it loads nothing, runs nothing, fits a phone, can be read in the dark.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "../../../src/base/index.ts";
import { readRecipe } from "../../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../../src/runs/run.ts";
import { launch } from "./chromium.ts";

const home = mkdtempSync(join(tmpdir(), "concord-report-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const rng = random(6);
const pick = (list: readonly string[]) => list[rng.int(list.length)]!;
const parts = {
  "joint </script><img src=x onerror=alert(1)>": ["knee", "hip", "elbow"],
  "皮肤 & skin": ["rash", "itch", "起疹子"],
  airways: ["cough", "wheeze", "咳嗽"],
};
const fillers = "since monday night at work home my old left right very much again never before after rain cold".split(
  " ",
);
const rows = Array.from({ length: 300 }, (_, i) => {
  const label = pick(Object.keys(parts)) as keyof typeof parts;
  const words = Array.from({ length: 6 }, () => pick(fillers)).join(" ");
  return {
    text: `${words} ${pick(parts[label])} <b onclick=alert(2)>`,
    label,
    patient: `p${i >> 1}`,
    region: pick(["north", "south"]),
  };
});
writeFileSync(join(home, "rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
const recipe = (language: string) => `version: 1
name: report test
data: { file: rows.jsonl, group: patient, attributes: [region] }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 32 }
adapt: { epochs: 3, learningRate: 3e-3, threads: 1 }
evaluate: { resamples: 50 }
report: { language: ${language} }
`;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

/** What makes a text hard to read: its contrast with what lies behind it (WCAG 2), for each element that has text of its own. */
const contrasts = (page: Page): Promise<{ text: string; contrast: number }[]> =>
  page.evaluate(() => {
    const parse = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const linear = (v: number) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    const luminance = ([r, g, b]: number[]) => 0.2126 * linear(r!) + 0.7152 * linear(g!) + 0.0722 * linear(b!);
    const behind = (element: Element | null): number[] => {
      for (let at = element; at; at = at.parentElement) {
        const color = parse(getComputedStyle(at).backgroundColor);
        if (color.length === 3 || color[3] === 1) return color;
      }
      return [255, 255, 255];
    };
    const own = (e: Element) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent!.trim() !== "");
    return [...document.body.querySelectorAll("*")].filter(own).map((element) => {
      const style = getComputedStyle(element);
      const ink = luminance(parse(element instanceof SVGElement ? style.fill : style.color));
      const page = luminance(behind(element));
      const contrast = (Math.max(ink, page) + 0.05) / (Math.min(ink, page) + 0.05);
      return { text: element.textContent!.slice(0, 30), contrast };
    });
  });

/** Opens a page and keeps what it says and asks for. */
async function openedAt(
  url: string,
  options: {
    width: number;
    scheme: "light" | "dark";
  },
): Promise<{ page: Page; said: string[]; asked: string[] }> {
  const context = await browser.newContext({
    viewport: { width: options.width, height: 900 },
    colorScheme: options.scheme,
  });
  const page = await context.newPage();
  const [said, asked]: [string[], string[]] = [[], []];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => said.push(dialog.message()));
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(url);
  return { page, said, asked };
}

describe.each(["en", "zh"])("in %s", (language) => {
  const folder = join(home, language);
  let url: string;
  beforeAll(async () => {
    await runRecipe(readRecipe(recipe(language), "recipe.yaml"), { home, folder });
    url = pathToFileURL(join(folder, "report.html")).href;
  });

  test("it opens from the disk without a word on the console and without asking for anything else", async () => {
    const { page, said, asked } = await openedAt(url, { width: 1280, scheme: "light" });
    expect([said, asked]).toEqual([[], [url]]);
    const policy = await page.locator("meta[http-equiv='Content-Security-Policy']").getAttribute("content");
    expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(language === "zh" ? "zh-CN" : "en");
    expect(await page.locator("script, img, iframe, link, [onclick], [onerror]").count()).toBe(0);
    expect(await page.locator("main").innerText()).toContain("</script><img src=x onerror=alert(1)>");
    await page.context().close();
  });

  test("the policy holds: a script that gets in does not run, and nothing can be loaded", async () => {
    const { page, said } = await openedAt(url, { width: 1280, scheme: "light" });
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      const image = document.createElement("img");
      image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
      document.body.append(image);
    });
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => (window as { ran?: boolean }).ran)).toBeUndefined();
    expect(said.filter((text) => /Content Security Policy/.test(text)).length).toBeGreaterThanOrEqual(2);
    await page.context().close();
  });

  test("charts have a size, and inside them no text is cut off", async () => {
    const { page } = await openedAt(url, { width: 1280, scheme: "light" });
    const charts = await page.evaluate(() =>
      [...document.querySelectorAll("figure svg")].map((svg) => {
        const { width, height, right } = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll("text")].map((text) => text.getBoundingClientRect().right - right);
        return { width, height, over: Math.max(...texts), marks: svg.querySelectorAll("path, rect, line").length };
      }),
    );
    expect(charts.length).toBeGreaterThanOrEqual(7); // balance, three curves, confusions, reliability, one attribute
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll(".scroll")]
        .filter((e) => e.scrollWidth > e.clientWidth + 1)
        .map((e) => e.ariaLabel),
    );
    expect(cut).toEqual([]);
    for (const { width, height, over, marks } of charts) {
      expect(Math.min(width, height)).toBeGreaterThan(40);
      expect(over).toBeLessThanOrEqual(2);
      expect(marks).toBeGreaterThan(3);
    }
    await page.context().close();
  });

  test("a phone needs no scrolling to the side; in the dark and in the light every text has contrast", async () => {
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await openedAt(url, { width: 400, scheme });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
      const found = await contrasts(page);
      expect(found.length).toBeGreaterThan(100);
      expect(found.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(scheme === "dark" ? "rgb(19, 23, 28)" : "rgb(255, 255, 255)");
      await page.context().close();
    }
  });

  test("it prints light, whatever the screen", async () => {
    const { page } = await openedAt(url, { width: 1280, scheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
    expect(await page.evaluate(() => getComputedStyle(document.querySelector("nav")!).display)).toBe("none");
    expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(20_000);
    await page.context().close();
  });
});
