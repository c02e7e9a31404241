// concord enrol: enrol as a member with a one-time code.
import { defineCommand } from "../command.ts";

export const enrol = defineCommand({
  name: "enrol",
  about: { en: "enrol in a study with a one-time code", zh: "用一次性注册码注册为研究的参与方" },
  arguments: { "<code>": { en: "code from the coordinator", zh: "协调方提供的注册码" } },
  options: {
    "--key <file>": { en: "your private key (from concord keys)", zh: "您的私钥（由 concord keys 生成）" },
    "--out <folder>": { en: "enrolment folder (default: together)", zh: "保存位置（默认 together）" },
  },
  examples: ["concord enrol CODE --key keys/clinic.key", "concord enrol CODE --key keys/clinic.key --out study-2027"],
  run: async ({ code }, options, context) => (await import("../actions/enrol.ts")).enrolCommand(code, options, context),
});
