// concord study review: show what a proposal computes on your rows, and what would leave.
import { defineCommand } from "../../command.ts";

export const review = defineCommand({
  name: "review",
  about: {
    en: "show what a proposal computes on your rows, and what would leave",
    zh: "显示提案将在您的数据上计算什么、有什么会离开",
  },
  arguments: {
    "<proposal>": {
      en: "proposal, as JSON (or the coordinator's signed message with it)",
      zh: "提案 JSON 文件（或协调方签名的提案消息）",
    },
  },
  examples: ["concord study review proposal.json"],
  run: async ({ proposal: path }, _options, context) => (await import("../../actions/study.ts")).review(path, context),
});
