// concord coordinator: coordinate a study of several organisations. Its commands, in the order of the help.
import type { CommandGroup } from "../../command.ts";
import { init } from "./init.ts";
import { invite } from "./invite.ts";
import { propose } from "./propose.ts";
import { revoke } from "./revoke.ts";
import { serve } from "./serve.ts";

export const coordinator: CommandGroup = {
  name: "coordinator",
  about: { en: "coordinate a study of several organisations", zh: "协调多机构联合研究" },
  commands: [init, invite, propose, serve, revoke],
};
