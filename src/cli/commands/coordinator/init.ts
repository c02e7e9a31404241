// concord coordinator init: make a coordinator with its own authority.
import { defineCommand } from "../../command.ts";
import { coordinatorFolder } from "../texts.ts";

export const init = defineCommand({
  name: "init",
  about: { en: "make a coordinator with its own authority", zh: "创建协调方及其自有证书机构" },
  arguments: { "<folder>": coordinatorFolder },
  options: {
    "--name <name>": { en: "who coordinates, as members see it", zh: "协调方名称，供成员查看" },
    "--key <file>": { en: "private key of concord keys", zh: "concord keys 生成的私钥" },
    "--address <host:port>": { en: "where members dial: host:port", zh: "成员连接的地址：主机:端口" },
  },
  examples: ["concord coordinator init study --name Hospital --key keys/hospital.key --address study.example:8443"],
  run: async ({ folder }, options, context) =>
    (await import("../../actions/coordinator.ts")).init(folder, options, context),
});
