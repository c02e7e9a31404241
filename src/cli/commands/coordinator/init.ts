// concord coordinator init: make a coordinator with its own authority.
import { defineCommand } from "../../command.ts";
import { coordinatorFolder } from "../texts.ts";

export const init = defineCommand({
  name: "init",
  about: { en: "create a coordinator and its certificate authority", zh: "创建协调方及其证书机构" },
  arguments: { "<folder>": coordinatorFolder },
  options: {
    "--name <name>": { en: "name of the coordinator, visible to participants", zh: "协调方名称，参与方可见" },
    "--key <file>": { en: "private key (from concord keys)", zh: "私钥（由 concord keys 生成）" },
    "--address <host:port>": { en: "address for participants: host:port", zh: "参与方连接的地址：主机:端口" },
  },
  examples: ["concord coordinator init study --name Hospital --key keys/hospital.key --address study.example:8443"],
  run: async ({ folder }, options, context) =>
    (await import("../../actions/coordinator.ts")).init(folder, options, context),
});
