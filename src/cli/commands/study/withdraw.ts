// concord study withdraw: withdraw your consent.
import { defineCommand } from "../../command.ts";
import { enrolmentFolder } from "../texts.ts";

export const withdraw = defineCommand({
  name: "withdraw",
  about: { en: "withdraw your consent", zh: "撤回同意" },
  arguments: {
    "<folder>": enrolmentFolder,
    "<reason>": { en: "reason, sent to the other parties", zh: "理由，将告知其他各方" },
  },
  examples: ['concord study withdraw together "the ethics board has objected"'],
  run: async ({ folder, reason }, _options, context) =>
    (await import("../../actions/study-answer.ts")).withdraw(folder, reason, context),
});
