// concord bandit choose: which action a policy takes, with its probability, which is to be logged.
import { defineCommand } from "../../command.ts";

export const choose = defineCommand({
  name: "choose",
  about: { en: "choose an action by a policy", zh: "按策略选择动作" },
  arguments: { "<policy>": { en: "file of concord bandit learn", zh: "concord bandit learn 写出的文件" } },
  options: {
    "--with <column=value...>": { en: "what is known, by column", zh: "已知的内容，按列给出" },
    "--seed <number>": {
      en: "seed of the draw; give each decision its own (default: 0)",
      zh: "采样的种子，每个决策应不同（默认 0）",
      value: "number",
    },
  },
  examples: ["concord bandit choose policy.json --with age=41 region=north --seed 1"],
  run: async ({ policy }, options, context) =>
    (await import("../../actions/bandit.ts")).chooseAction(policy, options, context),
});
