// The pages of the site in their order, with their titles in both languages. The sidebar and the tests read this list.

export type Language = "en" | "zh";

/** A page: its path below docs/ (Chinese: below docs/zh/), without .md, and its titles. */
interface Page {
  readonly path: string;
  readonly en: string;
  /** Absent: the page is for developers and in English only. */
  readonly zh?: string;
}

interface Section {
  readonly en: string;
  readonly zh: string;
  readonly pages: readonly Page[];
}

export const sections: readonly Section[] = [
  {
    en: "Start",
    zh: "入门",
    pages: [{ path: "install", en: "Install", zh: "安装" }],
  },
  {
    en: "Tutorials",
    zh: "教程",
    pages: [
      { path: "tutorials/your-own-table", en: "Your own table in ten minutes", zh: "十分钟：从您的表格到模型" },
      { path: "tutorials/sign-a-release", en: "Sign a release", zh: "签署一次发布" },
      { path: "tutorials/a-page-that-answers", en: "A page that answers", zh: "会回答的网页" },
      { path: "tutorials/three-organisations", en: "Three organisations", zh: "三个机构" },
    ],
  },
  {
    en: "How to",
    zh: "操作指南",
    pages: [
      { path: "how-to/get-a-model", en: "Get a pretrained model", zh: "获取预训练模型" },
      { path: "how-to/excel-and-encodings", en: "Read Excel files and other encodings", zh: "读取 Excel 与各种编码" },
      { path: "how-to/import-labels", en: "Import labels", zh: "导入标注" },
      { path: "how-to/resume", en: "Resume an interrupted run", zh: "恢复中断的运行" },
      { path: "early-stopping", en: "Stop training early", zh: "提前停止训练" },
      { path: "how-to/train-with-pytorch", en: "Train with PyTorch", zh: "用 PyTorch 训练" },
      { path: "how-to/adapters", en: "Train an adapter", zh: "训练适配器" },
      { path: "how-to/tune-settings", en: "Find good settings", zh: "寻找好的设置" },
      { path: "how-to/compare-runs", en: "Compare runs", zh: "比较运行" },
      { path: "how-to/private-training", en: "Train with differential privacy", zh: "差分隐私训练" },
      { path: "training", en: "Narrow gaps between groups", zh: "缩小群体差距" },
      { path: "audits", en: "Audit another system", zh: "审计其他系统" },
      { path: "how-to/write-a-policy", en: "Write a policy", zh: "编写发布策略" },
      { path: "releases", en: "Release and verify", zh: "发布与验证" },
      { path: "how-to/serve", en: "Serve a model", zh: "提供模型服务" },
      { path: "together", en: "Train with other organisations", zh: "与其他机构共同训练" },
      { path: "pretraining", en: "Pretrain on your own texts", zh: "用自己的文本预训练" },
      { path: "how-to/search-by-meaning", en: "Search by meaning", zh: "按语义检索" },
      { path: "how-to/answer-questions", en: "Answer questions from texts", zh: "从文本中回答问题" },
      { path: "how-to/choose-answers", en: "Choose among answers", zh: "在多个答案中选择" },
      { path: "how-to/several-tasks", en: "Learn several tasks at once", zh: "同时学习多个任务" },
      { path: "how-to/generate-text", en: "Train a model that writes", zh: "训练生成文本的模型" },
      { path: "how-to/preferences", en: "Learn from preferences and rewards", zh: "从偏好与奖励学习" },
      { path: "how-to/bandits", en: "Choose an action by context", zh: "按上下文选择动作" },
      { path: "images", en: "Images", zh: "图像" },
      { path: "forecasts", en: "Forecast series", zh: "预测时间序列" },
      { path: "how-to/compress-a-model", en: "Compress a model", zh: "压缩模型" },
      { path: "how-to/watch-a-model", en: "Watch a served model", zh: "监测已提供的模型" },
      { path: "how-to/deploy-a-release", en: "Deploy a release", zh: "部署发布" },
      { path: "how-to/publish-in-a-page", en: "Publish a model in a page", zh: "在网页中发布模型" },
      { path: "library", en: "Use the library", zh: "使用程序库" },
    ],
  },
  {
    en: "Concepts",
    zh: "概念",
    pages: [
      { path: "concepts/splits", en: "Splits", zh: "划分" },
      { path: "concepts/intervals", en: "Confidence intervals", zh: "置信区间" },
      { path: "concepts/gaps", en: "Gaps between groups", zh: "群体差距" },
      { path: "concepts/calibration", en: "Calibration", zh: "校准" },
      { path: "concepts/passport", en: "The passport", zh: "模型档案" },
      { path: "concepts/epsilon", en: "Differential privacy and ε", zh: "差分隐私与 ε" },
      { path: "concepts/secret-sums", en: "Secret sums", zh: "秘密求和" },
      { path: "counterfactual", en: "Counterfactual tests", zh: "反事实检验" },
    ],
  },
  {
    en: "Reference",
    zh: "参考",
    pages: [
      { path: "recipes", en: "Recipes by example", zh: "配方示例" },
      { path: "reference/recipe", en: "Recipe keys", zh: "配方的键" },
      { path: "reference/policy", en: "Policy keys and gate values", zh: "发布策略与门槛数值" },
      { path: "commands", en: "Commands", zh: "命令" },
      { path: "tables", en: "Tables", zh: "数据表" },
      { path: "models", en: "Model folders", zh: "模型文件夹" },
      { path: "errors", en: "Errors", zh: "错误" },
      { path: "glossary", en: "Glossary", zh: "术语表" },
    ],
  },
  {
    en: "More",
    zh: "更多",
    pages: [
      { path: "faq", en: "Questions and answers", zh: "常见问题" },
      { path: "coming-from", en: "Coming from other tools", zh: "从其他工具转来" },
      { path: "limits", en: "Limits", zh: "局限" },
    ],
  },
  {
    en: "Development",
    zh: "开发（英文）",
    pages: [
      { path: "architecture", en: "Architecture" },
      { path: "rounds", en: "Rounds: the protocol" },
      { path: "development/log", en: "Log of measurements" },
    ],
  },
];

/** Pages that users read: each has a Chinese twin. */
export const userPages: readonly Page[] = [
  { path: "index", en: "Concord", zh: "Concord 合作" },
  ...sections.flatMap(({ pages }) => pages.filter(({ zh }) => zh !== undefined)),
];

/** The address of a page in the sidebar of a language. Pages without a Chinese twin are the English ones. */
export const linkOf = ({ path, zh }: Page, language: Language): string =>
  language === "zh" && zh !== undefined ? `/zh/${path}` : `/${path}`;
