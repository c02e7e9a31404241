// concord runs: the runs of a folder, one a line. Changes nothing.
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isRunFolder } from "../../artifacts/index.ts";
import { alignedColumns, isConcordError } from "../../base/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { listedRun } from "../../runs/index.ts";
import { inLanguage } from "../../translations/index.ts";
import { type CommandContext, writeResult } from "../context.ts";
import { bytes } from "../sizes.ts";

/** A folder of runs, which has to be there. @throws E_IO */
export async function runsFolder(given = "runs"): Promise<string> {
  await readdir(given).catch((cause: unknown) => {
    throw ioError(cause, "list runs", given);
  });
  return given;
}

/** @throws E_IO when there is no such folder */
export async function runs(given: string | undefined, context: CommandContext): Promise<void> {
  const { language, json, stdout } = context;
  const folder = await runsFolder(given);
  const names = (await readdir(folder)).filter((name) => isRunFolder(join(folder, name))).sort();
  const lines: string[][] = [say(language, "runs.columns").split(",")];
  for (const name of names) {
    const path = join(folder, name);
    try {
      const run = await listedRun(path);
      if (json) writeResult(context, { kind: "run", path: resolve(path), ...run }, () => "");
      const { stages, score, finished, sizeBytes } = run;
      lines.push([
        name,
        run.task,
        `${stages.finished.length}/${stages.asked.length}`,
        score ? `${score.name} ${score.value.toFixed(3)}` : "–",
        finished?.slice(0, 16).replace("T", " ") ?? "–",
        bytes(sizeBytes),
      ]);
    } catch (fault) {
      if (!isConcordError(fault)) throw fault;
      if (json) writeResult(context, { kind: "run", path: resolve(path), fault: fault.toJSON() }, () => "");
      lines.push([name, inLanguage(language, `${fault.code} ${fault.facts.problem}`)]);
    }
  }
  if (json) return;
  if (names.length === 0) return void stdout.write(`${say(language, "runs.none", { folder })}\n`);
  stdout.write(`${alignedColumns(lines).join("\n")}\n`);
}
