// concord api-keys: keys of the clients of a server. Its commands, in the order of the help.
import type { CommandGroup } from "../../command.ts";
import { add } from "./add.ts";
import { list } from "./list.ts";
import { remove } from "./remove.ts";

export const apiKeys: CommandGroup = {
  name: "api-keys",
  about: { en: "manage the API keys of a server", zh: "管理服务器的 API 密钥" },
  commands: [add, list, remove],
};
