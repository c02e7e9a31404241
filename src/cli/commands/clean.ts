// concord clean: remove shared results and checkpoints that no run needs any more.
import { defineCommand } from "../command.ts";
import { folderOfRuns } from "./texts.ts";

export const clean = defineCommand({
  name: "clean",
  about: {
    en: "remove shared results and checkpoints that no run needs any more",
    zh: "删除已没有运行需要的共享结果和检查点",
  },
  arguments: { "[folder]": folderOfRuns },
  options: {
    "--dry-run": { en: "only show how much would be freed", zh: "只显示将释放多少空间" },
  },
  examples: ["concord clean --dry-run"],
  run: async ({ folder }, options, context) => (await import("../actions/clean.ts")).clean(folder, options, context),
});
