// concord serve: serve models over HTTP.
import { defineCommand, numeric } from "../command.ts";
import { policyFile } from "./texts.ts";

export const serve = defineCommand({
  name: "serve",
  about: { en: "serve released models over HTTP", zh: "通过 HTTP 提供已发布的模型" },
  arguments: {
    "[model...]": {
      en: "release, run or model folder; NAME=FOLDER gives it a name",
      zh: "发布、运行或模型文件夹；可用 名称=文件夹 指定名称",
    },
  },
  options: {
    "--host <address>": {
      en: "address to listen on (default: 127.0.0.1, this machine only)",
      zh: "监听地址（默认 127.0.0.1，仅限本机）",
    },
    "--port <number>": numeric({
      en: "port (default: 8080; 0: a free one)",
      zh: "端口（默认 8080；0 表示任选空闲端口）",
    }),
    "--grpc-port <number>": numeric({
      en: "also serve the Open Inference Protocol over gRPC on this port (0: a free one)",
      zh: "同时在此端口通过 gRPC 提供 Open Inference Protocol（0 表示任选空闲端口）",
    }),
    "--policy <file>": policyFile,
    "--unsigned": {
      en: "also serve models without a valid passport",
      zh: "也提供没有有效模型档案的模型",
    },
    "--uncompressed": {
      en: "serve the model before compression",
      zh: "提供压缩前的模型",
    },
    "--watch <store>": {
      en: "watch the models: record answers in this SQLite file or postgres://… (dashboard: /monitor)",
      zh: "监测模型：将回答记录到此 SQLite 文件或 postgres://…（监测页面：/monitor）",
    },
    "--alert <rules>": {
      en: "alerts, with commas between: drift, gate, accuracy<0.8, gap>0.1, abstention>0.3 (default: drift,gate)",
      zh: "警报，以逗号分隔：drift、gate、accuracy<0.8、gap>0.1、abstention>0.3（默认 drift,gate）",
    },
    "--alert-url <address>": {
      en: "address that alerts are sent to, as JSON by POST",
      zh: "以 POST 方式接收 JSON 警报的地址",
    },
    "--capture": {
      en: "record the texts too, with e-mail addresses and numbers masked (default: no text is recorded)",
      zh: "同时记录文本，其中电子邮件地址和号码会被遮盖（默认不记录任何文本）",
    },
    "--config <file>": {
      en: "settings of the server (serve.yaml); options go before it",
      zh: "服务器设置（serve.yaml）；命令行选项优先",
    },
    "--keys <file>": {
      en: "API keys of clients (concord api-keys); without it nobody needs a key",
      zh: "客户端的 API 密钥（concord api-keys）；不给出则无需密钥",
    },
    "--tls-cert <file>": { en: "certificate for HTTPS, in PEM", zh: "HTTPS 证书（PEM）" },
    "--tls-key <file>": { en: "private key of the certificate, in PEM", zh: "证书的私钥（PEM）" },
    "--client-ca <file>": {
      en: "authority whose certificates clients need (mTLS), in PEM",
      zh: "客户端证书的签发机构（mTLS，PEM）",
    },
    "--log": {
      en: "write a JSON line per request to standard error, without its content",
      zh: "每个请求向标准错误写一行 JSON，不含内容",
    },
    "--replicas <count>": numeric({
      en: "processes that share the port and the models (default: 1)",
      zh: "共用端口和模型的进程数（默认 1）",
    }),
    "--threads <count>": numeric({ en: "threads per model (default: 2)", zh: "每个模型的线程数（默认 2）" }),
  },
  examples: [
    "concord serve runs/disease/release --policy policy.yaml",
    "concord serve runs/disease --unsigned --port 0",
    "concord serve --config serve.yaml --keys api-keys.json",
    "concord serve triage=runs/disease/release mail=runs/spam/release --policy policy.yaml",
  ],
  run: async ({ model: models }, options, context) =>
    (await import("../actions/serve.ts")).serve(models, options, context),
});
