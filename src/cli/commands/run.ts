// concord run: carry out a recipe; what has not changed is not repeated.
import { defineCommand } from "../command.ts";
import { noStore, recipeFile, setKey } from "./texts.ts";

export const run = defineCommand({
  name: "run",
  about: { en: "carry out a recipe; what has not changed is not repeated", zh: "执行配方；未改变的部分不会重复" },
  arguments: { "[recipe]": recipeFile },
  options: {
    "--set <key=value...>": setKey,
    "--out <folder>": { en: "run folder (default: runs/<name>)", zh: "运行文件夹（默认 runs/<名称>）" },
    "--until <stage>": {
      en: "stop after this stage (prepare, adapt, evaluate, …)",
      zh: "在此阶段之后停止（prepare、adapt、evaluate 等）",
    },
    "--no-store": noStore,
    "--dry-run": { en: "show what would run, and why", zh: "只显示将要运行的阶段及原因" },
  },
  examples: ["concord run recipe.yaml", "concord run recipe.yaml --set adapt.epochs=5 --until evaluate"],
  run: async ({ recipe }, options, context) => (await import("../actions/run.ts")).run(recipe, options, context),
});
