// concord run: carry out a recipe; what has not changed is not repeated.
import { defineCommand } from "../command.ts";
import { chargeKey, chargeLog, noStore, recipeFile, setKey } from "./texts.ts";

export const run = defineCommand({
  name: "run",
  about: { en: "run a recipe; reuse unchanged stages", zh: "运行配方，复用未更改的阶段" },
  arguments: { "[recipe]": recipeFile },
  options: {
    "--set <key=value...>": setKey,
    "--out <folder>": { en: "run folder (default: runs/<name>)", zh: "运行文件夹（默认 runs/<名称>）" },
    "--until <stage>": {
      en: "last stage to run (prepare, adapt, evaluate, …)",
      zh: "运行到此阶段为止（prepare、adapt、evaluate 等）",
    },
    "--log <folder>": chargeLog,
    "--key <file>": chargeKey,
    "--no-store": noStore,
    "--dry-run": { en: "show which stages would run and why; run nothing", zh: "只显示将运行的阶段及原因，不运行" },
  },
  examples: [
    "concord run recipe.yaml",
    "concord run recipe.yaml --set adapt.epochs=3 adapt.learningRate=1e-3",
    "concord run private.yaml --log releases --key keys/hospital.key",
    "concord run recipe.yaml --dry-run",
  ],
  run: async ({ recipe }, options, context) => (await import("../actions/run.ts")).run(recipe, options, context),
});
