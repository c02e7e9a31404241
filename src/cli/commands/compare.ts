// concord compare: finished runs beside each other.
import { defineCommand } from "../command.ts";

export const compare = defineCommand({
  name: "compare",
  about: { en: "compare runs on the same test rows", zh: "在相同的测试数据上比较多次运行" },
  arguments: {
    "<run...>": {
      en: "run folders, two or more; differences are from the first",
      zh: "运行文件夹，至少两个；差异相对于第一个",
    },
  },
  options: {
    "--out <file>": {
      en: "also write the comparison as a page, such as compare.html",
      zh: "同时写成网页，如 compare.html",
    },
  },
  examples: ["concord compare runs/small runs/large", "concord compare runs/small runs/large --out compare.html"],
  run: async ({ run: folders }, options, context) =>
    (await import("../actions/compare.ts")).compare(folders, options, context),
});
