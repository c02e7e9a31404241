// concord coordinator propose: propose a study to all members that are enrolled.
import { defineCommand } from "../../command.ts";
import { coordinatorFolder, recipeFile, setKey } from "../texts.ts";

export const propose = defineCommand({
  name: "propose",
  about: { en: "propose a study to all enrolled participants", zh: "向所有已注册的参与方提出研究提案" },
  arguments: { "<folder>": coordinatorFolder, "<recipe>": recipeFile },
  options: {
    "--start <model>": { en: "folder of the initial model", zh: "初始模型文件夹" },
    "--run <name>": { en: "unique name of the run (default: generated)", zh: "本次运行的唯一名称（默认自动生成）" },
    "--set <key=value...>": setKey,
  },
  examples: [
    "concord coordinator propose study recipe.yaml --start start",
    "concord coordinator propose study recipe.yaml --start start --set adapt.epochs=2",
  ],
  run: async ({ folder, recipe }, options, context) =>
    (await import("../../actions/coordinator.ts")).propose(folder, recipe, options, context),
});
