// concord study start: make the model that a study starts from, of public texts only.
import { defineCommand } from "../../command.ts";
import { recipeFile, setKey } from "../texts.ts";

export const start = defineCommand({
  name: "start",
  about: { en: "make the model that a study starts from, of public texts only", zh: "仅用公开文本制作研究的初始模型" },
  arguments: { "<recipe>": recipeFile },
  options: {
    "--labels <file>": { en: "labels of the study, one a line", zh: "研究的标签，每行一个" },
    "--texts <file>": {
      en: "table of public texts (default: pretrain.file of the recipe)",
      zh: "公开文本表格（默认为配置中的 pretrain.file）",
    },
    "--out <folder>": { en: "where the model goes (default: start)", zh: "模型的输出位置（默认 start）" },
    "--set <key=value...>": setKey,
  },
  examples: ["concord study start recipe.yaml --labels labels.txt --out start"],
  run: async ({ recipe: path }, options, context) =>
    (await import("../../actions/study-start.ts")).start(path, options, context),
});
