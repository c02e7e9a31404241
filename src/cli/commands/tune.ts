// concord tune: search for settings on validation rows, then run the best as an ordinary run.
import { defineCommand, numeric } from "../command.ts";
import { recipeFile, setKey } from "./texts.ts";

export const tune = defineCommand({
  name: "tune",
  about: { en: "search for good settings, then run the best", zh: "搜索好的设置，然后运行最好的一组" },
  arguments: { "[recipe]": recipeFile },
  options: {
    "--set <key=value...>": setKey,
    "--out <folder>": { en: "folder of the study (default: studies/<name>)", zh: "研究文件夹（默认 studies/<名称>）" },
    "--trials <n>": numeric({
      en: "number of settings to try (default: the recipe's search.trials, else 20)",
      zh: "试验多少组设置（默认用配方的 search.trials，否则为 20）",
    }),
    "--for <time>": {
      en: "start no trial after this time, such as 30m or 2h (default: the recipe's search.minutes)",
      zh: "超过此时间后不再开始新试验，如 30m 或 2h（默认用配方的 search.minutes）",
    },
    "--parallel <n>": numeric({
      en: "trials at the same time, as far as memory allows (default: the recipe's search.parallel, else 1)",
      zh: "同时进行的试验数，以内存允许为限（默认用配方的 search.parallel，否则为 1）",
    }),
    "--database <url>": {
      en: "PostgreSQL that holds the trials, so that other machines can work on them (default: a file in the folder)",
      zh: "存放试验的 PostgreSQL，其他机器可共同进行（默认为文件夹中的文件）",
    },
    "--worker": {
      en: "with --database: only work on trials; another process runs the winner",
      zh: "配合 --database：只进行试验，由另一进程运行胜者",
    },
    "--ray <url>": {
      en: "with --database: run the trials as jobs of this Ray cluster, such as http://head:8265",
      zh: "配合 --database：将试验作为此 Ray 集群的作业运行，如 http://head:8265",
    },
    "--slurm": {
      en: "with --database: run the trials as jobs of this machine's Slurm cluster",
      zh: "配合 --database：将试验作为本机所属 Slurm 集群的作业运行",
    },
    "--sbatch <option...>": {
      en: "with --slurm: options of sbatch without dashes, such as partition=main time=2:00:00",
      zh: "配合 --slurm：sbatch 的选项，不带短横线，如 partition=main time=2:00:00",
    },
    "--kubernetes <folder>": {
      en: "with --database: write files of a Kubernetes Job of workers into a new folder, and run nothing",
      zh: "配合 --database：在新文件夹中写出由工作进程组成的 Kubernetes Job 的文件，不运行任何内容",
    },
    "--workers <n>": numeric({
      en: "with a cluster: jobs at the same time (default: 2)",
      zh: "配合集群：同时运行的作业数（默认 2）",
    }),
    "--optuna <file>": {
      en: "write the study's trials for Optuna and run nothing: a SQLite file for optuna-dashboard, or its data frame with .csv",
      zh: "将研究的试验写成 Optuna 的格式，不运行任何内容：供 optuna-dashboard 使用的 SQLite 文件，或以 .csv 结尾的数据表",
    },
    "--resume": { en: "go on with the study in the folder", zh: "继续该文件夹中的研究" },
  },
  examples: [
    "concord tune recipe.yaml",
    "concord tune recipe.yaml --trials 40 --for 30m --parallel 2",
    "concord tune recipe.yaml --resume",
    "concord tune recipe.yaml --optuna study.db",
    "concord tune recipe.yaml --database postgres://concord@db/studies --worker",
    "concord tune recipe.yaml --database postgres://concord@db/studies --ray http://head:8265 --workers 4",
    "concord tune recipe.yaml --database postgres://concord@db/studies --slurm --sbatch partition=main --workers 4",
    "concord tune recipe.yaml --database postgres://concord@db/studies --kubernetes workers --workers 4",
  ],
  run: async ({ recipe }, options, context) => (await import("../actions/tune.ts")).tune(recipe, options, context),
});
