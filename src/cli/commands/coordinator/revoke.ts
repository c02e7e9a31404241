// concord coordinator revoke: take a member's certificate back.
import { defineCommand } from "../../command.ts";
import { coordinatorFolder } from "../texts.ts";

export const revoke = defineCommand({
  name: "revoke",
  about: { en: "take a member's certificate back", zh: "吊销成员证书" },
  arguments: {
    "<folder>": coordinatorFolder,
    "<name>": { en: "the member's name", zh: "成员名称" },
    "<reason>": { en: "why: the record shows it", zh: "理由：将被记录" },
  },
  examples: ['concord coordinator revoke study clinic-b "its key was lost"'],
  run: async ({ folder, name, reason }, _options, context) =>
    (await import("../../actions/coordinator.ts")).revoke(folder, name, reason, context),
});
