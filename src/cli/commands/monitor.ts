// concord monitor: what watching a served model found.
import { defineCommand, numeric } from "../command.ts";

export const monitor = defineCommand({
  name: "monitor",
  about: {
    en: "show drift, live scores and alerts of served models",
    zh: "显示已提供模型的漂移、实时得分和警报",
  },
  arguments: {
    "<store>": {
      en: "what concord serve --watch writes: a SQLite file, or postgres://…",
      zh: "concord serve --watch 写入的存储：SQLite 文件或 postgres://…",
    },
  },
  options: {
    "--last <count>": numeric({
      en: "number of latest answers of each model to read (default: 10000)",
      zh: "每个模型读取的最近回答数（默认 10000）",
    }),
    "--window <count>": numeric({
      en: "answers of one window of the timeline (default: 200)",
      zh: "时间线上每个窗口的回答数（默认 200）",
    }),
    "--out <file>": {
      en: "write the dashboard (.html), or the recorded answers (.jsonl)",
      zh: "写出监测页面（.html），或所记录的回答（.jsonl）",
    },
    "--verify": {
      en: "check that no recorded answer was changed or removed",
      zh: "检查所记录的回答是否被更改或删除",
    },
    "--forget <days>": numeric({
      en: "delete recorded answers older than this many days",
      zh: "删除早于此天数的回答记录",
    }),
  },
  examples: [
    "concord monitor watch.sqlite",
    "concord monitor watch.sqlite --out monitor.html",
    "concord monitor postgres://concord@db/watch --verify",
  ],
  run: async ({ store }, options, context) => (await import("../actions/monitor.ts")).monitor(store, options, context),
});
