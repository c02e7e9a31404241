// concord monitor: reads a store of answers; writes a page or lines, checks the chain, or forgets what is old.
import { existsSync } from "node:fs";
import { extname } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { writeFileAtomically } from "../../formats/node/index.ts";
import { inWords, type Message } from "../../messages/index.ts";
import { type MonitorReport, monitorPage, monitorReports, monitorText, type WatchStore } from "../../watch/index.ts";
import { openWatchStore } from "../../watch/node/index.ts";
import { argumentError, type CommandContext } from "../context.ts";

export interface MonitorCommandOptions {
  readonly last?: number;
  readonly window?: number;
  readonly out?: string;
  readonly verify?: boolean;
  readonly forget?: number;
}

const texts = {
  written: { en: "written: {path}", zh: "已写出：{path}" },
  whole: { en: "the chain of {answers} answers is whole", zh: "{answers} 个回答的哈希链完整" },
  forgotten: { en: "{answers} answers deleted", zh: "已删除 {answers} 个回答" },
} as const satisfies Record<string, Message>;

/** @throws E_ARGUMENT for wrong options; E_IO for a store that is not there; E_CHECKSUM where an answer was changed */
export async function monitor(place: string, options: MonitorCommandOptions, context: CommandContext): Promise<void> {
  checkOptions(options);
  const isFile = !/^postgres(ql)?:\/\//.test(place);
  if (isFile && !existsSync(place))
    throw new ConcordError("E_IO", {
      operation: "monitor",
      problem: "there is no such store",
      expected: "a file that concord serve --watch writes",
      path: place,
    });
  const store = await openWatchStore(place);
  try {
    if (options.verify) return await verify(store, place, context);
    if (options.forget !== undefined) return await forget(store, options.forget, context);
    if (options.out !== undefined && extname(options.out) === ".jsonl")
      return await writeRecords(store, options.out, context);
    const reports = await monitorReports(store, { last: options.last, window: options.window });
    await show(reports, options.out, context);
  } finally {
    await store.close();
  }
}

function checkOptions({ last, window, forget: days, out }: MonitorCommandOptions): void {
  const whole = (option: string, value: number | undefined, least: number) => {
    if (value !== undefined && !(Number.isInteger(value) && value >= least))
      throw argumentError(option, { problem: "not a count", expected: `${least}, …`, got: String(value) });
  };
  whole("--last", last, 1);
  whole("--window", window, 10);
  whole("--forget", days, 0);
  if (out !== undefined && !/\.(html|jsonl)$/.test(out))
    throw argumentError("--out", {
      problem: "the name does not tell the format",
      expected: ".html, .jsonl",
      got: out,
    });
}

async function verify(store: WatchStore, path: string, { language, stdout }: CommandContext): Promise<void> {
  const { answers, broken } = await store.verify();
  if (broken !== undefined)
    throw new ConcordError("E_CHECKSUM", {
      operation: "monitor",
      problem: "a recorded answer was changed, removed or put in",
      expected: "the chain of hashes that the server wrote",
      got: `request ${broken}`,
      path,
    });
  stdout.write(`${inWords(language, texts.whole, { answers })}\n`);
}

async function forget(store: WatchStore, days: number, { language, stdout }: CommandContext): Promise<void> {
  const answers = await store.forget(Date.now() - days * 86_400_000);
  stdout.write(`${inWords(language, texts.forgotten, { answers })}\n`);
}

async function writeRecords(
  store: WatchStore,
  path: string,
  { language, quiet, stderr }: CommandContext,
): Promise<void> {
  const lines = (await store.answers()).map(({ bins, ...record }) =>
    JSON.stringify({ ...record, ...(bins && { bins: [...bins] }) }),
  );
  await writeFileAtomically(path, [new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""))]);
  if (!quiet) stderr.write(`${inWords(language, texts.written, { path })}\n`);
}

async function show(
  reports: readonly MonitorReport[],
  out: string | undefined,
  { language, json, quiet, stdout, stderr }: CommandContext,
): Promise<void> {
  if (out !== undefined) {
    await writeFileAtomically(out, [new TextEncoder().encode(await monitorPage(reports, language))]);
    if (!quiet) stderr.write(`${inWords(language, texts.written, { path: out })}\n`);
    return;
  }
  if (!json) return void stdout.write(`${monitorText(reports, language)}\n`);
  for (const { model, ...report } of reports) {
    const { profile: _, ...about } = model;
    stdout.write(`${JSON.stringify({ ...about, ...report })}\n`);
  }
}
