// What a page of docs/ is made of, for its tests: headings, links, code blocks. Runs nothing.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A fenced block. */
export interface Block {
  /** First word after the fence: sh, text, yaml … */
  readonly language: string;
  readonly text: string;
  /** `[name]` after the language: the reader saves the block under this name. */
  readonly file?: string;
  /** `skip: reason` after the language: why no test runs it. */
  readonly skip?: string;
  /** Line of the fence, from 1. */
  readonly line: number;
}

export interface DocumentPage {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly headings: readonly { readonly level: number; readonly text: string }[];
  /** Targets of links and pictures, with the line. */
  readonly links: readonly { readonly target: string; readonly line: number }[];
  /** Names in `<!-- given: … -->`: what the test puts into the folder before the page's blocks run. */
  readonly given: readonly string[];
}

const fence = /^(\s*)(```+)([\w-]*)(.*)$/;

/** A page, taken apart. @throws Error for a block that does not end */
export function parsePage(path: string, text: string): DocumentPage {
  const blocks: Block[] = [];
  const headings: { level: number; text: string }[] = [];
  const links: { target: string; line: number }[] = [];
  const given: string[] = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const open = fence.exec(lines[i]!);
    if (open) {
      const from = i + 1;
      do i++;
      while (i < lines.length && lines[i]!.trim() !== open[2]);
      if (i === lines.length) throw new Error(`${path}:${from}: the block does not end`);
      const info = open[4]!;
      blocks.push({
        language: open[3]!,
        text: lines.slice(from, i).join("\n"),
        file: /\[([^\]]+)\]/.exec(info)?.[1],
        skip: /skip: *(.+)$/.exec(info)?.[1],
        line: from,
      });
      continue;
    }
    const heading = /^(#+) +(.+)$/.exec(lines[i]!);
    if (heading) headings.push({ level: heading[1]!.length, text: heading[2]! });
    const prose = lines[i]!.replace(/`[^`]*`/g, "");
    for (const [, target] of prose.matchAll(/\]\(([^)\s]+)\)/g)) links.push({ target: target!, line: i + 1 });
    for (const [, names] of lines[i]!.matchAll(/<!-- given: ([\w -]+?) -->/g)) given.push(...names!.split(" "));
  }
  return { path, text, blocks, headings, links, given };
}

export const readPage = (path: string): DocumentPage => parsePage(path, readFileSync(path, "utf8"));

/** Markdown of docs/ that is written by hand. */
export const underDocs: readonly string[] = readdirSync("docs", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md") && !/node_modules|\.vitepress|reference\/library/.test(path))
  .map((path) => join("docs", path));
/** All pages that people read. */
export const pages: readonly DocumentPage[] = [...underDocs, "README.md", "README.zh.md", "CONTRIBUTING.md"].map(
  readPage,
);

/** Blocks in these languages of the pages for users, with their places. */
export const blocksOf = (...languages: string[]): [at: string, block: Block][] =>
  pages
    .filter(({ path }) => !path.startsWith("docs/development"))
    .flatMap(({ path, blocks }) =>
      blocks.filter((b) => languages.includes(b.language)).map((b): [string, Block] => [`${path}:${b.line}`, b]),
    );
