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
    "--training <keys>": {
      en: "with --to: train with rounded weights, such as epochs=2",
      zh: "与 --to 一起：用舍入后的权重训练，如 epochs=2",
    },
    "--prune <keys>": {
      en: "cut heads and inner units, such as heads=0.5,width=0.5,recovery.epochs=3 or method=movement,width=0.5",
      zh: "剪去注意力头和内部单元，如 heads=0.5,width=0.5,recovery.epochs=3 或 method=movement,width=0.5",
    },
    "--trim": {
      en: "drop tokens that training rows do not use",
      zh: "去掉训练数据未用到的词元",
    },
    "--distil <keys>": {
      en: "fewer layers learn from the whole model, such as layers=3,epochs=3",
      zh: "用较少的层向完整模型学习，如 layers=3,epochs=3",
    },
    "--factorise <keys>": {
      en: "matrices become two factors, such as keeps=0.95,recovery.epochs=3",
      zh: "把矩阵分解为两个因子，如 keeps=0.95,recovery.epochs=3",
    },
    "--target <limits>": {
      en: "instead of --to: search for the fastest way within limits, such as size=0.3,latency=0.6,drop=0.01",
      zh: "代替 --to：在限值内搜索最快的方式，如 size=0.3,latency=0.6,drop=0.01",
    },
    "--minutes <minutes>": numeric({
      en: "with --target: minutes for models that are trained for the search (default 10; 0: nothing is trained)",
      zh: "与 --target 一起：为搜索训练模型的分钟数（默认 10；0 表示不训练）",
    }),
    "--tolerance <value=worsening>": each({
      en: "refuse a larger worsening, such as accuracy=0.01; repeatable",
      zh: "拒绝更大的变差，如 accuracy=0.01，可重复给出",
    }),
  },
  examples: [
    "concord compress runs/disease --to int8",
    "concord compress runs/disease --to int4 --drop 0.002",
    "concord compress runs/disease --prune heads=0.5,width=0.5,recovery --to int8",
    "concord compress runs/disease --distil layers=3,epochs=3",
    "concord compress runs/disease --target size=0.3,drop=0.01",
    "concord compress runs/disease --to int4 --tolerance accuracy=0.01 --tolerance gap.region=0.02",
  ],
  run: async ({ run }, options, context) => (await import("../actions/compress.ts")).compress(run, options, context),
});
