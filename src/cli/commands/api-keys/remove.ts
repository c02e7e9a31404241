// concord api-keys remove: take a client's key away.
import { defineCommand } from "../../command.ts";

export const remove = defineCommand({
  name: "remove",
  about: { en: "remove a key", zh: "删除密钥" },
  arguments: {
    "<file>": { en: "file of keys", zh: "密钥文件" },
    "<name>": { en: "name of the client", zh: "客户端名称" },
  },
  examples: ["concord api-keys remove api-keys.json clinic"],
  run: async ({ file, name }, _, context) => (await import("../../actions/api-keys.ts")).remove(file, name, context),
});
