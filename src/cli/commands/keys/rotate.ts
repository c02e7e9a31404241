// concord keys rotate: state in the log that a key is replaced by another.
import { defineCommand } from "../../command.ts";
import { logFolder, policyFile } from "../texts.ts";

export const rotate = defineCommand({
  name: "rotate",
  about: {
    en: "state in the log that a key is replaced by a new one; both sign",
    zh: "在日志中声明密钥由新密钥接替；两把密钥都签名",
  },
  options: {
    "--key <file>": { en: "private key file of the old key", zh: "旧密钥的私钥文件" },
    "--to <file>": {
      en: "private key file of the new key, its public file beside it",
      zh: "新密钥的私钥文件，公开文件在其旁边",
    },
    "--log <folder>": logFolder,
    "--policy <file>": policyFile,
  },
  examples: ["concord keys rotate --key keys/clinic.key --to keys/clinic-2027.key --log releases --policy policy.yaml"],
  run: async (_, options, context) => (await import("../../actions/keys.ts")).rotate(options, context),
});
