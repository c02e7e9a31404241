// concord study consent: agree to a proposal.
import { defineCommand } from "../../command.ts";
import { enrolmentFolder, siteValues } from "../texts.ts";

export const consent = defineCommand({
  name: "consent",
  about: { en: "consent to a proposal", zh: "同意提案" },
  arguments: {
    "<folder>": enrolmentFolder,
    "<digest>": { en: "digest shown by concord study review", zh: "concord study review 显示的摘要" },
  },
  options: {
    "--site-values": siteValues,
  },
  examples: ["concord study consent together 5f0c…", "concord study consent together 5f0c… --site-values"],
  run: async ({ folder, digest }, options, context) =>
    (await import("../../actions/study-answer.ts")).consent(folder, digest, options, context),
});
