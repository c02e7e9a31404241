// concord clean: delete stored results and checkpoints that no run needs.
import { defineCommand } from "../command.ts";
import { folderOfRuns } from "./texts.ts";

export const clean = defineCommand({
  name: "clean",
  about: {
    en: "delete stored results and checkpoints that no run needs",
    zh: "删除不再有运行使用的已存结果和检查点",
  },
  arguments: { "[folder]": folderOfRuns },
  options: {
    "--dry-run": { en: "show what would be freed; delete nothing", zh: "只显示将释放多少空间，不删除" },
  },
  examples: ["concord clean --dry-run", "concord clean runs"],
  run: async ({ folder }, options, context) => (await import("../actions/clean.ts")).clean(folder, options, context),
});
