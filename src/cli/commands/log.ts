// concord log: check an append-only log of releases.
import { defineCommand, numeric } from "../command.ts";
import { policyFile } from "./texts.ts";

export const logCommand = defineCommand({
  name: "log",
  about: { en: "check an append-only log of releases", zh: "检查只追加的发布日志" },
  arguments: { "<folder>": { en: "folder of the log", zh: "日志所在文件夹" } },
  options: {
    "--policy <file>": policyFile,
    "--prove <entry>": numeric({ en: "print the inclusion proof of this entry", zh: "输出某条记录的包含证明" }),
    "--carry <release>": {
      en: "have this release carry the heads of witnesses along, so that verify reads them without the log",
      zh: "让该发布附带各见证方的日志头，使 verify 无需日志即可读取",
    },
    "--from <file>": {
      en: "file with an older log head: check that the log extends it",
      zh: "含较早日志头的文件：检查日志是其延续",
    },
    "--witness": {
      en: "counter-sign the log as it is, with --key and this machine's clock",
      zh: "以 --key 和本机时钟会签当前日志",
    },
    "--key <file>": { en: "with --witness: the witness's private key file", zh: "与 --witness 合用：见证方的私钥文件" },
  },
  examples: [
    "concord log releases --policy policy.yaml",
    "concord log releases --policy policy.yaml --prove 3",
    "concord log releases --policy policy.yaml --from head.json",
    "concord log releases --policy policy.yaml --carry runs/disease/release",
    "concord log releases --policy policy.yaml --witness --key keys/archive.key",
  ],
  run: async ({ folder }, options, context) => (await import("../actions/release.ts")).log(folder, options, context),
});
