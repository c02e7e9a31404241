// README.md of a deployment: how it is started, and what of it was tested.
import type { Deployment, DeployTarget } from "../../deployment/index.ts";
import { inWords, type Language, type Message } from "../../messages/index.ts";

const opening = {
  en: "# {name}\n\nFiles that concord {version} wrote to serve one release.",
  zh: "# {name}\n\n由 concord {version} 写出的文件，用于提供一个发布。",
} as const satisfies Message;

const verified = {
  en: "The server verifies the release under policy/policy.yaml before it answers.",
  zh: "服务器在回答之前按 policy/policy.yaml 核实该发布。",
} as const satisfies Message;
const unsigned = {
  en: "The release is served without a valid passport: its health page and its models say so.",
  zh: "该模型没有有效的模型档案：健康页面和模型信息会注明这一点。",
} as const satisfies Message;

const targets = {
  docker: {
    en: "Start:\n\n```sh\ndocker build -t {name} .\ndocker run --rm -p {port}:{port} {name}\n```\n\nNot tested: no image was built where these files were made.",
    zh: "启动：\n\n```sh\ndocker build -t {name} .\ndocker run --rm -p {port}:{port} {name}\n```\n\n未测试：生成这些文件的环境没有构建镜像。",
  },
  compose: {
    en: "Start:\n\n```sh\ndocker compose up --build\n```\n\nTested: HAProxy with this configuration and three server processes. Not tested: the containers themselves.",
    zh: "启动：\n\n```sh\ndocker compose up --build\n```\n\n已测试：采用此配置的 HAProxy 与三个服务器进程。未测试：容器本身。",
  },
  kubernetes: {
    en: "Push the image to your registry, write its name into the files, then:\n\n```sh\nkubectl apply -f deployment.yaml\n```\n\nWith KServe: `kubectl apply -f kserve.yaml` instead.\n\nChecked against the schemas of Kubernetes. Not tested on a cluster; kserve.yaml is not checked against KServe's own schema.",
    zh: "将镜像推送到您的镜像仓库，把其名称写入文件，然后：\n\n```sh\nkubectl apply -f deployment.yaml\n```\n\n使用 KServe 时改为 `kubectl apply -f kserve.yaml`。\n\n已按 Kubernetes 的模式检查。未在集群上测试；kserve.yaml 未按 KServe 自身的模式检查。",
  },
  systemd: {
    en: "Copy this folder to /opt/{name}, then:\n\n```sh\ncd /opt/{name} && npm install --omit=dev --ignore-scripts\ninstall -m 644 {name}.service /etc/systemd/system/\nsystemctl enable --now {name}\n```\n\nChecked with systemd-analyze verify. Not started as a unit.",
    zh: "将此文件夹复制到 /opt/{name}，然后：\n\n```sh\ncd /opt/{name} && npm install --omit=dev --ignore-scripts\ninstall -m 644 {name}.service /etc/systemd/system/\nsystemctl enable --now {name}\n```\n\n已用 systemd-analyze verify 检查。未作为单元启动过。",
  },
  triton: {
    en: "Start:\n\n```sh\ntritonserver --model-repository=$PWD\n```\n\nThe repository takes token ids: tokenise texts with the release's tokenizer.json before the request. A text step in Python is left out, because the product needs no Python. Decision rules and abstention of the release are not applied.\n\nNot tested: no Triton server ran where these files were made.",
    zh: "启动：\n\n```sh\ntritonserver --model-repository=$PWD\n```\n\n该模型库接收词元编号：请求前请用发布中的 tokenizer.json 切分文本。由于产品不需要 Python，未提供 Python 文本步骤。发布中的决策规则和拒绝判断不会生效。\n\n未测试：生成这些文件的环境没有运行 Triton 服务器。",
  },
} as const satisfies Record<DeployTarget, Message>;

/** @param language of the text */
export function deployReadme(to: DeployTarget, deployment: Deployment, language: Language): string {
  const { name, port, packageVersion: version } = deployment;
  const door = to === "triton" ? [] : [inWords(language, deployment.verified ? verified : unsigned)];
  const start = targets[to][language].replaceAll("{name}", name).replaceAll("{port}", String(port));
  return `${[inWords(language, opening, { name, version }), ...door, start].join("\n\n")}\n`;
}
