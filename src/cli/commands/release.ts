// concord release: check a run against a policy, sign it and create the release folder.
import { defineCommand } from "../command.ts";
import { policyFile, runFolder, signingKey, timestamp } from "./texts.ts";

export const release = defineCommand({
  name: "release",
  about: {
    en: "check a run against a policy, sign it and create the release folder",
    zh: "按策略检查运行，签名并生成发布文件夹",
  },
  arguments: { "<run>": runFolder },
  options: {
    "--policy <file>": policyFile,
    "--key <file...>": signingKey,
    "--out <folder>": { en: "release folder (default: <run>/release)", zh: "发布文件夹（默认 <运行>/release）" },
    "--log <folder>": {
      en: "folder of the append-only log (default: releases, next to the run)",
      zh: "只追加日志所在文件夹（默认为运行旁的 releases）",
    },
    "--override <value...>": {
      en: "gate to override although it fails; repeatable",
      zh: "未通过但予以豁免的门槛，可重复给出",
    },
    "--reason <text>": { en: "reason for the override (signed and logged)", zh: "豁免理由（将被签名并记入日志）" },
    "--timestamp <url>": timestamp,
  },
  examples: [
    "concord release runs/disease --policy policy.yaml --key keys/hospital.key",
    'concord release runs/disease --policy policy.yaml --key keys/hospital.key --override fairness.sex.gap.accuracy --reason "reviewed by the board"',
  ],
  run: async ({ run: folder }, options, context) =>
    (await import("../actions/release.ts")).release(folder, options, context),
});
