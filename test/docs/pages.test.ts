// The pages of docs/: every link leads somewhere, every page for users has its Chinese twin, generated pages are what the tools write, recipes and
// policies are read, JSON is JSON. What blocks do when they run: blocks.e2e.ts; their types: types.e2e.ts.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { sections, userPages } from "../../docs/.vitepress/pages.ts";
import { readRecipe } from "../../src/recipe/index.ts";
import { policySchema } from "../../src/release/policy-file.ts";
import { generatedPages } from "../../tools/reference/pages.ts";
import { type Block, blocksOf, type DocumentPage, pages, underDocs } from "./blocks.ts";

const pageAt = new Map(pages.map((page) => [page.path, page]));

/** The anchor of a heading, as VitePress and git hosts make it of plain words. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[`.,:;()'’“”?!/]/g, (sign) => (sign === "/" || sign === "." ? "-" : ""))
    .trim()
    .replace(/\s+/g, "-");

/** Where a link of a page leads: a file of the repository. */
function fileOf(page: DocumentPage, target: string): string {
  if (target.startsWith("/")) return join("docs/public", target);
  return normalize(join(dirname(page.path), target));
}

test("every link of a page leads to a file that is there, and to a heading of it", () => {
  const dead = pages.flatMap((page) =>
    page.links.flatMap(({ target, line }) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page.path : fileOf(page, path);
      if (!existsSync(file)) return [`${page.path}:${line}: ${target}`];
      const headings = pageAt.get(file)?.headings ?? [];
      const known = anchor === undefined || headings.some(({ text }) => anchorOf(text) === anchorOf(anchor));
      return known ? [] : [`${page.path}:${line}: ${target} (no such heading)`];
    }),
  );
  expect(dead).toEqual([]);
});

test("the sidebar has every page of docs/, and no other", () => {
  const english = sections.flatMap(({ pages: own }) => own.map(({ path }) => join("docs", `${path}.md`)));
  const chinese = userPages.map(({ path }) => join("docs/zh", `${path}.md`));
  const decisions = underDocs.filter((path) => path.startsWith("docs/development/decisions/"));
  expect(decisions.length).toBeGreaterThan(8);
  expect([...underDocs].sort()).toEqual([...english, ...chinese, ...decisions, "docs/index.md"].sort());
});

/** A block without what a translation may change: comments, and the text that follows a command's `--reason`. */
const bare = (block: Block): string =>
  block.text
    .split("\n")
    .map((line) => line.replace(/(^|\s)(#|\/\/) .*$/, "").trimEnd())
    .filter((line) => line.trim() !== "")
    .join("\n");

test.each(userPages.map(({ path }) => path))("%s has a Chinese twin: the same headings, the same blocks", (path) => {
  const [english, chinese] = [`docs/${path}.md`, `docs/zh/${path}.md`].map((file) => pageAt.get(file)!);
  expect(chinese!.headings.map(({ level }) => level)).toEqual(english!.headings.map(({ level }) => level));
  // what a command prints is in the reader's language
  const shown = (page: DocumentPage) =>
    page.blocks.filter(({ language }) => language !== "text").map((block) => [block.language, block.file, bare(block)]);
  expect(shown(chinese!)).toEqual(shown(english!));
  expect(chinese!.given).toEqual(english!.given);
  expect(chinese!.text, "Chinese").toMatch(/[一-鿿]{4}/);
});

test("generated pages are what the tools write (npm run schema)", () => {
  for (const { path, text } of generatedPages()) expect(readFileSync(join("docs", path), "utf8"), path).toBe(text);
});

/** Sections of a recipe that a page shows alone are read within the smallest recipe. */
const smallest = { version: 1, name: "x", data: { file: "x.csv" }, model: { scratch: {} } };

function readYaml(text: string): void {
  const value = parse(text) as Record<string, unknown>;
  if ("gates" in value || "signers" in value) policySchema.parse({ ...policyAround, ...value });
  else if ("version" in value) readRecipe(text, "recipe.yaml");
  else readRecipe(JSON.stringify({ ...smallest, ...value }), "recipe.yaml");
}
const policyAround = {
  version: 1,
  signers: { builder: ["b.pub.json"] },
  require: ["builder"],
  gates: [{ value: "x", atMost: 1 }],
};

test("every recipe and policy in the pages is one", () => {
  const blocks = blocksOf("yaml");
  expect(blocks.length).toBeGreaterThan(20);
  const faults = blocks.flatMap(([at, { text, skip }]) => {
    if (skip) return [];
    try {
      readYaml(text);
      return [];
    } catch (error) {
      return [`${at}: ${(error as Error).message}`];
    }
  });
  expect(faults).toEqual([]);
  expect(() => readYaml("adapt: { epoch: 3 }")).toThrow();
});

test("every JSON block is JSON", () => {
  for (const [at, { text }] of blocksOf("json")) expect(() => JSON.parse(text), at).not.toThrow();
});
