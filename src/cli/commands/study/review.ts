// concord study review: show what a proposal computes on your rows and what leaves your machine.
import { defineCommand } from "../../command.ts";

export const review = defineCommand({
  name: "review",
  about: {
    en: "show what a proposal computes on your rows and what leaves your machine",
    zh: "显示提案在您的数据上计算什么、哪些内容会离开您的机器",
  },
  arguments: {
    "<proposal>": {
      en: "proposal as JSON, or the signed message of the coordinator",
      zh: "提案 JSON 文件，或协调方签名的消息",
    },
  },
  examples: ["concord study review proposal.json"],
  run: async ({ proposal: path }, _options, context) => (await import("../../actions/study.ts")).review(path, context),
});
