// concord enrol: enrol as a member with a one-time code.
import { defineCommand } from "../command.ts";

export const enrol = defineCommand({
  name: "enrol",
  about: { en: "enrol as a member with a one-time code", zh: "用一次性注册码注册为成员" },
  arguments: { "<code>": { en: "the code that the coordinator gave you", zh: "协调方提供的注册码" } },
  options: {
    "--key <file>": { en: "your private key of concord keys", zh: "您的私钥（concord keys 生成）" },
    "--out <folder>": { en: "folder to keep it in (default: together)", zh: "保存位置（默认 together）" },
  },
  examples: ["concord enrol CODE --key keys/clinic.key"],
  run: async ({ code }, options, context) => (await import("../actions/enrol.ts")).enrolCommand(code, options, context),
});
