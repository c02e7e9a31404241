// concord study start: the model that a study starts from, made from public texts and a list of labels.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ioError } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { readRecipe } from "../../recipe/index.ts";
import { makeStartModel } from "../../studies/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { type Progress, progress } from "../progress.ts";

export interface StudyStartOptions {
  readonly labels?: string;
  readonly texts?: string;
  readonly out?: string;
  readonly set?: readonly string[];
}

/** @throws E_ARGUMENT without labels; what `makeStartModel` throws */
export async function start(file: string, options: StudyStartOptions, context: CommandContext): Promise<void> {
  const { labels: path, texts, out: folder = "start", set } = options;
  if (!path)
    throw argumentError("--labels", {
      problem: "say which labels the study has",
      expected: "--labels labels.txt, a label a line",
      got: path,
    });
  const [recipe, list] = await Promise.all([readText(file, "read recipe"), readText(path, "read labels")]);
  const labels = list
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  const { language, stderr, json, quiet } = context;
  let bar: Progress | undefined;
  await untilInterrupted(context, (signal) =>
    makeStartModel({
      recipe: readRecipe(recipe, file, set),
      home: dirname(resolve(file)),
      texts,
      labels,
      folder,
      signal,
      onProgress: ({ done, total, loss }) => {
        if (json || quiet) return;
        bar ??= progress({ total, label: "pretrain", stream: stderr, language });
        bar.update(done, `loss ${loss.toFixed(3)}`);
      },
    }),
  );
  bar?.end();
  writeResult(context, { folder, labels: labels.length }, () =>
    say(language, "study.start", { folder, labels: labels.length }),
  );
}

const readText = (path: string, operation: string) =>
  readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, operation, path);
  });
