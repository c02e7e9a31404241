// concord models list: show the models on this machine, and public ones that fit.
import { defineCommand } from "../../command.ts";

export const list = defineCommand({
  name: "list",
  about: {
    en: "show the models on this machine, and public models that fit",
    zh: "显示本机已有的模型和适用的公开模型",
  },
  arguments: {
    "[folder]": { en: "folder with model folders (default: models)", zh: "存放模型文件夹的位置（默认 models）" },
  },
  examples: ["concord models list", "concord models list ../models"],
  run: async ({ folder }, _options, context) => (await import("../../actions/models.ts")).listModels(folder, context),
});
