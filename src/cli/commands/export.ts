// concord export: hand a finished run to another tool.
import { defineCommand } from "../command.ts";
import { runFolder } from "./texts.ts";

export const exportCommand = defineCommand({
  name: "export",
  about: { en: "hand a finished run to another tool", zh: "把完成的运行交给其他工具" },
  arguments: { "<run>": runFolder },
  options: {
    "--to <target>": {
      en: "onnx, onnx-int8 (for transformers.js), tensorboard or mlflow",
      zh: "onnx、onnx-int8（供 transformers.js 使用）、tensorboard 或 mlflow",
    },
    "--out <folder>": {
      en: "folder to write to (default: exported or tensorboard in the run)",
      zh: "写入的文件夹（默认为运行文件夹中的 exported 或 tensorboard）",
    },
    "--uri <address>": {
      en: "address of the MLflow server (default: MLFLOW_TRACKING_URI); passwords come from the environment only",
      zh: "MLflow 服务器地址（默认取 MLFLOW_TRACKING_URI）；密码只从环境变量读取",
    },
    "--experiment <name>": {
      en: "experiment on the MLflow server, made if absent (default: the run's name)",
      zh: "MLflow 服务器上的实验，不存在则新建（默认取运行名称）",
    },
  },
  examples: [
    "concord export runs/disease --to onnx",
    "concord export runs/disease --to mlflow --uri http://127.0.0.1:5000",
  ],
  run: async ({ run: folder }, options, context) =>
    (await import("../actions/export.ts")).exportCommand(folder, options, context),
});
