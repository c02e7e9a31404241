// concord api-keys list: the clients that have a key.
import { defineCommand } from "../../command.ts";

export const list = defineCommand({
  name: "list",
  about: { en: "list the keys by name", zh: "按名称列出密钥" },
  arguments: { "<file>": { en: "file of keys", zh: "密钥文件" } },
  examples: ["concord api-keys list api-keys.json"],
  run: async ({ file }, _, context) => (await import("../../actions/api-keys.ts")).list(file, context),
});
