// concord models: pretrained models, on this machine and on a hub. Its commands, in the order of the help.
import type { CommandGroup } from "../../command.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";

export const models: CommandGroup = {
  name: "models",
  about: { en: "list and download pretrained models", zh: "列出并下载预训练模型" },
  commands: [list, get],
};
