// concord participant: take part in the study of an enrolment.
import { defineCommand, numeric } from "../command.ts";
import { enrolmentFolder, siteValues } from "./texts.ts";

export const participant = defineCommand({
  name: "participant",
  about: { en: "participate in a study", zh: "作为参与方参加研究" },
  arguments: { "<folder>": enrolmentFolder },
  options: {
    "--table <file>": { en: "table with your own rows; it stays on this machine", zh: "您自己的数据表，不会离开本机" },
    "--consent <digest>": { en: "consent only to the proposal with this digest", zh: "仅同意具有此摘要的提案" },
    "--site-values": siteValues,
    "--policy <file>": {
      en: "your own rules for every round, in a YAML file: version: 1 and minimumSurvivors",
      zh: "您对每一轮的要求（YAML 文件）：version: 1 与 minimumSurvivors（最少在线参与方）",
    },
    "--threads <count>": numeric({ en: "number of training threads", zh: "训练线程数" }),
  },
  examples: [
    "concord participant together --table rows.csv",
    "concord participant together --table rows.csv --consent 5f0c… --site-values",
  ],
  run: async ({ folder }, options, context) =>
    (await import("../actions/participant.ts")).participant(folder, options, context),
});
