// concord runs: list the runs of a folder.
import { defineCommand } from "../command.ts";
import { folderOfRuns } from "./texts.ts";

export const runs = defineCommand({
  name: "runs",
  about: { en: "list the runs in a folder", zh: "列出一个文件夹中的运行" },
  arguments: { "[folder]": folderOfRuns },
  examples: ["concord runs", "concord runs archive"],
  run: async ({ folder }, _options, context) => (await import("../actions/runs.ts")).runs(folder, context),
});
