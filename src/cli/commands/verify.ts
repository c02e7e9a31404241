// concord verify: check a release: signers, files, gates, log; name the first thing that differs.
import { defineCommand } from "../command.ts";
import { policyFile, signingKey } from "./texts.ts";

export const verify = defineCommand({
  name: "verify",
  about: {
    en: "check a release: signers, files, gates, log; name the first thing that differs",
    zh: "核实发布：签名者、文件、关卡、日志，并指出首个不一致之处",
  },
  arguments: { "<release>": { en: "release folder", zh: "发布文件夹" } },
  options: {
    "--policy <file>": policyFile,
    "--log <folder>": { en: "folder of the log that it should be in", zh: "应包含该发布的日志文件夹" },
    "--recompute <table...>": {
      en: "table (as the recipe's data.file) to recompute scores and audits on; of a study NAME=TABLE for one or more members",
      zh: "用于重新计算得分与审计的数据表（同配方的 data.file）；联合研究则为一个或多个成员的 名称=数据表",
    },
    "--key <file...>": signingKey,
  },
  examples: ["concord verify runs/disease/release --policy policy.yaml"],
  run: async ({ release: folder }, options, context) =>
    (await import("../actions/release.ts")).verify(folder, options, context),
});
