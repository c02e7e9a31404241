// concord policy init: write a commented policy from the values of a run.
import { defineCommand } from "../../command.ts";
import { runFolder } from "../texts.ts";

export const init = defineCommand({
  name: "init",
  about: { en: "write a commented policy from a run's values", zh: "根据运行的数值编写带注释的策略" },
  arguments: { "<run>": runFolder },
  options: {
    "--signer <role=file>": {
      en: "public file of a signer, by role (may be given several times)",
      zh: "签署方的公开文件，按角色给出（可多次给出）",
      value: "each",
    },
    "--out <file>": { en: "policy file (default: policy.yaml)", zh: "策略文件（默认 policy.yaml）" },
  },
  examples: [
    "concord policy init runs/disease --signer builder=keys/ministry.pub.json --signer auditor=keys/university.pub.json",
  ],
  run: async ({ run }, options, context) => (await import("../../actions/policy.ts")).initPolicy(run, options, context),
});
