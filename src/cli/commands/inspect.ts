// concord inspect: show what a run, a model, a release or a table holds.
import { defineCommand } from "../command.ts";
import { sheet } from "./texts.ts";

export const inspect = defineCommand({
  name: "inspect",
  about: { en: "describe a run, model, release or table", zh: "显示运行、模型、发布或数据表的内容" },
  arguments: {
    "<path>": {
      en: "run, model or release folder, passport.json or table",
      zh: "运行、模型或发布文件夹，passport.json 或数据表",
    },
  },
  options: { "--sheet <name>": sheet },
  examples: ["concord inspect runs/disease", "concord inspect messages.csv", "concord inspect models/bert-base"],
  run: async ({ path }, options, context) => (await import("../actions/inspect.ts")).inspect(path, options, context),
});
