// concord adapters: what is trained beside a base model. Its commands, in the order of the help.
import type { CommandGroup } from "../../command.ts";
import { merge } from "./merge.ts";

export const adapters: CommandGroup = {
  name: "adapters",
  about: { en: "merge adapters into their base model", zh: "把适配器合并到基础模型" },
  commands: [merge],
};
