// concord bandit: policies that choose by context, learned from logged decisions. Its commands, in the order of the help.
import type { CommandGroup } from "../../command.ts";
import { choose } from "./choose.ts";
import { learn } from "./learn.ts";

export const bandit: CommandGroup = {
  name: "bandit",
  about: { en: "learn which action to choose from logged decisions", zh: "从决策日志学习应选择的动作" },
  commands: [learn, choose],
};
