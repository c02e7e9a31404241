// concord policy: write release policies. Its commands, in the order of the help.
import type { CommandGroup } from "../../command.ts";
import { init } from "./init.ts";

export const policy: CommandGroup = {
  name: "policy",
  about: { en: "write a release policy", zh: "编写发布策略" },
  commands: [init],
};
