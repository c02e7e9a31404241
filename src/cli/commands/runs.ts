// concord runs: list the runs of a folder.
import { defineCommand } from "../command.ts";
import { folderOfRuns } from "./texts.ts";

export const runs = defineCommand({
  name: "runs",
  about: { en: "list the runs in a folder", zh: "列出一个文件夹中的运行" },
  arguments: { "[folder]": folderOfRuns },
  options: {
    "--sort <order>": {
      en: "name, score (best first), date (newest first) or size (largest first); default name",
      zh: "name（名称）、score（得分高者在前）、date（新者在前）或 size（大者在前）；默认 name",
    },
  },
  examples: ["concord runs", "concord runs archive --sort score"],
  run: async ({ folder }, options, context) => (await import("../actions/runs.ts")).runs(folder, options, context),
});
