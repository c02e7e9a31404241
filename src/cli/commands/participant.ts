// concord participant: take part in the study of an enrolment.
import { defineCommand, numeric } from "../command.ts";
import { enrolmentFolder, siteValues } from "./texts.ts";

export const participant = defineCommand({
  name: "participant",
  about: { en: "take part in the study of an enrolment", zh: "参加已注册的研究" },
  arguments: { "<folder>": enrolmentFolder },
  options: {
    "--table <file>": { en: "table of your own rows; it stays here", zh: "您自己的数据表；不会离开本机" },
    "--consent <digest>": { en: "agree to the proposal with this digest, and no other", zh: "仅同意具有此摘要的提案" },
    "--site-values": siteValues,
    "--threads <count>": numeric({ en: "threads for training", zh: "训练线程数" }),
  },
  examples: ["concord participant together --table rows.csv"],
  run: async ({ folder }, options, context) =>
    (await import("../actions/participant.ts")).participant(folder, options, context),
});
