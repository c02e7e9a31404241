// concord verify: verify a release: signatures, files, gates and log.
import { defineCommand } from "../command.ts";
import { policyFile, signingKey } from "./texts.ts";

export const verify = defineCommand({
  name: "verify",
  about: {
    en: "verify a release: signatures, files, gates and log",
    zh: "核实发布：签名、文件、发布门槛和日志",
  },
  arguments: { "<release>": { en: "release folder", zh: "发布文件夹" } },
  options: {
    "--policy <file>": policyFile,
    "--log <folder>": { en: "folder of the log that contains the release", zh: "应包含该发布的日志文件夹" },
    "--recompute <table...>": {
      en: "table (as data.file of the recipe) to recompute scores and audits; for a study: NAME=TABLE per participant",
      zh: "用于重新计算得分与审计的数据表（同配方的 data.file）；联合研究：每个参与方 名称=数据表",
    },
    "--key <file...>": signingKey,
  },
  examples: [
    "concord verify runs/disease/release --policy policy.yaml",
    "concord verify runs/disease/release --policy policy.yaml --recompute patients.csv",
  ],
  run: async ({ release: folder }, options, context) =>
    (await import("../actions/release.ts")).verify(folder, options, context),
});
