// concord api-keys add: make a key for a client of a server.
import { defineCommand, each, numeric } from "../../command.ts";

export const add = defineCommand({
  name: "add",
  about: { en: "create a key and print it once", zh: "创建密钥，仅显示一次" },
  arguments: {
    "<file>": { en: "file of keys (created if missing)", zh: "密钥文件（不存在时创建）" },
    "<name>": { en: "name of the client", zh: "客户端名称" },
  },
  options: {
    "--role <role>": each({
      en: "what the key allows: predict, read, feedback or admin; repeatable (default: predict)",
      zh: "密钥允许的操作：predict、read、feedback 或 admin；可重复给出（默认 predict）",
    }),
    "--per-minute <count>": numeric({ en: "requests per minute (default: no limit)", zh: "每分钟请求数（默认不限）" }),
    "--days <count>": numeric({ en: "days until the key expires (default: never)", zh: "有效天数（默认不过期）" }),
  },
  examples: ["concord api-keys add api-keys.json clinic --role predict --role feedback --per-minute 600"],
  run: async ({ file, name }, options, context) =>
    (await import("../../actions/api-keys.ts")).add(file, name, options, context),
});
