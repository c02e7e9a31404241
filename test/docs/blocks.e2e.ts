// Every sh block of docs/ runs, page by page, with the packed package in an empty folder; what pages show as printed is what was printed. Chinese
// pages run where they show output; their commands are the English ones (pages.test.ts). CONCORD_DOCS=tutorials walks a part (an expression).
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Block, type DocumentPage, readPage } from "./blocks.ts";
import { firstDifference } from "./compare-output.ts";
import { give } from "./fixtures.ts";

const home = mkdtempSync(join(tmpdir(), "concord-docs-"));
let tarball = "";

/** Without what npm sets for this process: settings of this repository's .npmrc, such as ignore-scripts. */
const environment = (language: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^LC_|^CONCORD_/i.test(name))),
  LANG: language === "zh" ? "zh_CN.UTF-8" : "en_US.UTF-8",
});

function shell(folder: string, script: string, language = "en"): string {
  const options = { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 26, env: environment(language) } as const;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script], options);
  if (status !== 0) throw new Error(`${script}\n${stdout}\n${stderr}`);
  return stdout;
}

beforeAll(() => {
  const [packed] = JSON.parse(shell(".", `npm pack --json --pack-destination ${home}`)) as [{ filename: string }];
  tarball = join(home, packed.filename);
  writeFileSync(join(home, "package.json"), '{ "name": "user", "private": true, "type": "module" }\n');
  shell(home, `npm install ${tarball} --ignore-scripts --prefer-offline --no-audit --no-fund`);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const wanted = new RegExp(process.env.CONCORD_DOCS ?? "");
const pages = readdirSync("docs", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md") && !/node_modules|\.vitepress|^development|^reference/.test(path))
  .map((path) => readPage(join("docs", path)));
const commandsOf = (page: DocumentPage): Block[] => page.blocks.filter(({ language }) => language === "sh");
const showsOutput = (page: DocumentPage): boolean => page.blocks.some(({ language }) => language === "text");
const isChinese = (page: DocumentPage): boolean => page.path.startsWith(join("docs", "zh"));
const walked = pages.filter(
  (page) =>
    wanted.test(page.path) &&
    (!isChinese(page) || showsOutput(page)) &&
    commandsOf(page).some(({ skip }) => skip === undefined),
);

/** The package's own name stands for the packed file: nothing else is changed in what a reader types. */
const asPacked = (text: string): string =>
  text.replace(/npm install @concord-ai\/concord\b/g, `npm install --prefer-offline --no-audit --no-fund ${tarball}`);

/** One script for a page: each block writes into a file of its own, in one shell, so that folders and processes last. */
function scriptOf(page: DocumentPage, logs: string, folder: string): string {
  const steps = page.blocks.flatMap((block, i) => {
    if (block.file !== undefined) {
      const saved = join(logs, `file-${i}`);
      writeFileSync(saved, `${block.text}\n`);
      return [`mkdir -p "$(dirname '${block.file}')"`, `cp '${saved}' '${join(folder, block.file)}'`];
    }
    if (block.language !== "sh" || block.skip !== undefined) return [];
    return [`echo ${i} >'${logs}/at'`, `{\n${asPacked(block.text)}\n} >'${logs}/out-${i}' 2>&1 </dev/null`];
  });
  return [
    "set -e",
    `export PATH="$PWD/node_modules/.bin:$PATH"`,
    "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT",
    ...steps,
  ].join("\n");
}

const hasInstall = (page: DocumentPage): boolean =>
  commandsOf(page).some(({ text, skip }) => skip === undefined && text.includes("npm install @concord-ai/concord"));

test.each(walked.map((page) => [page.path, page] as const))("%s", async (path, page) => {
  const name = path.replaceAll(/[/.]/g, "-");
  const [folder, logs] = [join(home, name), join(home, `${name}-logs`)];
  for (const one of [folder, logs]) mkdirSync(one);
  if (!hasInstall(page)) {
    symlinkSync(join(home, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), '{ "name": "user", "private": true, "type": "module" }\n');
  }
  await give(page.given, folder, shell, home);
  const script = scriptOf(page, logs, folder);
  const began = performance.now();
  const language = isChinese(page) ? "zh" : "en";
  const { status } = spawnSync("bash", ["-c", script], { cwd: folder, env: environment(language), timeout: 580_000 });
  const printed = (i: number) =>
    existsSync(join(logs, `out-${i}`)) ? readFileSync(join(logs, `out-${i}`), "utf8") : "";
  const at = existsSync(join(logs, "at")) ? Number(readFileSync(join(logs, "at"), "utf8")) : 0;
  expect(status, `${path}:${page.blocks[at]?.line}\n${page.blocks[at]?.text}\n${printed(at)}`).toBe(0);
  const wrong = page.blocks.flatMap((block, i) => {
    if (block.language !== "text" || block.skip !== undefined) return [];
    const command = page.blocks.slice(0, i).findLastIndex((b) => b.language === "sh" && b.skip === undefined);
    if (command < 0) return [];
    const line = firstDifference(block.text, printed(command));
    return line === undefined ? [] : [`${path}:${block.line}: not printed: ${line}\n${printed(command)}`];
  });
  expect(wrong.join("\n")).toBe("");
  console.log(`${path}: ${commandsOf(page).length} blocks, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  if (process.env.CONCORD_DOCS_KEEP) console.log(folder);
  else for (const one of [folder, logs]) rmSync(one, { recursive: true, force: true });
});

test("few blocks are skipped, each with its reason", () => {
  const all = pages
    .filter((page) => !isChinese(page))
    .flatMap((page) => commandsOf(page).map((block) => ({ page, block })));
  const skipped = all.filter(({ block }) => block.skip !== undefined);
  console.log(`${all.length} sh blocks, ${skipped.length} of them not run:`);
  for (const { page, block } of skipped) console.log(`  ${page.path}:${block.line}: ${block.skip}`);
  expect(skipped.length).toBeLessThan(all.length / 4);
});
