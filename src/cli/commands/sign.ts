// concord sign: add a signature to a run's passport.
import { defineCommand } from "../command.ts";
import { signingKey, timestamp } from "./texts.ts";

export const sign = defineCommand({
  name: "sign",
  about: { en: "add a signature to a passport", zh: "为模型档案添加签名" },
  arguments: { "<passport>": { en: "passport.json", zh: "passport.json" } },
  options: {
    "--key <file...>": signingKey,
    "--page": { en: "read and sign on a page in a browser on this machine", zh: "在本机浏览器的页面中阅读并签署" },
    "--previous <folder>": {
      en: "with --page: an earlier release to compare with",
      zh: "与 --page 合用：用于比较的以前的发布",
    },
    "--timestamp <url>": timestamp,
    "--policy <file>": {
      en: "with --timestamp: policy file that says whose stamps count",
      zh: "与 --timestamp 合用：说明谁的时间戳有效的策略文件",
    },
  },
  examples: [
    "concord sign runs/disease/passport.json --key keys/clinic.key",
    "concord sign runs/disease/passport.json --key keys/clinic.key --page --previous runs/last/release",
    "concord sign passport.json --key keys/clinic.key --timestamp http://timestamp.example.org --policy policy.yaml",
    "concord sign passport.json --key keys/a.key keys/b.key",
  ],
  run: async ({ passport: path }, options, context) =>
    (await import("../actions/release.ts")).sign(path, options, context),
});
