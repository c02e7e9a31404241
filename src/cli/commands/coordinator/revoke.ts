// concord coordinator revoke: take a member's certificate back.
import { defineCommand } from "../../command.ts";
import { coordinatorFolder } from "../texts.ts";

export const revoke = defineCommand({
  name: "revoke",
  about: { en: "revoke the certificate of a participant", zh: "吊销参与方的证书" },
  arguments: {
    "<folder>": coordinatorFolder,
    "<name>": { en: "name of the participant", zh: "参与方名称" },
    "<reason>": { en: "reason (recorded)", zh: "理由（将被记录）" },
  },
  examples: ['concord coordinator revoke study clinic-b "its key was lost"'],
  run: async ({ folder, name, reason }, _options, context) =>
    (await import("../../actions/coordinator.ts")).revoke(folder, name, reason, context),
});
