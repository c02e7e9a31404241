// concord release: check a finished run against a policy, sign it and make the release folder.
import { defineCommand } from "../command.ts";
import { policyFile, runFolder, signingKey } from "./texts.ts";

export const release = defineCommand({
  name: "release",
  about: {
    en: "check a finished run against a policy, sign it and make the release folder",
    zh: "按策略检查已完成的运行，签名并生成发布文件夹",
  },
  arguments: { "<run>": runFolder },
  options: {
    "--policy <file>": policyFile,
    "--key <file...>": signingKey,
    "--out <folder>": { en: "release folder (default: <run>/release)", zh: "发布文件夹（默认 <运行>/release）" },
    "--log <folder>": {
      en: "folder of the append-only log (default: releases beside the run)",
      zh: "只追加日志所在文件夹（默认为运行旁的 releases）",
    },
    "--override <value...>": {
      en: "value whose failing gate is let pass (may be given several times)",
      zh: "虽未通过仍予放行的数值（可多次给出）",
    },
    "--reason <text>": { en: "why: signed and logged", zh: "理由：将被签名并记入日志" },
  },
  examples: ["concord release runs/disease --policy policy.yaml --key keys/hospital.key"],
  run: async ({ run: folder }, options, context) =>
    (await import("../actions/release.ts")).release(folder, options, context),
});
