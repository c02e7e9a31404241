// concord export: hand a finished run to another tool.
import { defineCommand } from "../command.ts";
import { runFolder } from "./texts.ts";

export const exportCommand = defineCommand({
  name: "export",
  about: {
    en: "export a run: ONNX, a folder for web pages, TensorBoard or MLflow",
    zh: "导出运行：ONNX、网页用文件夹、TensorBoard 或 MLflow",
  },
  arguments: { "<run>": runFolder },
  options: {
    "--to <target>": {
      en: "web, web-int8 (a public folder for pages), onnx, onnx-int8 (for transformers.js), tensorboard or mlflow",
      zh: "web、web-int8（网页用的公开文件夹）、onnx、onnx-int8（供 transformers.js 使用）、tensorboard 或 mlflow",
    },
    "--out <folder>": {
      en: "output folder (default: web, exported or tensorboard in the run folder)",
      zh: "输出文件夹（默认为运行文件夹中的 web、exported 或 tensorboard）",
    },
    "--uri <address>": {
      en: "address of the MLflow server (default: MLFLOW_TRACKING_URI; passwords only from the environment)",
      zh: "MLflow 服务器地址（默认取 MLFLOW_TRACKING_URI）；密码只从环境变量读取",
    },
    "--experiment <name>": {
      en: "MLflow experiment, created if missing (default: name of the run)",
      zh: "MLflow 服务器上的实验，不存在则新建（默认取运行名称）",
    },
  },
  examples: [
    "concord export runs/disease --to web --out site/public/model",
    "concord export runs/disease --to onnx",
    "concord export runs/disease --to mlflow --uri http://127.0.0.1:5000",
  ],
  run: async ({ run: folder }, options, context) =>
    (await import("../actions/export.ts")).exportCommand(folder, options, context),
});
