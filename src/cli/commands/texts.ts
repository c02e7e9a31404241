// Help that several commands share.

export const recipeFile = { en: "recipe file (default: recipe.yaml)", zh: "配方文件（默认 recipe.yaml）" } as const;
export const setKey = {
  en: "override a key of the recipe (null: take it away)",
  zh: "覆盖配方中的某个键（null 表示去掉）",
} as const;
export const noStore = {
  en: "take no result from other runs beside this one, and give none",
  zh: "不取用也不提供同一工作区其他运行的结果",
} as const;
export const runFolder = { en: "run folder", zh: "运行文件夹" } as const;
export const runOrModel = { en: "run folder, or a model folder", zh: "运行文件夹或模型文件夹" } as const;
export const encoding = {
  en: "character encoding of the table (default: found from its bytes)",
  zh: "表格的字符编码（默认由内容判断）",
} as const;
export const sheet = {
  en: "sheet of an Excel workbook (default: the only one that holds something)",
  zh: "Excel 工作簿中的工作表（默认为唯一有内容的工作表）",
} as const;
export const delimiter = {
  en: "sign between the fields of a CSV table (default: found from its header)",
  zh: "CSV 表格字段之间的分隔符（默认由表头判断）",
} as const;
export const groupOfTexts = {
  en: "the texts' group, for models with thresholds by group",
  zh: "文本所属的分组，用于按分组设阈值的模型",
} as const;
export const device = {
  en: "where to compute: cpu or gpu (default: cpu)",
  zh: "计算设备：cpu 或 gpu（默认 cpu）",
} as const;
export const decimal = {
  en: "mark that begins a fraction in the table's numbers, . or , (then 1.234,5 is read too; default: a point, and nothing between thousands)",
  zh: "表中数值的小数点符号，. 或 ,（此时也可读取 1.234,5；默认为点，千位之间无分隔）",
} as const;
export const policyFile = { en: "policy file", zh: "策略文件" } as const;
export const signingKey = {
  en: "private key that signs (may be given several times)",
  zh: "用于签名的私钥（可多次给出）",
} as const;
export const enrolmentFolder = { en: "folder of the enrolment", zh: "注册所在文件夹" } as const;
export const siteValues = { en: "agree to show your own test values", zh: "同意公开本机构的测试数值" } as const;
export const coordinatorFolder = { en: "folder of the coordinator", zh: "协调方的文件夹" } as const;
export const folderOfRuns = { en: "folder of runs (default runs)", zh: "存放运行的文件夹（默认 runs）" } as const;
