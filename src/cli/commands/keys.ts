// concord keys: make a signer's keys.
import { defineCommand } from "../command.ts";

export const keys = defineCommand({
  name: "keys",
  about: { en: "make a signer's keys", zh: "创建签名密钥" },
  arguments: {
    "<path>": {
      en: "where to write them, without an ending: keys/hospital",
      zh: "写入位置，不带扩展名：keys/hospital",
    },
  },
  options: {
    "--name <name>": { en: "who signs, as others see it", zh: "签名者名称，供他人查看" },
    "--expires <date>": { en: "last day of the key (default: none)", zh: "密钥的有效期（默认无）" },
  },
  examples: ["concord keys keys/hospital --name Hospital"],
  run: async ({ path }, options, context) => (await import("../actions/keys.ts")).keys(path, options, context),
});
