// concord deploy: files that run a release on another system.
import { defineCommand, numeric } from "../command.ts";
import { policyFile } from "./texts.ts";

export const deploy = defineCommand({
  name: "deploy",
  about: {
    en: "write files that serve a release with Docker, Compose, Kubernetes, systemd or Triton",
    zh: "写出用 Docker、Compose、Kubernetes、systemd 或 Triton 提供发布的文件",
  },
  arguments: { "<release>": { en: "release folder", zh: "发布文件夹" } },
  options: {
    "--to <target>": {
      en: "docker, compose (with HAProxy), kubernetes (with KServe), systemd or triton",
      zh: "docker、compose（含 HAProxy）、kubernetes（含 KServe）、systemd 或 triton",
    },
    "--out <folder>": { en: "output folder (default: deploy)", zh: "输出文件夹（默认 deploy）" },
    "--policy <file>": policyFile,
    "--unsigned": {
      en: "also deploy a model without a valid passport",
      zh: "也部署没有有效模型档案的模型",
    },
    "--name <service>": { en: "name of the service (default: the model's)", zh: "服务名称（默认取模型名称）" },
    "--port <number>": numeric({ en: "port (default: 8080)", zh: "端口（默认 8080）" }),
    "--replicas <count>": numeric({
      en: "processes that answer (default: 3 with compose and kubernetes)",
      zh: "提供回答的进程数（compose 和 kubernetes 默认 3）",
    }),
    "--threads <count>": numeric({ en: "threads of each process (default: 2)", zh: "每个进程的线程数（默认 2）" }),
  },
  examples: [
    "concord deploy runs/disease/release --to compose --policy policy.yaml --out deploy",
    "concord deploy runs/disease/release --to kubernetes --replicas 4",
  ],
  run: async ({ release }, options, context) =>
    (await import("../actions/deploy.ts")).deploy(release, options, context),
});
