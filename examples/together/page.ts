// The study's page with its comparison, in English and in Chinese.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type StudyReportInput, studyReport } from "../../src/report/index.ts";
import { type Answers, compare } from "./compare.ts";

const words = {
  en: {
    alone: (site: string) => `${site} alone`,
    together: "together",
    pooled: "one table (demonstration only)",
    about:
      "All models start from the same one, which has seen public texts only. A site alone and the table of all rows were trained the ordinary way, at a rate chosen on dev rows of another seed, and so was the study. All are scored on the test rows of all sites; intervals redraw patients.",
  },
  zh: {
    alone: (site: string) => `${site}（单独）`,
    together: "联合",
    pooled: "合并数据（仅供演示）",
    about:
      "所有模型都从同一个只见过公开文本的模型开始。单个机构与合并数据按常规方式训练，学习率与联合研究一样，均用另一随机种子的开发集选定。所有模型在全部机构的测试数据上评分，区间按患者重抽样。",
  },
} as const;

/** @returns the paths that were written */
export async function writePages(folder: string, result: string, answers: Answers): Promise<string[]> {
  const read = async (name: string) => JSON.parse(await readFile(join(result, name), "utf8"));
  const [study, metrics] = [await read("together.json"), await read("metrics.json")];
  return await Promise.all(
    (["en", "zh"] as const).map(async (language) => {
      const { alone, together, pooled, about } = words[language];
      const named = { together, pooled };
      const comparison = compare([answers], (arm, site) => (arm === "alone" ? alone(site!) : named[arm]));
      const input: StudyReportInput = {
        ...study, // of the coordinator that ran here
        strategy: study.strategy.name,
        language,
        name: "disease-together",
        made: new Date().toISOString(),
        metrics,
        comparison: { about, ...comparison },
      };
      const path = join(folder, language === "en" ? "report.html" : "report.zh.html");
      await writeFile(path, await studyReport(input));
      return path;
    }),
  );
}
