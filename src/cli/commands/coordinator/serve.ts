// concord coordinator serve: take members in, and coordinate the proposal of the folder to its end.
import { defineCommand, numeric } from "../../command.ts";
import { coordinatorFolder } from "../texts.ts";

export const serve = defineCommand({
  name: "serve",
  about: {
    en: "take members in, and coordinate the proposal of the folder to its end",
    zh: "接受成员注册，并将文件夹中的提案协调至结束",
  },
  arguments: { "<folder>": coordinatorFolder },
  options: {
    "--host <host>": { en: "interface to listen on (default: all)", zh: "监听的网络接口（默认全部）" },
    "--phase-seconds <seconds>": numeric({
      en: "how long a phase waits for members (default 300)",
      zh: "每个阶段等待成员的秒数（默认 300）",
    }),
    "--work-seconds <seconds>": numeric({
      en: "how long members may train (default 21600)",
      zh: "成员训练的最长秒数（默认 21600）",
    }),
    "--consent-seconds <seconds>": numeric({
      en: "how long consents are waited for (default 604800)",
      zh: "等待同意的秒数（默认 604800）",
    }),
  },
  examples: ["concord coordinator serve study"],
  run: async ({ folder }, options, context) =>
    (await import("../../actions/coordinator.ts")).serve(folder, options, context),
});
