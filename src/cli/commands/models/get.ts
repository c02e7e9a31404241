// concord models get: download a model of a hub and check every file.
import { defineCommand } from "../../command.ts";

export const get = defineCommand({
  name: "get",
  about: {
    en: "download a model and check every file; an interrupted download continues",
    zh: "下载模型并校验每个文件；中断后可继续下载",
  },
  arguments: {
    "<name>": {
      en: "name that `models list` shows, hf:org/name, or the address of a model's page",
      zh: "models list 显示的名称、hf:机构/名称，或模型页面的网址",
    },
  },
  options: {
    "--to <folder>": {
      en: "folder for the model (default: models/<name>)",
      zh: "模型的存放文件夹（默认 models/<name>）",
    },
    "--revision <name>": { en: "branch, tag or commit (default: main)", zh: "分支、标签或提交（默认 main）" },
  },
  examples: [
    "concord models get all-MiniLM-L6-v2",
    "concord models get hf:google-bert/bert-base-chinese --to models/bert-zh",
  ],
  run: async ({ name }, options, context) => (await import("../../actions/models.ts")).getOne(name, options, context),
});
