// concord compress: make the model of a finished run smaller, and measure what that changed.
import { defineCommand, each, numeric } from "../command.ts";
import { runFolder } from "./texts.ts";

export const compress = defineCommand({
  name: "compress",
  about: {
    en: "compress the model of a finished run, and measure what changed",
    zh: "压缩已完成运行的模型，并测量其变化",
  },
  arguments: { "<run>": runFolder },
  options: {
    "--to <kind>": {
      en: "int8 (default: the recipe's steps, else int8), int8-weights, int4 or fp16",
      zh: "int8（默认用配方中的步骤，否则为 int8）、int8-weights、int4 或 fp16",
    },
    "--activations <kind>": {
      en: "int8: static (scales from validation rows, the fastest; default) or row",
      zh: "int8：static（由验证集得出的固定比例，最快；默认）或 row（逐行）",
    },
    "--calibration <kind>": {
      en: "int8, static: min-max (default), percentile or entropy",
      zh: "int8、static：min-max（默认）、percentile 或 entropy",
    },
    "--drop <loss>": numeric({
      en: "mixed precision: keep the most sensitive matrices in more bits until the loss of the main score is at most this, such as 0.002",
      zh: "混合精度：让最敏感的矩阵保留更多位数，直到主要得分的损失不超过此值，如 0.002",
    }),
    "--target <limits>": {
      en: "instead of --to: search for the fastest way within limits, such as size=0.3,latency=0.6,drop=0.01",
      zh: "代替 --to：在限值内搜索最快的方式，如 size=0.3,latency=0.6,drop=0.01",
    },
    "--tolerance <value=worsening>": each({
      en: "refuse a larger worsening, such as accuracy=0.01; repeatable",
      zh: "拒绝更大的变差，如 accuracy=0.01，可重复给出",
    }),
  },
  examples: [
    "concord compress runs/disease --to int8",
    "concord compress runs/disease --to int4 --drop 0.002",
    "concord compress runs/disease --target size=0.3,drop=0.01",
    "concord compress runs/disease --to int4 --tolerance accuracy=0.01 --tolerance gap.region=0.02",
  ],
  run: async ({ run }, options, context) => (await import("../actions/compress.ts")).compress(run, options, context),
});
