// concord adapters merge: one adapter into its base, or several by their weights.
import { defineCommand, each, numeric } from "../../command.ts";
import { runOrModel } from "../texts.ts";

export const merge = defineCommand({
  name: "merge",
  about: {
    en: "merge adapters into their base: a model folder that opens everywhere, or one adapter",
    zh: "把适配器合并到基础模型：得到到处都能打开的模型文件夹，或一个适配器",
  },
  arguments: {
    "<base>": runOrModel,
    "<adapter...>": {
      en: "run folders of adapters, or folders in the layout of PEFT",
      zh: "适配器的运行文件夹，或 PEFT 格式的文件夹",
    },
  },
  options: {
    "--to <folder>": { en: "new folder for the result", zh: "存放结果的新文件夹" },
    "--weight <number>": each({
      en: "factor on what an adapter adds, in their order; repeatable (default: equal shares)",
      zh: "适配器所加内容的系数，按顺序，可重复给出（默认等份）",
    }),
    "--by <way>": {
      en: "how several become one: cat (exact; default), svd, linear, ties, dare_linear, dare_ties or magnitude_prune",
      zh: "多个适配器的合并方式：cat（精确，默认）、svd、linear、ties、dare_linear、dare_ties 或 magnitude_prune",
    },
    "--density <share>": numeric({
      en: "ties, dare_linear, dare_ties, magnitude_prune: share of entries that is kept (default 0.5)",
      zh: "ties、dare_linear、dare_ties、magnitude_prune：保留的元素比例（默认 0.5）",
    }),
    "--rank <number>": numeric({
      en: "svd: rank of the result (default: the largest of the adapters)",
      zh: "svd：结果的秩（默认取各适配器中最大的）",
    }),
    "--seed <number>": numeric({
      en: "dare_linear, dare_ties: seed of what is dropped (default 0)",
      zh: "dare_linear、dare_ties：丢弃元素所用的随机种子（默认 0）",
    }),
    "--head <adapter>": {
      en: "whose head is kept, where several adapters have one",
      zh: "多个适配器都有任务头时，保留哪一个的",
    },
    "--as <form>": {
      en: "model (default) or adapter, in the layout of PEFT",
      zh: "model（默认）或 adapter（PEFT 格式）",
    },
  },
  examples: [
    "concord adapters merge models/base runs/clinic-a --to models/clinic-a",
    "concord adapters merge models/base runs/a runs/b --weight 0.7 --weight 0.3 --head runs/a --to models/both",
    "concord adapters merge models/base adapters/a adapters/b --by ties --density 0.4 --as adapter --to adapters/both",
  ],
  run: async ({ base, adapter }, options, context) =>
    (await import("../../actions/adapters.ts")).mergeCommand(base, adapter, options, context),
});
