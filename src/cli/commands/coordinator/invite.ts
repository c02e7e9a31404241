// concord coordinator invite: print a one-time code for a member.
import { defineCommand, numeric } from "../../command.ts";
import { coordinatorFolder } from "../texts.ts";

export const invite = defineCommand({
  name: "invite",
  about: { en: "print a one-time code for a participant", zh: "为参与方输出一次性注册码" },
  arguments: { "<folder>": coordinatorFolder, "<name>": { en: "name of the participant", zh: "参与方名称" } },
  options: {
    "--hours <count>": numeric({
      en: "validity of the code in hours (default: 72)",
      zh: "注册码有效小时数（默认 72）",
    }),
  },
  examples: ["concord coordinator invite study clinic-b", "concord coordinator invite study clinic-b --hours 24"],
  run: async ({ folder, name }, options, context) =>
    (await import("../../actions/coordinator.ts")).invite(folder, name, options, context),
});
