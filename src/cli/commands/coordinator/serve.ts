// concord coordinator serve: enrol participants and run the proposed study to its end.
import { defineCommand, numeric } from "../../command.ts";
import { coordinatorFolder } from "../texts.ts";

export const serve = defineCommand({
  name: "serve",
  about: {
    en: "enrol participants and run the proposed study to its end",
    zh: "接受参与方注册，并运行提案的研究直至结束",
  },
  arguments: { "<folder>": coordinatorFolder },
  options: {
    "--host <host>": { en: "network interface to listen on (default: all)", zh: "监听的网络接口（默认全部）" },
    "--phase-seconds <seconds>": numeric({
      en: "seconds that a phase waits for participants (default: 300)",
      zh: "每个阶段等待参与方的秒数（默认 300）",
    }),
    "--work-seconds <seconds>": numeric({
      en: "maximum seconds of training per round (default: 21600)",
      zh: "每轮次训练的最长秒数（默认 21600）",
    }),
    "--consent-seconds <seconds>": numeric({
      en: "seconds to wait for consent (default: 604800)",
      zh: "等待同意的秒数（默认 604800）",
    }),
  },
  examples: [
    "concord coordinator serve study",
    "concord coordinator serve study --host 10.0.0.5 --consent-seconds 86400",
  ],
  run: async ({ folder }, options, context) =>
    (await import("../../actions/coordinator.ts")).serve(folder, options, context),
});
