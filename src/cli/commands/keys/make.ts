// concord keys make, or concord keys alone: make a signer's keys.
import { defineCommand } from "../../command.ts";

export const make = defineCommand({
  name: "make",
  about: {
    en: "create a key pair for signing (make may be left out)",
    zh: "创建用于签名的密钥对（make 可省略）",
  },
  arguments: {
    "<path>": {
      en: "path of the key files without extension, such as keys/hospital",
      zh: "密钥文件路径，不带扩展名，如 keys/hospital",
    },
  },
  options: {
    "--name <name>": { en: "name of the signer, visible to others", zh: "签署方名称，他人可见" },
    "--expires <date>": { en: "expiry date of the key (default: none)", zh: "密钥的到期日（默认无）" },
  },
  examples: [
    "concord keys keys/hospital --name Hospital",
    "concord keys keys/clinic --name Clinic --expires 2030-12-31",
  ],
  run: async ({ path }, options, context) => (await import("../../actions/keys.ts")).keys(path, options, context),
});
