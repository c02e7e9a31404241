// concord runs: the runs of a folder, one a line. Changes nothing.
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isRunFolder } from "../../artifacts/index.ts";
import { alignedColumns, type ConcordError, isConcordError } from "../../base/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { type ListedRun, listedRun } from "../../runs/index.ts";
import { inLanguage } from "../../translations/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";
import { bytes } from "../sizes.ts";

/** A folder of runs, which has to be there. @throws E_IO */
export async function runsFolder(given = "runs"): Promise<string> {
  await readdir(given).catch((cause: unknown) => {
    throw ioError(cause, "list runs", given);
  });
  return given;
}

/** What runs are sorted by: names ascending, best scores, newest and largest first. */
const orders = {
  name: () => 0,
  score: (a, b) => rising(goodness(b.run), goodness(a.run)),
  date: (a, b) => rising(b.run?.finished ?? "", a.run?.finished ?? ""),
  size: (a, b) => rising(b.run?.sizeBytes ?? -1, a.run?.sizeBytes ?? -1),
} satisfies Record<string, (a: Entry, b: Entry) => number>;
function rising<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}
type Order = keyof typeof orders;
const isOrder = (name: string): name is Order => Object.hasOwn(orders, name);

/** A folder and its run, or why it cannot be read. */
interface Entry {
  readonly folder: string;
  readonly run?: ListedRun;
  readonly fault?: ConcordError;
}

/** Of errors less is better; runs without a score come last. */
const goodness = (run: ListedRun | undefined): number => {
  if (!run?.score) return Number.NEGATIVE_INFINITY;
  return /^(mae|rmse)$/.test(run.score.name) ? -run.score.value : run.score.value;
};

/** @throws E_IO when there is no such folder; E_ARGUMENT for another order */
export async function runs(
  given: string | undefined,
  { sort = "name" }: { readonly sort?: string },
  context: CommandContext,
): Promise<void> {
  const { language, json, stdout } = context;
  if (!isOrder(sort))
    throw argumentError("--sort", {
      problem: "there is no such order",
      expected: Object.keys(orders).join(", "),
      got: sort,
    });
  const folder = await runsFolder(given);
  const names = (await readdir(folder)).filter((name) => isRunFolder(join(folder, name)));
  const entries = await Promise.all(names.map((name) => entryOf(folder, name)));
  entries.sort((a, b) => orders[sort](a, b) || rising(a.folder, b.folder));
  if (json) {
    for (const { folder: name, run, fault } of entries)
      writeResult(
        context,
        { kind: "run", path: resolve(folder, name), ...run, ...(fault && { fault: fault.toJSON() }) },
        () => "",
      );
    return;
  }
  if (entries.length === 0) return void stdout.write(`${say(language, "runs.none", { folder })}\n`);
  const lines = entries.map((entry) => lineOf(entry, language));
  stdout.write(`${alignedColumns([say(language, "runs.columns").split(","), ...lines]).join("\n")}\n`);
}

async function entryOf(folder: string, name: string): Promise<Entry> {
  try {
    return { folder: name, run: await listedRun(join(folder, name)) };
  } catch (fault) {
    if (!isConcordError(fault)) throw fault;
    return { folder: name, fault };
  }
}

function lineOf({ folder, run, fault }: Entry, language: CommandContext["language"]): string[] {
  if (!run) return [folder, inLanguage(language, `${fault?.code} ${fault?.facts.problem}`)];
  const { stages, score, baseline, finished, sizeBytes } = run;
  return [
    folder,
    run.task,
    `${stages.finished.length}/${stages.asked.length}`,
    score ? `${score.name} ${score.value.toFixed(3)}` : "–",
    baseline ? `${baseline.value.toFixed(3)} ${baseline.name}` : "–",
    finished?.slice(0, 16).replace("T", " ") ?? "–",
    bytes(sizeBytes),
  ];
}
