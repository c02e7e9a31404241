// concord study start: make the model that a study starts from, of public texts only.
import { defineCommand } from "../../command.ts";
import { recipeFile, setKey } from "../texts.ts";

export const start = defineCommand({
  name: "start",
  about: { en: "create the initial model of a study from public texts", zh: "用公开文本创建研究的初始模型" },
  arguments: { "<recipe>": recipeFile },
  options: {
    "--labels <file>": { en: "file with the labels of the study, one per line", zh: "研究的标签，每行一个" },
    "--texts <file>": {
      en: "table of public texts (default: pretrain.file of the recipe)",
      zh: "公开文本的数据表（默认为配方的 pretrain.file）",
    },
    "--out <folder>": { en: "output folder (default: start)", zh: "输出文件夹（默认 start）" },
    "--set <key=value...>": setKey,
  },
  examples: [
    "concord study start recipe.yaml --labels labels.txt --out start",
    "concord study start recipe.yaml --labels labels.txt --texts public.csv",
  ],
  run: async ({ recipe: path }, options, context) =>
    (await import("../../actions/study-start.ts")).start(path, options, context),
});
