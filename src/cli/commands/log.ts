// concord log: check an append-only log of releases.
import { defineCommand, numeric } from "../command.ts";

export const logCommand = defineCommand({
  name: "log",
  about: { en: "check an append-only log of releases", zh: "检查只追加的发布日志" },
  arguments: { "<folder>": { en: "folder of the log", zh: "日志所在文件夹" } },
  options: {
    "--prove <entry>": numeric({ en: "print the inclusion proof of this entry", zh: "输出某条记录的包含证明" }),
    "--from <file>": {
      en: "file with an older log head: check that the log extends it",
      zh: "含较早日志头的文件：检查日志是其延续",
    },
  },
  examples: ["concord log releases", "concord log releases --prove 3", "concord log releases --from head.json"],
  run: async ({ folder }, options, context) => (await import("../actions/release.ts")).log(folder, options, context),
});
